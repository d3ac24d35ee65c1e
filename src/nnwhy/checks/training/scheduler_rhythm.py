"""The scheduler steps in another rhythm than its settings are meant for, or not at all.

## What it finds
A scheduler that steps with every batch while its settings count epochs: a cosine whose whole way down is shorter than one epoch, a
decay that makes the learning rate much smaller within one. A scheduler whose settings count batches (`len(loader)`, `steps_per_epoch`)
while no batch of the first steps moves it. And a scheduler that is made and never used again.

## Why it matters
`CosineAnnealingLR(optimizer, T_max=5)` that steps with each of 100 batches goes down and up again ten times an epoch. `StepLR` with
`step_size=10` ends training after a few hundred batches. `OneCycleLR` for 500 batches that steps with each of 5 epochs stays in its
warm-up. A scheduler that never steps does nothing.

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

import re
from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.statements import alone, name_of
from nnwhy.checks.training.basis.watched import Watched, advice, same
from nnwhy.facts.finding import Edit, Finding
from nnwhy.facts.place import Place
from nnwhy.facts.session import SchedulerSeen

_SMALL = {"ExponentialLR": 0.05, "StepLR": 0.1, "MultiStepLR": 0.1}
"""The part of the learning rate that an epoch may leave of it."""
_COUNTS_BATCHES = re.compile(r"\blen\(|step|iter|batch|update", re.IGNORECASE)
_OF_A_LOADER = re.compile(r"\blen\(")


@training_check(
    name="scheduler-rhythm",
    severity="warning",
    summary="The scheduler steps with every batch though its settings count epochs, or never.",
    title="{scheduler} steps with every batch, {batches} times an epoch: {effect}",
)
def scheduler_rhythm(watched: Watched) -> Iterator[Finding]:
    yield from _never(watched)
    each = max((step.backwards for step in watched.session.steps), default=1)
    batches = max(
        (_batches(watched, loader.id) for loader in watched.session.loaders if loader.trained), default=0
    ) // max(each, 1)
    steps = len(watched.session.steps)
    yield from _too_slow(watched, batches)
    for scheduler in watched.session.schedulers:
        if batches < 2 or scheduler.steps < 2 or scheduler.steps < steps - 1:
            continue
        effect = _effect(scheduler, batches)
        if effect and not _counts(watched, scheduler.place, "T_max", _COUNTS_BATCHES):
            way = (
                f"T_max=epochs * {batches}"
                if scheduler.type == "CosineAnnealingLR"
                else "settings that count batches"
            )
            yield Finding(
                "scheduler-rhythm", "warning", scheduler.stepped,
                {"scheduler": scheduler.type, "batches": batches, "effect": effect},
                because=("Its settings count the calls of step().",),
                fixes=(
                    advice("scheduler.step() once an epoch, behind the loop over the batches", _behind_loop(watched, scheduler.stepped)),
                    advice(way),
                ),
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
        "MultiStepLR": settings.get("count", 1.0) if settings.get("milestones", batches) < batches else 0.0,
    }.get(scheduler.type)
    if times is None or gamma <= 0:
        return ""
    left = gamma**times
    small = left <= _SMALL[scheduler.type]
    return f"after one it is {1 / max(left, 1e-99):,.3g} times smaller" if small else ""


def _too_slow(watched: Watched, batches: int) -> Iterator[Finding]:
    """A scheduler whose settings count batches, and that stood still while several went by within an epoch."""
    steps = watched.session.steps
    if len(steps) < 3 or batches <= len(steps):
        return
    for scheduler in watched.session.schedulers:
        source = watched.sources.get(scheduler.place.path) if scheduler.place else None
        if scheduler.steps or source is None or not _for_batches(watched, scheduler):
            continue
        name = name_of(watched, scheduler.place)
        calls = [call for call in source.calls if name and call.function == f"{name}.step"]
        if len(calls) != 1:
            continue
        yield Finding(
            "scheduler-rhythm", "warning", calls[0].place,
            {"scheduler": scheduler.type, "batches": batches, "steps": len(steps)},
            because=(f"Its settings count batches, {batches} an epoch; it did not move in the first {len(steps)}.",),
            fixes=(advice(f"{name}.step() behind each optimizer step", _with_optimizer(watched, calls[0].place, steps[-1].place)),),
            also=(scheduler.place,) if scheduler.place else (),
            title="the settings of {scheduler} count batches, and it does not step with them",
        )  # fmt: skip


def _for_batches(watched: Watched, scheduler: SchedulerSeen) -> bool:
    call = watched.call(scheduler.place)
    if call is None:
        return False
    if any(argument.name == "steps_per_epoch" and argument.text != "1" for argument in call.arguments):
        return True
    name = {"OneCycleLR": "total_steps", "CosineAnnealingLR": "T_max"}.get(scheduler.type, "")
    return bool(name) and _counts(watched, scheduler.place, name, _OF_A_LOADER)


def _counts(watched: Watched, place: Place | None, name: str, pattern: re.Pattern[str]) -> bool:
    """Whether the argument's text, or that of the names in it, shows that it counts batches."""
    call = watched.call(place)
    source = watched.sources.get(place.path) if place else None
    if call is None or source is None:
        return False
    index = {"T_max": 1, "total_steps": 2}[name]
    written = [one for one in call.arguments if one.name == name or (not one.name and one.index == index)]
    texts = [one.text for one in written]
    for _ in range(2):
        names = {word for text in texts for word in re.findall(r"[A-Za-z_][\w.]*", text)}
        texts += [one.text for one in source.assignments if one.target in names and one.text not in texts]
    return any(pattern.search(text) for text in texts)


def _with_optimizer(watched: Watched, place: Place | None, step: Place | None) -> tuple[Edit, ...]:
    """The scheduler's statement, which is alone on its line, moved behind the optimizer's."""
    one, other = watched.statement(place), watched.statement(step)
    if one is None or other is None or one.path != other.path or one.line != one.end_line:
        return ()
    if not alone(watched, one) or not alone(watched, other):
        return ()
    text = watched.text(one)
    gone = Edit(Place(one.path, one.line, 1, one.end_line + 1, 1), "")
    return (gone, *watched.after(other, text))


def _behind_loop(watched: Watched, place: Place | None) -> tuple[Edit, ...]:
    """The scheduler's statement put behind the loop that it ends."""
    one = watched.statement(place)
    source = watched.sources.get(one.path) if one else None
    if source is None or one is None or one.line != one.end_line or not alone(watched, one):
        return ()
    outer = [
        use.place
        for use in source.assignments
        if use.form == "for"
        and use.place.line < one.line <= use.place.end_line
        and use.place.column < one.column
    ]
    loop = max(outer, key=lambda each: each.line, default=None)
    if loop is None or one.end_line != loop.end_line:
        return ()
    return (Edit(Place(one.path, one.line, 1, one.line, one.column), " " * (loop.column - 1)),)


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
            one
            for one in source.assignments
            if scheduler.place and same(one.value, scheduler.place) and one.target.isidentifier()
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
