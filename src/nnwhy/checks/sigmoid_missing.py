"""A loss for probabilities gets raw scores.

## What it finds
`BCELoss` (or `F.binary_cross_entropy`) beside a network that ends in a linear layer or convolution.

## Why it matters
It takes the logarithm of its input, which must lie between 0 and 1: a raw score outside raises an error, or gives a loss
without meaning.

## Example
    return self.fc(x)                           # and nn.BCELoss()

## Use instead
`nn.BCEWithLogitsLoss()`, which applies the sigmoid itself and is stable, or `torch.sigmoid` at the end.

## When it is fine
Where the sigmoid stands elsewhere, between the network and the loss. `# nnwhy: ignore[sigmoid-missing]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.BCELoss.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import labelled
from nnwhy.checks.basis.endings import ending, losses, only_kind
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding

_RAW = ("linear", "conv1d", "conv2d", "conv3d")


@check(
    name="sigmoid-missing",
    severity="warning",
    summary="A loss for probabilities gets raw scores.",
    title="{loss} wants probabilities, and the network ends in {last}",
)
def sigmoid_missing(subject: Subject) -> Iterator[Finding]:
    if only_kind(subject) != "binary_cross_entropy":
        return
    paths = ending(subject)
    if len(paths) != 1 or paths[0][0].name not in _RAW or _elsewhere(subject):
        return
    for loss in losses(subject)[:1]:
        name = loss.call.function.rpartition(".")[2]
        other = {"BCELoss": "BCEWithLogitsLoss", "binary_cross_entropy": "binary_cross_entropy_with_logits"}[name]
        text = loss.call.function.removesuffix(name) + other
        outer = subject.user_call(paths[0][0]).place
        yield Finding(
            check="sigmoid-missing",
            severity="warning",
            place=loss.call.place,
            values={"loss": name, "last": paths[0][0].name},
            expected="numbers between 0 and 1",
            actual="raw scores",
            because=(f"{other} applies the sigmoid itself; or end the network with torch.sigmoid",),
            fixes=(labelled(subject, [Edit(loss.call.callee, text)], means="applies the sigmoid itself"),),
            also=(outer,) if outer else (),
        )


def _elsewhere(subject: Subject) -> bool:
    return any(
        call.function.rpartition(".")[2] in ("sigmoid", "Sigmoid", "softmax", "clamp", "sigmoid_")
        for source in subject.sources.values()
        for call in source.calls
    )


good = (
    Good(
        """
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 1), nn.Sigmoid())
        criterion = nn.BCELoss()
        """,
        "5,4",
        entry="net",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 1))
        criterion = nn.BCELoss()
        """,
        "5,4",
        at="nn.BCELoss()",
        fixed="criterion = nn.BCEWithLogitsLoss()",
        entry="net",
    ),
)
