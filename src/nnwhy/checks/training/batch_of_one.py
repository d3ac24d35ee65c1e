"""The last batch of an epoch has a single sample, and a batch norm meets it.

## What it finds
A loader that is trained on, whose length leaves a remainder of 1, with a network that has batch norms in training mode. Where they get
one value for each channel and sample it is a warning, over maps a note.

## Why it matters
Over a single value per channel there is no variance: the batch norm raises at the end of the first epoch. Over maps the
statistics of that step come from one sample.

## Example
    DataLoader(data, batch_size=32)              # 65 samples: 32, 32, 1

## Use instead
    DataLoader(data, batch_size=32, drop_last=True)

## When it is fine
Where the batch norm has many positions for each sample, as over maps.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm1d.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.written_batches import guarded
from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Edit, Finding
from nnwhy.facts.place import Place


@training_check(
    name="batch-of-one",
    severity="warning",
    summary="The last batch has one sample, and a batch norm meets it.",
    title="the last of the batches has 1 sample ({length} = {whole} × {batch} + 1) for {norm}",
)
def batch_of_one(watched: Watched) -> Iterator[Finding]:
    norms = {
        one.loader: layer for one in watched.trainings for layer in one.active if layer.probability is None
    }
    flat = {
        one.loader
        for one in watched.trainings
        if any(layer.path in watched.session.network(one.network).flat_norms for layer in one.active)
    }
    for loader in watched.session.loaders:
        norm = norms.get(loader.id)
        if (
            norm is None
            or not loader.trained
            or loader.drop_last
            or not loader.length
            or not loader.batch
            or loader.batch < 2
        ):
            continue
        if _passed_over(watched, loader.constructed or loader.place):
            continue
        if loader.length % loader.batch != 1 or loader.sampler not in ("RandomSampler", "SequentialSampler"):
            continue
        yield Finding(
            "batch-of-one", "warning" if loader.id in flat else "note", loader.constructed or loader.place,
            {"length": loader.length, "whole": loader.length // loader.batch, "batch": loader.batch, "norm": norm.path or norm.type},
            because=(
                "Over one value a batch norm has no variance to compute: it raises."
                if loader.id in flat
                else "Over maps it has many values, all of one sample: this step's statistics are that sample's.",
            ),
            fixes=(advice("drop_last=True", _dropped(watched, loader.constructed)),),
        )  # fmt: skip


def _passed_over(watched: Watched, place: Place | None) -> bool:
    """Whether the loops that train in the loader's file pass over batches by their size."""
    source = watched.sources.get(place.path) if place is not None else None
    loops = [source.at(one.place) for one in source.assignments if one.form == "for"] if source else []
    training = [body for body in loops if ".backward(" in body]
    return bool(training) and all(guarded(body) for body in training)


def _dropped(watched: Watched, place: Place | None) -> tuple[Edit, ...]:
    call = watched.call(place)
    if call is None or not call.arguments:
        return ()
    last = max(
        call.arguments, key=lambda argument: (argument.place.end_line, argument.place.end_column)
    ).place
    end = Place(last.path, last.end_line, last.end_column, last.end_line, last.end_column)
    return (Edit(end, ", drop_last=True"),)
