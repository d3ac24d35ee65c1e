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

import re
from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.statements import moved
from nnwhy.checks.training.basis.watched import Watched, advice, reached
from nnwhy.facts.finding import Finding
from nnwhy.facts.place import Place

_READ = re.compile(r"\.grad\b")
"""The script does something of its own with gradients."""


@training_check(
    name="gradients-erased",
    severity="warning",
    summary="zero_grad stands between backward and step.",
    title="the gradients are set to zero between backward and step",
)
def gradients_erased(watched: Watched) -> Iterator[Finding]:
    yield from _accumulated(watched)
    session = watched.session
    between: Place | None = None
    backward: Place | None = None
    for kind, index in session.order:
        if kind == "backward":
            between, backward = None, session.backwards[index].place
        elif kind == "act" and session.acts[index].kind == "zero_grad":
            between = session.acts[index].place
        elif kind == "step" and session.steps[index].erased and between is not None:
            if not reached(watched, session.steps[index]):
                continue
            yield Finding(
                "gradients-erased", "warning", between, {},
                because=("Every gradient is 0 when the optimizer steps.",),
                fixes=(advice("zero_grad before backward, or after step", moved(watched, between, backward, behind=False)),),
                also=(session.steps[index].place,) if session.steps[index].place else (),  # type: ignore[arg-type]
            )  # fmt: skip
            return


def _accumulated(watched: Watched) -> Iterator[Finding]:
    """Gradients of several backward passes that were to be added up for one step, and are set to zero before each."""
    if any(_READ.search(source.text) for source in watched.sources.values()):
        return
    session = watched.session
    passes: list[Place | None] = []
    zeroed: Place | None = None
    place: Place | None = None
    thrown = 0
    for kind, index in session.order:
        if kind == "backward":
            thrown += zeroed is not None and passes[-1:] == [session.backwards[index].place]
            passes.append(session.backwards[index].place)
            place, zeroed = zeroed or place, None
        elif kind == "act" and session.acts[index].kind == "zero_grad" and passes:
            zeroed = session.acts[index].place
        elif kind == "step":
            step = session.steps[index]
            if thrown and step.backwards == len(passes) and len(set(passes)) == 1:
                yield Finding(
                    "gradients-erased", "warning", place, {"count": len(passes)},
                    because=("Each step uses the gradient of its last batch only.",),
                    fixes=(advice("zero_grad where the step is, once for all the batches of a step"),),
                    also=(step.place,) if step.place else (),
                    title="of {count} backward passes before a step all but the last are set to zero",
                )  # fmt: skip
                return
            passes, zeroed, thrown = [], None, 0
