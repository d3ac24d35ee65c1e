"""The random seed is set anew at every step.

## What it finds
`torch.manual_seed` with one and the same number, at one line, at every watched step.

## Why it matters
Each step then draws the same numbers: the same dropout mask, the same noise, the same augmentation. What was to differ from step
to step is a constant that the network learns to rely on.

## Example
    for x, y in loader:
        torch.manual_seed(0)
        loss = criterion(net(x), y)

## Use instead
    torch.manual_seed(0)         # once, before the network is made

## When it is fine
Where the same numbers are wanted at every step; a `torch.Generator` of its own says so and leaves the others alone.

## References
- https://docs.pytorch.org/docs/stable/notes/randomness.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding
from nnwhy.facts.place import Place

_FEWEST = 3


@training_check(
    name="seed-in-loop",
    severity="warning",
    summary="The random seed is set anew at every step.",
    title="the seed {seed} is set at {count} of {steps} steps",
)
def seed_in_loop(watched: Watched) -> Iterator[Finding]:
    steps = len(watched.session.steps)
    seen: dict[tuple[Place, int], set[int]] = {}
    for act in watched.acts("seed"):
        if act.place is not None:
            seen.setdefault((act.place, act.number), set()).add(act.step)
    for (place, seed), at in seen.items():
        if len(at) >= max(_FEWEST, steps):
            yield Finding(
                "seed-in-loop", "warning", place, {"seed": seed, "count": len(at), "steps": steps},
                because=("Dropout, noise and whatever else is drawn are the same numbers each time.",),
                fixes=(advice("set it once, before the loop"),),
            )  # fmt: skip
