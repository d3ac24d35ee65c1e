"""Training data comes sorted by label.

## What it finds
A loader that is trained on, without shuffling, whose first batches hold one label each or labels that only rise; and batches
that are cut one after the other from labels that are sorted as a whole.

## Why it matters
The network learns one class after the other and forgets the ones before.

## Example
    DataLoader(train, batch_size=64)

## Use instead
    DataLoader(train, batch_size=64, shuffle=True)

## When it is fine
Where the order is meant (time series): then labels do not come in blocks.

## References
- https://docs.pytorch.org/docs/stable/data.html#data-loading-order-and-sampler
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Edit, Finding
from nnwhy.facts.place import Place
from nnwhy.facts.session import Values


@training_check(
    name="data-not-shuffled",
    severity="warning",
    summary="Training data comes sorted by label.",
    title="the first {count} training batches come sorted by label: {labels}",
)
def data_not_shuffled(watched: Watched) -> Iterator[Finding]:
    yield from _sliced(watched)
    for loader in watched.session.loaders:
        if (
            not loader.trained
            or loader.sampler != "SequentialSampler"
            or loader.iterable
            or len(loader.labels) < 2
        ):
            continue
        if not _in_blocks(loader.labels):
            continue
        told = ", ".join(_told(values) for values in loader.labels)
        yield Finding(
            "data-not-shuffled", "warning", loader.constructed or loader.place, {"count": len(loader.labels), "labels": told},
            because=("The network sees one class after the other and forgets those before.",),
            fixes=(advice("shuffle=True", _shuffled(watched, loader.constructed)),),
        )  # fmt: skip


def _sliced(watched: Watched) -> Iterator[Finding]:
    """Batches that the script cuts itself, one after the other, from labels that are sorted as a whole."""
    batches = [loss for loss in watched.losses if loss.cut_from is not None and loss.cut_from.sorted]
    if len(batches) < 2 or any((loss.cut_from.distinct or 0) < 2 for loss in batches if loss.cut_from):
        return
    whole = batches[0].cut_from
    place = batches[0].target_place or batches[0].place
    assert whole is not None
    yield Finding(
        "data-not-shuffled", "warning", place, {"count": len(batches), "labels": _told(whole)},
        because=(
            f"They are slices of {whole.shape[0]} labels that rise from first to last.",
            "The network sees one class after the other and forgets those before.",
        ),
        fixes=(advice("order = torch.randperm(len(x)) in each epoch, and batches by order[start:end]"),),
        title="the {count} training batches are cut in order from labels sorted from {labels}",
    )  # fmt: skip


def _in_blocks(labels: tuple[Values, ...]) -> bool:
    if any(len(values.shape) != 1 or values.shape[0] < 4 or values.distinct is None for values in labels):
        return False
    rising = all(values.sorted or values.distinct == 1 for values in labels)
    ends = [(values.minimum or 0.0, values.maximum or 0.0) for values in labels]
    follow = all(before[1] <= after[0] for before, after in itertools.pairwise(ends))
    few = all((values.distinct or 0) <= max(values.shape[0] // 2, 1) for values in labels)
    return rising and follow and few


def _told(values: Values) -> str:
    low, high = int(values.minimum or 0), int(values.maximum or 0)
    return f"{low}" if low == high else f"{low} to {high}"


def _shuffled(watched: Watched, place: Place | None) -> tuple[Edit, ...]:
    call = watched.call(place)
    if call is None or not call.arguments:
        return ()
    written = next((argument for argument in call.arguments if argument.name == "shuffle"), None)
    if written is not None:
        return watched.instead(written.place, "True")
    last = max(
        call.arguments, key=lambda argument: (argument.place.end_line, argument.place.end_column)
    ).place
    end = Place(last.path, last.end_line, last.end_column, last.end_line, last.end_column)
    return (Edit(end, ", shuffle=True"),)
