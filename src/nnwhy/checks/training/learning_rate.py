"""A learning rate that is far from what this optimizer works with.

## What it finds
Adam and its kin with a learning rate of 0.05 or more.

## Why it matters
Adam moves every weight by about its learning rate at each step, whatever the gradient: with 0.1 a weight of 0.05 is gone after one step.

## Example
    torch.optim.Adam(net.parameters(), lr=0.1)

## Use instead
    torch.optim.Adam(net.parameters(), lr=1e-3)

## When it is fine
For few parameters that are large themselves (fitting a curve): networks with less than 100 parameters are left alone.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding

_ADAMS = frozenset({"Adam", "AdamW", "NAdam", "RAdam", "Adamax", "Lion"})


@training_check(
    name="learning-rate",
    severity="warning",
    summary="A learning rate that is too large for Adam.",
    title="{optimizer} with a learning rate of {rate}",
)
def learning_rate(watched: Watched) -> Iterator[Finding]:
    stepped = {step.optimizer for step in watched.session.steps}
    large = any(network.trainable >= 100 for network in watched.session.networks)
    for optimizer in watched.session.optimizers:
        if (
            optimizer.type in _ADAMS
            and optimizer.rate is not None
            and optimizer.rate >= 0.05
            and large
            and optimizer.id in stepped
        ):
            yield Finding(
                "learning-rate", "warning", optimizer.place, {"optimizer": optimizer.type, "rate": f"{optimizer.rate:g}"},
                because=(f"{optimizer.type} moves every weight by about the learning rate at each step, whatever the gradient.",),
                fixes=(advice("lr=1e-3"),),
            )  # fmt: skip
