"""Rows of samples are scaled along the batch, and then compared row by row.

## What it finds
`F.normalize(z, dim=0)` on a result (batch, features) of a network, as the left side of a matrix product that adds up over features.

## Why it matters
`z @ z.T` of rows of length 1 is the cosine of each pair. Scaled along the batch the rows have any length, each sample depends on the
others of its batch, and the products are no cosines.

## Example
    z = F.normalize(net(x), dim=0)
    logits = z @ z.T / temperature

## Use instead
    z = F.normalize(net(x), dim=1)

## When it is fine
For a correlation of features, `z.T @ z`, which adds up over the batch: that is left alone.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.normalize.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Edit, Finding
from nnwhy.facts.place import Place


@training_check(
    name="normalised-over-batch",
    severity="warning",
    summary="Rows of samples are scaled along the batch, then compared row by row.",
    title="normalize scales along the batch what is then compared row by row",
)
def normalised_over_batch(watched: Watched) -> Iterator[Finding]:
    for act in watched.acts("normalised")[:1]:
        yield Finding(
            "normalised-over-batch", "warning", act.place, {},
            because=("With dim=0 each column gets length 1, not each row, so the products of rows are no cosines.",),
            fixes=(advice("dim=1, or dim=-1", _other_axis(watched, act.place)),),
        )  # fmt: skip


def _other_axis(watched: Watched, place: Place | None) -> tuple[Edit, ...]:
    call = watched.call(place)
    written = next((one for one in call.arguments if one.name == "dim"), None) if call is not None else None
    return watched.instead(written.place, "1") if written is not None else ()
