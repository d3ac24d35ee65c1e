"""A statement looks as if it changed a tensor, and does not.

## What it finds
A line that is nothing but `x.clamp(0, 1)`, `fake.detach()`, `F.normalize(x)` or another call that gives a new tensor and changes none.

## Why it matters
Most of torch's functions leave their input as it is. The weights that were to be clipped, the generator that was to be cut off, the
scores that were to be squashed stay what they were, and nothing is said.

## Example
    for p in critic.parameters():
        p.data.clamp(-0.01, 0.01)

## Use instead
    for p in critic.parameters():
        p.data.clamp_(-0.01, 0.01)

`x = x.clamp(…)` where the tensor belongs to a graph.

## When it is fine
Where a call is only timed. `# nnwhy: ignore[tensor-unchanged]` silences it.

## References
- https://docs.pytorch.org/docs/stable/tensors.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.source import SourceCall, SourceFacts

_IN_PLACE = frozenset({
    "clamp", "unsqueeze", "squeeze", "sigmoid", "masked_fill", "clamp_min", "clamp_max", "index_fill", "tanh", "relu", "detach",
})  # fmt: skip
_METHODS = _IN_PLACE | {"softmax", "log_softmax", "reshape", "permute", "transpose", "contiguous"}
_FUNCTIONS = _METHODS | {"normalize", "leaky_relu", "gelu", "flatten"}
_STEPS = frozenset({"relu", "leaky_relu", "gelu", "tanh", "sigmoid", "softmax", "log_softmax", "normalize"})
"""As a step of forward these are told by `result-dropped`."""


@check(
    name="tensor-unchanged",
    severity="warning",
    summary="A statement looks as if it changed a tensor, and does not.",
    title="{function} gives a new tensor, which is dropped; {subject} stays as it is",
)
def tensor_unchanged(subject: Subject) -> Iterator[Finding]:
    for source in subject.sources.values():
        if not source.path.endswith(".py"):
            continue
        for call in source.calls:
            name = call.function.rpartition(".")[2]
            changed = _changed(source, call, name) if call.within == "Expr" else ""
            if not changed:
                continue
            yield Finding(
                check="tensor-unchanged",
                severity="warning",
                place=call.place,
                values={"function": name, "subject": changed},
                because=(f"{name} leaves its input as it is.",),
                fixes=tuple(_fixes(source, call, name, changed)),
            )


def _changed(source: SourceFacts, call: SourceCall, name: str) -> str:
    """What the line looks as if it changed; "" where it does not."""
    if any(argument.name in ("inplace", "out") for argument in call.arguments):
        return ""
    if name in _STEPS and call.scope.endswith(".forward"):
        return ""
    function = call.resolved.startswith("torch.")
    if not function:
        return source.at(call.receiver) if call.receiver is not None and name in _METHODS else ""
    if name not in _FUNCTIONS or not call.arguments or call.arguments[0].name:
        return ""
    text = call.arguments[0].text
    later = any(
        use.text == text and use.scope == call.scope and use.place.line > call.place.end_line
        for use in source.uses
    )
    return text if later or text.endswith(".data") else ""


def _fixes(source: SourceFacts, call: SourceCall, name: str, changed: str) -> Iterator[Fix]:
    whole = source.at(call.place)
    if changed.isidentifier():
        new = f"{changed} = {whole}"
        yield Fix(new, (Edit(call.place, new),), "keeps the result")
    elif name in _IN_PLACE:
        new = f"{call.function}_{whole[len(call.function) :]}"
        yield Fix(new, (Edit(call.place, new),), "changes the tensor itself")


good = (
    Good(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 3)

            def forward(self, x):
                with torch.no_grad():
                    self.fc.weight.clamp_(-1, 1)
                x = x.clamp(0, 1)
                return self.fc(x)
        """,
        "5,4",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 3)

            def forward(self, x):
                x.clamp(0, 1)
                return self.fc(x)
        """,
        "5,4",
        at="x.clamp(0, 1)",
        fixed="x = x.clamp(0, 1)",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 3)

            def forward(self, x):
                self.fc.weight.data.clamp(-1, 1)
                return self.fc(x)
        """,
        "5,4",
        at="self.fc.weight.data.clamp(-1, 1)",
        fixed="self.fc.weight.data.clamp_(-1, 1)",
    ),
)
