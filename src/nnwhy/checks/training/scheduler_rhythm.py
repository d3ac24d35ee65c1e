"""The scheduler steps in another rhythm than its settings are meant for, or not at all.

## What it finds
A scheduler that steps with every batch while its settings count epochs: a cosine whose whole way down is shorter than one epoch, a
decay that makes the learning rate a thousand times smaller within one. And a scheduler that is made and never used again.

## Why it matters
`CosineAnnealingLR(optimizer, T_max=5)` that steps with each of 100 batches goes down and up again ten times an epoch. `StepLR` with
`step_size=10` ends training after a few hundred batches. A scheduler that never steps does nothing.

## Example
    scheduler = CosineAnnealingLR(optimizer, T_max=epochs)
    for epoch in range(epochs):
        for x, y in loader:
            ...
            scheduler.step()

## Use instead
Step once an epoch, or count batches: `T_max=epochs * len(loader)`.

## When it is fine
Where a short cycle is meant: `CosineAnnealingWarmRestarts` and `CyclicLR` say so.

## References
- https://docs.pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding
from nnwhy.facts.session import SchedulerSeen

_SMALL = 1e-3


@training_check(
    name="scheduler-rhythm",
    severity="warning",
    summary="The scheduler steps with every batch though its settings count epochs, or never.",
    title="{scheduler} steps with every batch, {batches} times an epoch: {effect}",
)
def scheduler_rhythm(watched: Watched) -> Iterator[Finding]:
    yield from _never(watched)
    batches = max(
        (_batches(watched, loader.id) for loader in watched.session.loaders if loader.trained), default=0
    )
    steps = len(watched.session.steps)
    for scheduler in watched.session.schedulers:
        if batches < 2 or scheduler.steps < 2 or scheduler.steps < steps - 1:
            continue
        effect = _effect(scheduler, batches)
        if effect:
            way = (
                f"T_max=epochs * {batches}"
                if scheduler.type == "CosineAnnealingLR"
                else "settings that count batches"
            )
            yield Finding(
                "scheduler-rhythm", "warning", scheduler.stepped,
                {"scheduler": scheduler.type, "batches": batches, "effect": effect},
                because=("Its settings count the calls of step().",),
                fixes=(advice("scheduler.step() once an epoch, behind the loop over the batches"), advice(way)),
                also=(scheduler.place,) if scheduler.place else (),
            )  # fmt: skip


def _effect(scheduler: SchedulerSeen, batches: int) -> str:
    """What becomes of the learning rate within one epoch, "" where that may be meant."""
    settings = scheduler.settings
    gamma, way = settings.get("gamma", 1.0), settings.get("T_max", 0.0)
    if scheduler.type == "CosineAnnealingLR" and 0 < way < batches:
        return f"T_max={way:g} is over after {way:g} batches, and the learning rate rises again"
    times = {
        "ExponentialLR": float(batches),
        "StepLR": batches // max(settings.get("step_size", 1.0), 1.0),
    }.get(scheduler.type)
    if times is None or gamma <= 0:
        return ""
    left = gamma**times
    return f"after one it is {1 / max(left, 1e-99):,.3g} times smaller" if left <= _SMALL else ""


def _batches(watched: Watched, number: int) -> int:
    """How many batches a pass over a loader has; 0 where that is not known."""
    loader = next(one for one in watched.session.loaders if one.id == number)
    if loader.length is None or not loader.batch or loader.iterable:
        return 0
    return loader.length // loader.batch if loader.drop_last else -(-loader.length // loader.batch)


def _never(watched: Watched) -> Iterator[Finding]:
    """A scheduler that is kept under a name which nothing reads."""
    if not watched.session.steps:
        return
    for scheduler in watched.session.schedulers:
        source = watched.sources.get(scheduler.place.path) if scheduler.place else None
        if source is None or scheduler.steps:
            continue
        held = [
            one for one in source.assignments if one.value == scheduler.place and one.target.isidentifier()
        ]
        if len(held) != 1 or any(use.text == held[0].target for use in source.uses):
            continue
        if held[0].scope == "" and any(call.function in ("globals", "exec", "eval") for call in source.calls):
            continue
        name = held[0].target
        yield Finding(
            "scheduler-rhythm", "warning", scheduler.place, {"scheduler": scheduler.type, "name": name},
            because=(f"Nothing in the file reads {name}, so the learning rate stays as it is.",),
            fixes=(advice(f"{name}.step() once an epoch"),),
            title="{scheduler} is made and never steps",
        )  # fmt: skip
