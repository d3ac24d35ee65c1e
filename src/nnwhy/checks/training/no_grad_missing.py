"""An evaluation keeps everything for a backward pass that never comes.

## What it finds
Passes in evaluation mode with gradients switched on, from which no gradient goes back.

## Why it matters
Every intermediate result is kept until the loss is let go of: memory, and some time, for nothing. The results are the same.

## Example
    model.eval()
    for x, y in test_loader:
        scores = model(x)

## Use instead
    model.eval()
    with torch.no_grad():        # or torch.inference_mode()
        for x, y in test_loader:
            scores = model(x)

## When it is fine
Where gradients of the inputs are wanted.

## References
- https://docs.pytorch.org/docs/stable/notes/autograd.html#locally-disabling-gradient-computation
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.statements import under
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding


@training_check(
    name="no-grad-missing",
    severity="note",
    summary="Gradients are on in an evaluation.",
    title="{network} is evaluated with gradients on: {memory} of intermediate results kept for each pass",
)
def no_grad_missing(watched: Watched) -> Iterator[Finding]:
    for one in watched.evaluations:
        if one.training or not one.gradients or not one.memory:
            continue
        if watched.session.network(one.network).trainable == 0:
            continue
        yield Finding(
            "no-grad-missing", "note", one.place, {"network": watched.name(one.network), "memory": _memory(one.memory)},
            because=("No gradient goes back from this pass.",),
            fixes=(advice("with torch.no_grad():", under(watched, one.place, "torch.no_grad()")),),
        )  # fmt: skip
        return


def _memory(size: int) -> str:
    value = float(size)
    for unit in ("B", "KB", "MB"):
        if value < 1024:
            return f"{value:.0f} {unit}"
        value /= 1024
    return f"{value:.1f} GB"
