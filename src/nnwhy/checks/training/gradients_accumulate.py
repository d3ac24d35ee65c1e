"""Gradients are never set back, so each step uses the sum of all gradients so far.

## What it finds
An optimizer whose parameters still hold the gradients of its last step when the next backward pass adds to them, until its next step.
Several backward passes before one step are accumulation on purpose and are left alone.

## Why it matters
`backward` adds to `.grad`. Without `zero_grad` the direction of a step is made of all batches so far; training becomes unstable.

## Example
    for x, y in loader:
        loss = criterion(net(x), y)
        loss.backward()
        optimizer.step()

## Use instead
    optimizer.zero_grad()        # before backward, or after step

## When it is fine
Never, as far as known: momentum is the optimizer's own matter.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.optim.Optimizer.zero_grad.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import is_name
from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding
from nnwhy.facts.session import Backward, OptimizerStep


@training_check(
    name="gradients-accumulate",
    severity="warning",
    summary="Gradients are not set back between steps.",
    title="the gradients of the step before are still there at {count} of {steps} steps of {optimizer}",
)
def gradients_accumulate(watched: Watched) -> Iterator[Finding]:
    for optimizer in watched.session.optimizers:
        steps = [step for step in watched.session.steps if step.optimizer == optimizer.id]
        dirty = [step for step in steps if not step.cleared]
        if not dirty:
            continue
        stale = [one for one in _before(watched, dirty[0]) if optimizer.id in one.stale]
        place = stale[-1].place if stale else dirty[0].place
        variable = watched.line(dirty[0].place).partition(".step")[0] or "optimizer"
        code = f"{variable}.zero_grad()" if is_name(variable) else "optimizer.zero_grad()"
        yield Finding(
            "gradients-accumulate", "warning", place,
            {"count": len(dirty), "steps": len(steps) - 1 or 1, "optimizer": optimizer.type},
            because=("backward adds to the gradients that are there; nothing set them back after the last step.",),
            fixes=(advice(code, watched.before(place, code)),),
            also=(dirty[0].place,) if dirty[0].place else (),
        )  # fmt: skip


def _before(watched: Watched, step: OptimizerStep) -> tuple[Backward, ...]:
    """The backward passes before a step, in order: the last is the one that it steps on, another loss's may go before."""
    found: list[Backward] = []
    for kind, index in watched.session.order:
        if kind == "backward":
            found.append(watched.session.backwards[index])
        elif kind == "step" and watched.session.steps[index] is step:
            break
    return tuple(found)
