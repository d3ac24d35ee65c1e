"""A data set changes its own samples each time that it gives one.

## What it finds
`__getitem__` takes a part of a tensor or array that the data set keeps, and changes it in place (`+=`, `*=`, `add_`, `x[...] = …`). The
stored numbers were seen to be others after a first batch.

## Why it matters
Indexing gives a view, not a copy. What is meant for one reading is done again at each one: noise adds up epoch by epoch, a division by
255 is repeated, a region that was cut out stays cut out. With worker processes it depends on how long a worker lives.

## Example
    signal = self.signals[index]
    signal += 0.1 * torch.randn_like(signal)
    return signal, self.labels[index]

## Use instead
    signal = self.signals[index].clone()       # .copy() of an array

## When it is fine
Where a data set fills a cache that it does not hand out, or counts its readings: neither is told.

## References
- https://docs.pytorch.org/docs/stable/tensor_view.html
- https://numpy.org/doc/stable/user/basics.copies.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceAssignment, SourceFacts


@training_check(
    name="sample-changed-in-place",
    severity="warning",
    summary="A data set changes its own samples each time that it gives one.",
    title="{sample} is a part of {attribute} itself: changed in place, it stays changed for the next epoch",
)
def sample_changed_in_place(watched: Watched) -> Iterator[Finding]:
    for loader in watched.session.loaders:
        for source in watched.sources.values():
            for attribute in loader.changed:
                found = _changed(source, loader.drawn, f"self.{attribute}")
                if found is None:
                    continue
                taken, place = found
                copy = f"{taken.text}.clone()"
                yield Finding(
                    "sample-changed-in-place", "warning", place, {"sample": taken.target, "attribute": f"self.{attribute}"},
                    because=(f"{taken.text} is a view; after the first batch self.{attribute} held other numbers than before it.",),
                    fixes=(advice(copy, watched.instead(taken.value, copy), "Or .copy(), where it is an array."),),
                    also=(taken.place,),
                )  # fmt: skip


def _changed(source: SourceFacts, method: str, attribute: str) -> tuple[SourceAssignment, Place] | None:
    """Where a method takes a sample from an attribute, and where it changes it before it gives it back."""
    given = [source.at(place) for one in source.functions if one.name == method for place in one.returns]
    inside = [one for one in source.assignments if one.scope == method]
    for taken in inside:
        name = taken.target
        if taken.form != "Subscript" or not taken.text.startswith(f"{attribute}[") or not name.isidentifier():
            continue
        if not any(re.search(rf"\b{name}\b", text) for text in given):
            continue
        later = [one for one in inside if one.place.line > taken.place.line]
        anew = [one.place.line for one in later if one.form != "augmented" and one.target == name]
        places = [one.place for one in later if one.form == "augmented" and one.target == name]
        places += [one.place for one in later if one.target.startswith(f"{name}[")]
        places += [
            call.place
            for call in source.calls
            if call.scope == method
            and call.place.line > taken.place.line
            and re.fullmatch(rf"{name}\.[a-z]\w*_", call.function)
        ]
        places = [one for one in places if one.line < min(anew, default=one.line + 1)]
        if places:
            return taken, min(places, key=lambda one: one.line)
    return None
