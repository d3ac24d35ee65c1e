"""The gradients are set back between the backward pass and the step.

## What it finds
A step after a backward pass whose parameters have no gradient other than 0, with a `zero_grad` in between.

## Why it matters
The step sees no gradient: the network does not learn (with momentum or weight decay it even drifts).

## Example
    loss.backward()
    optimizer.zero_grad()
    optimizer.step()

## Use instead
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

## When it is fine
Never, as far as known.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.optim.Optimizer.zero_grad.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding
from nnwhy.facts.place import Place


@training_check(
    name="gradients-erased",
    severity="warning",
    summary="zero_grad stands between backward and step.",
    title="the gradients are set to zero between backward and step",
)
def gradients_erased(watched: Watched) -> Iterator[Finding]:
    session = watched.session
    between: Place | None = None
    for kind, index in session.order:
        if kind == "backward":
            between = None
        elif kind == "act" and session.acts[index].kind == "zero_grad":
            between = session.acts[index].place
        elif kind == "step" and session.steps[index].erased and between is not None:
            yield Finding(
                "gradients-erased", "warning", between, {},
                because=("Every gradient is 0 when the optimizer steps.",),
                fixes=(advice("zero_grad before backward, or after step"),),
                also=(session.steps[index].place,) if session.steps[index].place else (),  # type: ignore[arg-type]
            )  # fmt: skip
            return
