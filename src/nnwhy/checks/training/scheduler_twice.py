"""Two schedulers of one kind change the rate of the same optimizer, while another optimizer has none.

## What it finds
A second scheduler with the settings of the first on the same optimizer, where another optimizer that steps has no scheduler.

## Why it matters
The rate of the one falls twice as fast, the rate of the other never.

## Example
    schedule_g = StepLR(optimizer_g, 10)
    schedule_d = StepLR(optimizer_g, 10)

## Use instead
    schedule_d = StepLR(optimizer_d, 10)

## When it is fine
Where two schedules are to be multiplied: `ChainedScheduler` says so.

## References
- https://docs.pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.statements import name_of
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding


@training_check(
    name="scheduler-twice",
    severity="warning",
    summary="Two schedulers of one kind change the rate of the same optimizer, another optimizer has none.",
    title="a second {scheduler} for {optimizer}, while {other} has none",
)
def scheduler_twice(watched: Watched) -> Iterator[Finding]:
    session = watched.session
    scheduled = {one.optimizer for one in session.schedulers}
    without = [
        one
        for one in session.optimizers
        if one.id not in scheduled and any(step.optimizer == one.id for step in session.steps)
    ]
    if len(without) != 1:
        return
    for number, one in enumerate(session.schedulers):
        before = next(
            (
                other
                for other in session.schedulers[:number]
                if (other.type, other.optimizer) == (one.type, one.optimizer)
            ),
            None,
        )
        optimizer = watched.optimizer(one.optimizer) if one.optimizer is not None else None
        if (
            before is None
            or optimizer is None
            or before.place == one.place
            or before.settings != one.settings
        ):
            continue
        other = name_of(watched, without[0].place) or without[0].type
        call = watched.call(one.place)
        edits = (
            watched.instead(call.arguments[0].place, other)
            if call and call.arguments and other.isidentifier()
            else ()
        )
        yield Finding(
            "scheduler-twice", "warning", one.place,
            {"scheduler": one.type, "optimizer": name_of(watched, optimizer.place) or optimizer.type, "other": other},
            because=(f"Each of the two changes the same rate; the rate of {other} stays what it is.",),
            fixes=(advice(f"{one.type}({other}, …)", edits),),
            also=(before.place,) if before.place else (),
        )  # fmt: skip
        return
