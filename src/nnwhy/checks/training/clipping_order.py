"""Gradients are clipped where it has no effect.

## What it finds
`clip_grad_norm_` after the step, or before the backward pass; with a `GradScaler`, clipping of gradients that are still scaled.

## Why it matters
Clipping changes the gradients that are there: after the step they have been used already. Scaled gradients are thousands of
times larger, so that the limit then makes nearly nothing of them.

## Example
    loss.backward()
    optimizer.step()
    clip_grad_norm_(net.parameters(), 1.0)

## Use instead
    loss.backward()
    clip_grad_norm_(net.parameters(), 1.0)
    optimizer.step()

## When it is fine
Where only the norm is wanted.

## References
- https://docs.pytorch.org/docs/stable/notes/amp_examples.html#gradient-clipping
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.statements import moved
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding


@training_check(
    name="clipping-order",
    severity="warning",
    summary="Gradients are clipped where it has no effect.",
    title="the gradients are clipped {when}",
)
def clipping_order(watched: Watched) -> Iterator[Finding]:
    session = watched.session
    fresh, unscaled = False, False
    scaler = bool(watched.acts("scaler"))
    for kind, index in session.order:
        if kind == "backward":
            fresh, unscaled = True, False
        elif kind == "step":
            fresh = False
        elif kind == "act" and session.acts[index].kind == "unscale":
            unscaled = True
        elif kind == "act" and session.acts[index].kind == "clip":
            act = session.acts[index]
            if fresh and (not scaler or unscaled):
                continue
            when = (
                "while they are still scaled"
                if fresh
                else "after the step has used them"
                if session.steps
                else "before there are any"
            )
            fix = "scaler.unscale_(optimizer) before it" if fresh else "clip between backward and step"
            step = session.steps[0].place if session.steps else None
            code = (
                watched.before(act.place, "scaler.unscale_(optimizer)")
                if fresh
                else moved(watched, act.place, step, behind=False)
            )
            yield Finding(
                "clipping-order", "warning", act.place, {"when": when},
                fixes=(advice(fix, code),),
                also=(session.steps[0].place,) if session.steps and session.steps[0].place else (),
            )  # fmt: skip
            return
