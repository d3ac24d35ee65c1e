"""Gradients are computed and never used: no optimizer takes a step.

## What it finds
Backward passes with an optimizer that never steps, where the weights do not move by any other way either.

## Why it matters
The network stays as it was initialised.

## Example
    loss.backward()
    scheduler.step()             # the optimizer's own step is missing

## Use instead
    loss.backward()
    optimizer.step()

## When it is fine
Where gradients themselves are wanted (saliency): then no optimizer is made.

## References
- https://docs.pytorch.org/docs/stable/optim.html#taking-an-optimization-step
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.statements import name_of
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding


@training_check(
    name="backward-without-step",
    severity="warning",
    summary="There are backward passes, but the optimizer never steps.",
    title="{count} backward passes, and {optimizer} never makes a step",
)
def backward_without_step(watched: Watched) -> Iterator[Finding]:
    session = watched.session
    stepped = {step.optimizer for step in session.steps}
    backwards = session.backwards
    if len(backwards) < 3 or session.ended == "crash":
        return
    for optimizer in session.optimizers:
        if optimizer.id in stepped or any(act.kind == "scaler" for act in session.acts):
            continue
        if stepped:
            continue
        if any(one.moved for one in backwards):
            return
        code = f"{name_of(watched, optimizer.place) or 'optimizer'}.step()"
        yield Finding(
            "backward-without-step", "warning", backwards[0].place, {"count": len(backwards), "optimizer": optimizer.type},
            because=("The weights are what they were at the first backward pass.",),
            fixes=(advice(code, watched.after(backwards[0].place, code)),),
            also=(optimizer.place,) if optimizer.place else (),
        )  # fmt: skip
