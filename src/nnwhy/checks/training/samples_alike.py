"""Every batch holds one sample over and over.

## What it finds
A loader that is trained on, all of whose first batches consist of a single sample, repeated.

## Why it matters
The data set gives the same sample for every index, so the network learns that one and the loss falls to zero.

## Example
    def __getitem__(self, index):
        return self.images[self.index], self.labels[self.index]      # self.index is not index

## Use instead
    def __getitem__(self, index):
        return self.images[index], self.labels[index]

## When it is fine
For a test of whether a network can learn one sample by heart. `# nnwhy: ignore[samples-alike]` silences it.

## References
- https://docs.pytorch.org/docs/stable/data.html#map-style-datasets
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding


@training_check(
    name="samples-alike",
    severity="warning",
    summary="Every batch holds one sample over and over.",
    title="all samples of the first {count} batches are the same one, of {length} in the data set",
)
def samples_alike(watched: Watched) -> Iterator[Finding]:
    for loader in watched.session.loaders:
        if not loader.trained or loader.iterable or loader.same < 2 or (loader.length or 0) < 4:
            continue
        if loader.same < min(loader.batches, 4):
            continue
        yield Finding(
            "samples-alike", "warning", loader.constructed or loader.place,
            {"count": loader.same, "length": loader.length or 0},
            because=("The data set gives the same sample for every index.",),
            fixes=(advice("use the index in __getitem__"),),
        )  # fmt: skip
