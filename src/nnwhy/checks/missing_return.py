"""A forward gives nothing back.

## What it finds
A module whose `forward` has no `return`, and whose result is used.

## Why it matters
A function without `return` gives None. The crash comes in the next call, which wants a tensor.

## Example
    def forward(self, x):
        x = self.fc(x)

## Use instead
    def forward(self, x):
        x = self.fc(x)
        return x

## When it is fine
Where only a side effect is wanted. `# nnwhy: ignore[missing-return]` silences it.

## References
- https://docs.python.org/3/tutorial/controlflow.html#defining-functions
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import new_statement
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Finding, Fix
from nnwhy.facts.source import SourceFunction
from nnwhy.facts.trace import Call


@check(
    name="missing-return",
    severity="error",
    summary="A forward gives nothing back.",
    title="forward of {cls} has no return: it gives None",
)
def missing_return(subject: Subject) -> Iterator[Finding]:
    told: set[str] = set()
    for call in subject.calls:
        module = subject.modules.get(call.module)
        if (
            call.kind != "module"
            or call.result is not None
            or call.failure is not None
            or module is None
            or module.type in told
        ):
            continue
        function = next(
            (
                f
                for name, f in subject.functions.items()
                if name.rpartition(".")[0].rpartition(".")[2] == module.type and name.endswith(".forward")
            ),
            None,
        )
        if function is None or function.returns:
            continue
        user = _user(subject, call)
        if user is None and call.parent is not None:
            continue
        told.add(module.type)
        yield Finding(
            check="missing-return",
            severity="error",
            place=function.last,
            values={"cls": module.type},
            fixes=tuple(_fixes(subject, function)),
            also=(call.place,) if call.place else (),
            module=module.path,
            call=user.id if user is not None else None,
        )


def _user(subject: Subject, call: Call) -> Call | None:
    """The failed call that was handed the nothing."""
    for failed, _ in subject.failed():
        if failed.id > call.id and any(value is None for value in list(failed.arguments.values())[:1]):
            return failed
    return None


def _fixes(subject: Subject, function: SourceFunction) -> Iterator[Fix]:
    source = subject.sources[function.place.path]
    last = next(
        (
            a
            for a in source.assignments
            if (a.place.line, a.place.column) == (function.last.line, function.last.column)
            and a.target.isidentifier()
        ),
        None,
    )
    if last is not None:
        edit = new_statement(source, function, f"return {last.target}")
        yield Fix(f"return {last.target} at the end", (edit,), "gives back what was computed last")


good = (
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 2)

            def forward(self, x):
                return self.fc(x)
        """,
        "3,4",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        class Block(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 4)

            def forward(self, x):
                x = self.fc(x)

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.block = Block()
                self.out = nn.Linear(4, 2)

            def forward(self, x):
                return self.out(self.block(x))
        """,
        "3,4",
        at="x = self.fc(x)",
        fixed="return x",
    ),
)
