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
from nnwhy.checks.basis.endings import behind, ending
from nnwhy.checks.basis.loss_flow import AppliedLoss, chosen_call, kind_of, loss_of_network
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.scored import scored
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
    loss, paths = loss_of_network(subject), ending(subject)
    given = [
        (applied, tensor) for applied, tensor in scored(subject) if applied.kind == "binary_cross_entropy"
    ]
    if len(paths) > 1 and len(given) == 1:
        loss, paths = given[0][0], [path] if (path := behind(subject, given[0][1])) else []
    if (
        loss is None
        or kind_of(loss) != "binary_cross_entropy"
        or len(paths) != 1
        or paths[0][0].name not in _RAW
    ):
        return
    if isinstance(loss, AppliedLoss):
        if loss.steps or (loss.maker != "network" and not given):
            return
    elif _elsewhere(subject):
        return
    call = chosen_call(loss)
    name = call.function.rpartition(".")[2]
    other = {"BCELoss": "BCEWithLogitsLoss", "binary_cross_entropy": "binary_cross_entropy_with_logits"}.get(
        name, ""
    )
    outer = subject.user_call(paths[0][0]).place
    edits = [Edit(call.callee, call.function.removesuffix(name) + other)] if other else []
    yield Finding(
        check="sigmoid-missing",
        severity="warning",
        place=call.place,
        values={"loss": name, "last": paths[0][0].name},
        expected="numbers between 0 and 1",
        actual="raw scores",
        because=("BCEWithLogitsLoss applies the sigmoid itself; or end the network with torch.sigmoid",),
        fixes=(labelled(subject, edits, means="applies the sigmoid itself"),) if edits else (),
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
        import torch
        from torch import nn

        net = nn.Linear(4, 1)
        bce = nn.BCELoss()

        def step(x, y):
            p = torch.sigmoid(net(x))
            return bce(p, y)
        """,
        "5,4",
        entry="net",
    ),
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
