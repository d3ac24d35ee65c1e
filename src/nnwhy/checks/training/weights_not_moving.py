"""The optimizer steps, there are gradients, and the weights stay what they are.

## What it finds
An optimizer all of whose watched steps changed no weight, or by less than a millionth of its size.

## Why it matters
The network does not learn.

## Example
    optimizer = torch.optim.SGD(net.parameters(), lr=0)

## Use instead
A learning rate that fits: 0.01 … 0.1 for SGD, 1e-4 … 1e-3 for Adam.

## When it is fine
In the first steps of a warm-up; those have a scheduler and are left alone.

## References
- https://docs.pytorch.org/docs/stable/optim.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding


@training_check(
    name="weights-not-moving",
    severity="warning",
    summary="Steps with gradients change no weight.",
    title="{steps} steps of {optimizer} change no weight by more than a millionth of its size",
)
def weights_not_moving(watched: Watched) -> Iterator[Finding]:
    for number in watched.last_steps:
        steps = [step for step in watched.session.steps if step.optimizer == number and step.parameters]
        optimizer = watched.optimizer(number)
        if len(steps) < 2 or optimizer is None or watched.acts("scheduler"):
            continue
        states = [
            s
            for step in steps
            for s in step.parameters
            if s.optimizer == number and s.gradient and s.changed is not None
        ]
        if any(state.changed != state.changed for state in states):
            continue
        if not states or any(
            state.changed and state.changed > 1e-6 * max(state.weight or 0, 1e-3) for state in states
        ):
            continue
        rates = sorted({rate for step in steps for rate in step.rates})
        first = (
            next((one for one in watched.session.schedulers if one.rate == 0), None) if rates == [0] else None
        )
        if first is not None:
            yield Finding(
                "weights-not-moving", "warning", first.place, {"steps": len(steps), "optimizer": optimizer.type},
                because=(f"{first.type} begins with a learning rate of 0 and has not stepped since.",),
                fixes=(advice("a schedule that begins above 0: (epoch + 1) / warmup instead of epoch / warmup"), advice("scheduler.step() with every batch")),
                also=(optimizer.place,) if optimizer.place else (),
            )  # fmt: skip
            continue
        yield Finding(
            "weights-not-moving", "warning", optimizer.place, {"steps": len(steps), "optimizer": optimizer.type},
            because=(f"The learning rate is {', '.join(f'{rate:g}' for rate in rates)}.",),
            fixes=(advice("a learning rate of 1e-3 for Adam, 1e-2 for SGD, to begin with"),),
        )  # fmt: skip
