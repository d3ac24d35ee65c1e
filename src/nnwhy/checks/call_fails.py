"""A call fails, and no other check says why.

## What it finds
A failed call, or an exception in the user's own code, that none of the other checks explains. It is told with the
exception's own words and the place where it was raised.

## Why it matters
The pass stops there. Nothing that fails is left untold.

## Example
    return x.reshape(self.size)     # where self.size is a string

## Use instead
What the exception asks for.

## When it is fine
Where the network is meant to refuse its input. `# nnwhy: ignore[call-fails]` on the line silences it.

## References
- https://docs.python.org/3/tutorial/errors.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Finding


@check(
    name="call-fails",
    severity="error",
    summary="A call fails for a reason that no other check knows.",
    title="{name} fails: {type}: {message}",
)
def call_fails(subject: Subject) -> Iterator[Finding]:
    if subject.construction is not None:
        built = subject.construction
        yield Finding(
            "call-fails", "error", built.place,
            {"name": built.constructor.rpartition(".")[2] or "building the network", "type": built.type,
             "message": _first_line(built.message)},
        )  # fmt: skip
    if subject.trace is None:
        return
    for failure in subject.trace.failures:
        call = subject.calls[failure.call] if failure.call is not None else None
        place = failure.place
        if call is not None and call.kind == "function" and not subject.owned(place):
            place = subject.user_call(call).place
        yield Finding(
            "call-fails", "error", place,
            {"name": call.name if call else "forward", "type": failure.type, "message": _first_line(failure.message)},
            module=call.module if call else "",
            call=failure.call,
        )  # fmt: skip


def _first_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[0] if lines else "no message"


good = (
    Good(
        """
        from torch import nn

        net = nn.Linear(4, 2)
        """,
        "3,4",
        entry="net",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.table = {"a": 1}

            def forward(self, x):
                return x * self.table["b"]
        """,
        "3,4",
        at='self.table["b"]',
    ),
)
