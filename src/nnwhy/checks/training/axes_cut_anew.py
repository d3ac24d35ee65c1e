"""A view puts the classes, or the channels, where they do not stand in memory.

## What it finds
A map of scores (N, C, H, W) that is viewed as rows of C for a loss, and images (N, H, W, C) that are viewed as (N, C, H, W) for a
network: told from the tensor's own memory, through any number of lines.

## Why it matters
`view` and `reshape` cut the memory anew in the order in which it lies; they move no axis. A row of (N, C, H, W) viewed as (-1, C)
holds C neighbouring pixels of one class, not the C scores of one pixel. The loss falls a little, and nothing fails.

## Example
    loss = F.cross_entropy(scores.view(-1, classes), mask.view(-1))

## Use instead
    loss = F.cross_entropy(scores, mask)                      # (N, C, H, W) and (N, H, W)
    images = images.permute(0, 3, 1, 2)

## When it is fine
Never, as far as known.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html
- https://docs.pytorch.org/docs/stable/tensor_view.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding
from nnwhy.facts.session import LossCall

_CLASSES = frozenset({"cross_entropy", "nll_loss"})
_VIEWS = (".view", ".reshape")


@training_check(
    name="axes-cut-anew",
    severity="warning",
    summary="A view puts the classes or the channels where they do not stand in memory.",
    title="{what} {shape} is read as {made}: {effect}",
)
def axes_cut_anew(watched: Watched) -> Iterator[Finding]:
    for loss in watched.losses:
        if loss.cut_anew and loss.function in _CLASSES:
            yield _scores(watched, loss)
            return
    for one in watched.trainings:
        if one.cut_anew:
            channels = one.inputs[0].shape[1]
            yield Finding(
                "axes-cut-anew", "warning", one.place,
                {
                    "what": "a batch of images", "shape": str(one.cut_anew), "made": str(one.inputs[0].shape),
                    "effect": f"each of the {channels} channels is a strip of the image with all colours mixed",
                },
                because=("view and reshape cut the memory anew in the order it lies; permute moves an axis.",),
                fixes=(advice("images.permute(0, 3, 1, 2)"),),
            )  # fmt: skip
            return


def _scores(watched: Watched, loss: LossCall) -> Finding:
    classes = loss.cut_anew[1]
    call = watched.call(loss.prediction_place)
    scores = watched.text(call.receiver) if call is not None and call.function.endswith(_VIEWS) else ""
    moved = f"movedim(1, -1).reshape(-1, {classes})"
    edits = watched.instead(call.place, f"{scores}.{moved}") if call is not None and scores else ()
    return Finding(
        "axes-cut-anew", "warning", loss.prediction_place or loss.place,
        {
            "what": "the map of scores", "shape": str(loss.cut_anew), "made": str(loss.prediction.shape),
            "effect": f"a row holds {classes} neighbours of one class, not the {classes} scores of one place",
        },
        because=(
            "view and reshape cut the memory anew in the order it lies; permute moves an axis.",
            f"{loss.function} takes the map as it is, with targets of the shape {loss.cut_anew[:1] + loss.cut_anew[2:]}.",
        ),
        fixes=(advice(f"{scores or 'scores'}.{moved}", edits, "The classes last, then rows."),),
        also=(loss.place,) if loss.place else (),
    )  # fmt: skip
