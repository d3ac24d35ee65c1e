"""In a contrastive loss every sample is its own best match, and it is not masked.

## What it finds
Cross-entropy on a square table of similarities of the samples with themselves, whose diagonal is the largest of each row and never
the target.

## Why it matters
A sample is as similar to itself as can be. With the diagonal left in, the loss asks each row for another sample that is more similar,
which there is not: it stays high, and most of its gradient pushes at something that cannot change.

## Example
    similarity = z @ z.t() / temperature
    loss = F.cross_entropy(similarity, positive_of_each)

## Use instead
    similarity.fill_diagonal_(float("-inf"))
    loss = F.cross_entropy(similarity, positive_of_each)

## When it is fine
Where rows and columns are two views and the diagonal holds the positives: then the targets are on it.

## References
- https://arxiv.org/abs/2002.05709
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding


@training_check(
    name="own-pair",
    severity="warning",
    summary="A contrastive loss compares each sample with itself.",
    title="each of the {count} samples is compared with itself: the diagonal is the largest of every row",
)
def own_pair(watched: Watched) -> Iterator[Finding]:
    for loss in watched.losses:
        if loss.itself:
            call = watched.call(loss.place)
            table = call.arguments[0].text if call and call.arguments else "similarity"
            code = f'{table} = {table}.masked_fill(torch.eye(len({table}), dtype=torch.bool), float("-inf"))'
            edits = watched.before(loss.place, code) if table.isidentifier() else ()
            yield Finding(
                "own-pair", "warning", loss.place, {"count": loss.prediction.shape[0]},
                because=("No target lies on the diagonal, so every row is asked for a sample more similar than the sample itself.",),
                fixes=(advice(code, edits),),
                also=(loss.prediction_place,) if loss.prediction_place else (),
            )  # fmt: skip
            return
