"""A skip connection adds nothing of what came before.

## What it finds
`x += x` (or `x = x + x`), where the input that was meant has been overwritten; and a name such as `identity` or `residual` that gets
the block's input and is never read.

## Why it matters
A tensor added to itself is twice itself: the block has no skip connection, and its output only grows. Where the input is kept and
never added, it has none either. Nothing fails; a deep network just does not train as it should.

## Example
    x = self.bn2(self.conv2(x))
    x += x

## Use instead
    identity = x
    x = self.bn2(self.conv2(x))
    x += identity

## When it is fine
Where twice the value is meant: `2 * x` says so. `# nnwhy: ignore[residual-lost]` silences it.

## References
- https://arxiv.org/abs/1512.03385
- https://github.com/werner-duvaud/muzero-general/issues/89
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nnwhy.checks.basis.definitions import function_at
from nnwhy.checks.basis.editing import after, contains, labelled
from nnwhy.checks.basis.operands import operands
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceAssignment, SourceFacts, SourceFunction

_KEPT = re.compile(
    r"(residual|identity|shortcut|skip|res)(_?(x|input|in|connection|0))?|x_?(res|skip|id|identity|residual)|x0"
)


@check(
    name="residual-lost",
    severity="warning",
    summary="A skip connection adds nothing of what came before.",
    title="{what}",
)
def residual_lost(subject: Subject) -> Iterator[Finding]:
    yield from _doubled(subject)
    yield from _kept_unread(subject)


def _doubled(subject: Subject) -> Iterator[Finding]:
    told: set[Place] = set()
    for call in subject.calls:
        place = call.place
        if call.name not in ("add", "iadd") or call.kind != "function" or place is None or place in told:
            continue
        if not subject.owned(place) or len(call.inputs) < 1 or len(set(call.inputs)) != 1:
            continue
        parts = operands(subject, call)
        names = [subject.text(part) for part in parts]
        source = subject.sources[place.path]
        function = function_at(source, place)
        if len(names) != 2 or names[0] != names[1] or not names[0].isidentifier() or function is None:
            continue
        if not _overwritten(source, function, names[0], place):
            continue
        told.add(place)
        yield Finding(
            check="residual-lost",
            severity="warning",
            place=place,
            values={
                "what": f"{names[0]} is added to itself: that is twice {names[0]}, not a skip connection"
            },
            expected="the input of the block",
            actual=names[0],
            fixes=tuple(_kept(subject, source, function, names[0], parts[1])),
        )


def _overwritten(source: SourceFacts, function: SourceFunction, name: str, place: Place) -> bool:
    """Whether the name got the result of something in this function before."""
    return any(
        a.scope == function.name and _gets(a, name) and a.place.end_line <= place.line and not contains(a.value, place)
        for a in source.assignments
    )  # fmt: skip


def _gets(assignment: SourceAssignment, name: str) -> bool:
    return assignment.form != "for" and re.search(rf"\b{re.escape(name)}\b", assignment.target) is not None


def _kept(
    subject: Subject, source: SourceFacts, function: SourceFunction, name: str, operand: Place
) -> Iterator[Fix]:
    """The value that the block began with, kept under a name of its own: at the start of the function, or of the loop around."""
    parameters = [p.name for p in function.parameters if p.name != "self"]
    taken = {use.text for use in source.uses if use.scope == function.name}
    kept = next((new for new in ("identity", "residual", "skip") if new not in taken), "block_input")
    loop = max(
        (a.place for a in source.assignments if a.form == "for" and a.scope == function.name and contains(a.place, operand)),
        key=lambda p: p.line,
        default=None,
    )  # fmt: skip
    begin = _body(source, loop) if loop is not None else function.first
    begun = name if loop is not None or name in parameters else next(iter(parameters), "")
    if begin is None or not begun:
        return
    if begun != name and not any(a.scope == function.name and _gets(a, begun) for a in source.assignments):
        yield labelled(subject, [Edit(operand, begun)], means="adds the block's input", safe=False)
        return
    indent = source.line(begin.line)[: begin.column - 1]
    start = Place(begin.path, begin.line, 1, begin.line, 1)
    edits = [Edit(operand, kept), Edit(start, f"{indent}{kept} = {begun}\n")]
    yield labelled(
        subject, edits, means="adds the block's input", safe=False, label=f"{kept} = {begun}; … + {kept}"
    )


def _body(source: SourceFacts, loop: Place) -> Place | None:
    try:
        tree = ast.parse(source.text)
    except (SyntaxError, ValueError):
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.For) and node.lineno == loop.line and node.body:
            first = node.body[0]
            return Place(loop.path, first.lineno, first.col_offset + 1, first.lineno, first.col_offset + 1)
    return None


def _kept_unread(subject: Subject) -> Iterator[Finding]:
    """`identity = x`, where nothing reads `identity`."""
    ran = {place.function for call in subject.calls if (place := call.place) is not None}
    for source in subject.sources.values():
        for a in source.assignments:
            if (
                a.form != "Name"
                or not _KEPT.fullmatch(a.target)
                or not a.scope.endswith(".forward")
                or a.scope not in ran
            ):
                continue
            function = next((f for f in source.functions if f.name == a.scope), None)
            if function is None or a.text not in [p.name for p in function.parameters]:
                continue
            if any(use.text == a.target and use.scope.startswith(a.scope) for use in source.uses):
                continue
            if any(other.target == a.target and other.form == "augmented" for other in source.assignments):
                continue
            yield Finding(
                check="residual-lost",
                severity="warning",
                place=a.place,
                values={"what": f"{a.target} keeps the block's input, and nothing adds it"},
                fixes=tuple(_added(subject, source, function, a.target)),
            )


def _added(subject: Subject, source: SourceFacts, function: SourceFunction, kept: str) -> Iterator[Fix]:
    """The input added to what the function returns: before a last activation, else at the very end."""
    if len(function.returns) != 1:
        return
    place = function.returns[0]
    call = subject.source_call(place)
    inner = (
        next((arg.place for arg in call.arguments if not arg.name and arg.text.isidentifier()), None)
        if call
        else None
    )
    where = inner if inner is not None else place
    if source.at(where).isidentifier():
        yield labelled(
            subject, [Edit(after(where), f" + {kept}")], means="adds the block's input", safe=False
        )


good = (
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.one = nn.Linear(4, 4)
                self.two = nn.Linear(4, 4)

            def forward(self, x):
                identity = x
                x = self.two(self.one(x).relu())
                x += identity
                return x + x.mean(1, keepdim=True)
        """,
        "3,4",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.one = nn.Linear(4, 4)
                self.two = nn.Linear(4, 4)

            def forward(self, x):
                x = self.one(x).relu()
                x = self.two(x)
                x += x
                return x.relu()
        """,
        "3,4",
        at="x += x",
        fixed="x += identity",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.layers = nn.ModuleList([nn.Linear(4, 4) for _ in range(2)])

            def forward(self, x):
                for layer in self.layers:
                    x = layer(x).tanh()
                    x = x + x
                return x
        """,
        "3,4",
        at="x + x",
        fixed="x = x + identity",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.one = nn.Linear(4, 4)
                self.two = nn.Linear(4, 4)
                self.act = nn.ReLU()

            def forward(self, x):
                residual = x
                out = self.act(self.one(x))
                out = self.two(out)
                return self.act(out)
        """,
        "3,4",
        at="t)",
        nth=1,
        fixed="return self.act(out + residual)",
    ),
)
