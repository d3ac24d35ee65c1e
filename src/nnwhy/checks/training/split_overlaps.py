"""The network is evaluated on samples that it was trained with.

## What it finds
An evaluation whose data has some samples in common with the data of the training before it, and others not: two splits were drawn
where one was meant, or slices overlap. Also validation data that is a part of what is trained on, and a loader of the
training data where the validation data was made and is never read.

## Why it matters
On samples that the network has seen the loss is lower and the accuracy higher than on new ones. Early stopping, the choice of the best
weights and the number that is reported then all lie, and nothing fails.

## Example
    train_set, _ = random_split(data, [800, 200])
    _, valid_set = random_split(data, [800, 200])        # another draw: four of five are in train_set

## Use instead
    train_set, valid_set = random_split(data, [800, 200])

## When it is fine
Where the score on a part of the training data is wanted: a loader that is not called validation or test is left alone as long as it
takes nothing but training samples.

## References
- https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.random_split
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.statements import name_of
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding
from nnwhy.facts.session import LoaderSeen

_HELD_OUT = re.compile(r"val|test|dev(?!ice)|held", re.IGNORECASE)


@training_check(
    name="split-overlaps",
    severity="warning",
    summary="The network is evaluated on samples that it was trained with.",
    title="{common} of the {length} samples that the network is evaluated on are among those that it is trained with",
)
def split_overlaps(watched: Watched) -> Iterator[Finding]:
    for trained, evaluated in _pairs(watched):
        common = dict(evaluated.common).get(trained.id) or dict(trained.common).get(evaluated.id) or 0
        if not common or not evaluated.length or not trained.length:
            continue
        if common == evaluated.length == trained.length:
            yield from _forgotten(watched, trained, evaluated)
            continue
        inside = common == evaluated.length
        if inside and not _HELD_OUT.search(name_of(watched, evaluated.constructed)):
            continue
        drawn_again = evaluated.picked is not None and evaluated.picked == trained.picked
        place = (
            (trained.constructed or trained.place)
            if inside
            else evaluated.picked or evaluated.constructed or evaluated.place
        )
        others = [
            one
            for one in (trained.picked, trained.constructed, evaluated.constructed)
            if one and one != place
        ]
        yield Finding(
            "split-overlaps", "warning", place, {"common": common, "length": evaluated.length},
            because=(
                "This call ran twice, and each time it drew another split: one part of each is used." if drawn_again
                else "It is trained on all of the data, the held-out part included." if inside
                else "The two parts were not picked by one split.",
            ),
            fixes=(
                advice("train on the rest of the data only" if inside else "split once, and take both parts of that split"),
                *(() if inside else (advice("the same generator for both: generator=torch.Generator().manual_seed(0)"),)),
            ),
            also=tuple(others[:2]),
        )  # fmt: skip
        return


def _forgotten(watched: Watched, trained: LoaderSeen, evaluated: LoaderSeen) -> Iterator[Finding]:
    """Data that is called validation or test and that nothing reads, while a loader of that name gives the training data."""
    call = watched.call(evaluated.constructed)
    source = watched.sources.get(call.place.path) if call else None
    if (
        call is None
        or source is None
        or not call.arguments
        or not _HELD_OUT.search(name_of(watched, call.place))
    ):
        return
    read = {use.text for use in source.uses}
    unused = {
        one.target
        for one in source.assignments
        if _HELD_OUT.search(one.target)
        and one.target.isidentifier()
        and one.target not in read
        and one.scope == call.scope
    } - {name_of(watched, call.place)}
    if len(unused) == 1:
        (name,) = unused
        first = call.arguments[0]
        yield Finding(
            "split-overlaps", "warning", call.place, {"common": evaluated.length or 0, "length": evaluated.length or 0},
            because=(f"It gives the training data, {first.text}; nothing reads {name}.",),
            fixes=(advice(name, watched.instead(first.place, name)),),
            also=(trained.constructed,) if trained.constructed else (),
        )  # fmt: skip


def _pairs(watched: Watched) -> Iterator[tuple[LoaderSeen, LoaderSeen]]:
    """The loaders that a network was trained and then evaluated with."""
    loaders = {one.id: one for one in watched.session.loaders}
    evaluations = {id(one) for one in watched.evaluations}
    trained: dict[int, list[int]] = {}
    told: set[tuple[int, int]] = set()
    for one in watched.session.forwards:
        if one.loader is None or one.loader not in loaders:
            continue
        if one.trained:
            trained.setdefault(one.network, []).append(one.loader)
        elif id(one) in evaluations:
            for before in dict.fromkeys(trained.get(one.network, ())):
                if before != one.loader and (before, one.loader) not in told:
                    told.add((before, one.loader))
                    yield loaders[before], loaders[one.loader]
