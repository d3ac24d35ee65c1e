"""A new optimizer is made for every step.

## What it finds
Several optimizers made by the same line, each of which takes one step.

## Why it matters
Momentum and Adam's averages begin at zero every time: what the optimizer learns about the gradients is thrown away.

## Example
    for x, y in loader:
        optimizer = torch.optim.Adam(net.parameters())

## Use instead
Make it once, before the loop.

## When it is fine
For plain SGD without momentum nothing is lost.

## References
- https://docs.pytorch.org/docs/stable/optim.html
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding


@training_check(
    name="optimizer-made-anew",
    severity="warning",
    summary="A new optimizer is made for every step.",
    title="{count} optimizers were made by this line, for {steps} steps",
)
def optimizer_made_anew(watched: Watched) -> Iterator[Finding]:
    places = Counter(optimizer.place for optimizer in watched.session.optimizers if optimizer.place)
    for place, count in places.items():
        steps = [
            s
            for s in watched.session.steps
            if (o := watched.optimizer(s.optimizer)) is not None and o.place == place
        ]
        if count < 3 or len(steps) < 2 or len(steps) > count:
            continue
        yield Finding(
            "optimizer-made-anew", "warning", place, {"count": count, "steps": len(steps)},
            because=("Momentum and Adam's averages begin at zero with each of them.",),
            fixes=(advice("make it once, before the loop"),),
        )  # fmt: skip
