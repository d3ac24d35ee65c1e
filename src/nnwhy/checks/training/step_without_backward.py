"""An optimizer takes steps, but there are no gradients.

## What it finds
Steps with no backward pass since the last one, all of whose parameters have no gradient.

## Why it matters
A step without gradients changes nothing, and nothing fails.

## Example
    loss = criterion(net(x), y)
    optimizer.step()

## Use instead
    loss = criterion(net(x), y)
    loss.backward()
    optimizer.step()

## When it is fine
Where gradients are set by hand: then there are some.

## References
- https://docs.pytorch.org/docs/stable/optim.html#taking-an-optimization-step
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice, reached
from nnwhy.facts.finding import Finding


@training_check(
    name="step-without-backward",
    severity="warning",
    summary="The optimizer steps without gradients.",
    title="{optimizer} makes a step, but no parameter has a gradient",
)
def step_without_backward(watched: Watched) -> Iterator[Finding]:
    for step in watched.session.steps:
        held = [state for state in step.parameters if state.optimizer == step.optimizer]
        if not held or any(state.gradient for state in held) or reached(watched, step):
            continue
        optimizer = watched.optimizer(step.optimizer)
        loss = next((one.place for one in reversed(watched.session.losses) if one.step < step.number), None)
        yield Finding(
            "step-without-backward", "warning", step.place, {"optimizer": optimizer.type if optimizer else "the optimizer"},
            because=("No backward pass before it reaches what it holds.",),
            fixes=(advice("loss.backward()", watched.before(step.place, "loss.backward()")),),
            also=(loss,) if loss else (),
        )  # fmt: skip
        return
