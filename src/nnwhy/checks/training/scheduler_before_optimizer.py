"""The learning-rate scheduler steps before the optimizer.

## What it finds
A `scheduler.step()` before the first step of the optimizer.

## Why it matters
The first value of the schedule is skipped: with a warm-up or a decay the whole schedule is off by one.

## Example
    scheduler.step()
    loss.backward()
    optimizer.step()

## Use instead
    loss.backward()
    optimizer.step()
    scheduler.step()

## When it is fine
Where a `GradScaler` skipped the optimizer's first step.

## References
- https://docs.pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.statements import moved
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding


@training_check(
    name="scheduler-before-optimizer",
    severity="warning",
    summary="The scheduler steps before the optimizer.",
    title="{scheduler} steps before the optimizer does",
)
def scheduler_before_optimizer(watched: Watched) -> Iterator[Finding]:
    session = watched.session
    if not session.steps or watched.acts("scaler"):
        return
    for kind, index in session.order:
        if kind == "step":
            return
        if kind == "act" and session.acts[index].kind == "scheduler":
            act = session.acts[index]
            yield Finding(
                "scheduler-before-optimizer", "warning", act.place, {"scheduler": act.subject},
                because=("The first learning rate of the schedule is never used.",),
                fixes=(advice("scheduler.step() after optimizer.step()", moved(watched, act.place, session.steps[0].place, behind=True)),),
                also=(session.steps[0].place,) if session.steps[0].place else (),
            )  # fmt: skip
            return
