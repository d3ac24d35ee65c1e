"""A step changes the weights by more than they are, because the gradients are huge.

## What it finds
Weight matrices that one step changed by more than their own size, or gradients that are not finite.

## Why it matters
The network is thrown out of the region where it can learn; the loss jumps or becomes not a number.

## Example
    optimizer = torch.optim.SGD(net.parameters(), lr=10)

## Use instead
A smaller learning rate, inputs around 1, or `clip_grad_norm_` between backward and step.

## When it is fine
Where weights start at (nearly) zero: those are left alone.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_norm_.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding


@training_check(
    name="gradients-explode",
    severity="warning",
    summary="A step changes weights by more than their own size.",
    title="one step changes {name} by {times} times its size",
)
def gradients_explode(watched: Watched) -> Iterator[Finding]:
    for number in watched.last_steps:
        optimizer = watched.optimizer(number)
        steps = [step for step in watched.session.steps if step.optimizer == number and step.parameters]
        for step in steps:
            moved = [
                state
                for state in step.parameters
                if len(state.shape) >= 2 and state.optimizer == number and state.changed and state.weight
                and state.weight > 1e-3 and state.changed > 0.9 * state.weight and state.gradient and state.gradient > 0.05
            ]  # fmt: skip
            if not moved:
                continue
            worst = max(moved, key=lambda state: (state.changed or 0) / (state.weight or 1))
            times = (worst.changed or 0) / (worst.weight or 1)
            rate = f"learning rate {step.rates[0]:g}, " if step.rates else ""
            yield Finding(
                "gradients-explode", "warning", optimizer.place if optimizer else None,
                {"name": worst.name, "times": f"{times:.2g}"},
                because=(f"At step {step.number}: {rate}root mean square of the gradient {worst.gradient:.3g}, of the weights afterwards {worst.weight:.3g}.",),
                fixes=(advice("a smaller learning rate"), advice("torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0) before the step")),
            )  # fmt: skip
            break
