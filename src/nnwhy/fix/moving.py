"""Findings on an edited copy, told for the files as they are: every place in them moved back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.fix.texts import mapped_back


def moved_back(finding: Finding, texts: Mapping[str, str], edits: Sequence[Edit]) -> Finding | None:
    """The finding with its places in `texts`, to which `edits` were applied; None where its own place was put in by them.

    A fix that would change what the edits put in cannot be told for the texts, and is left out.
    """
    by_path = {path: [edit for edit in edits if edit.place.path == path] for path in texts}

    def move(place: Place) -> Place | None:
        some = by_path.get(place.path)
        return mapped_back(place, texts[place.path], some) if some else place

    place = move(finding.place) if finding.place is not None else None
    if finding.place is not None and place is None:
        return None
    fixes: list[Fix] = []
    for fix in finding.fixes:
        places = [move(edit.place) for edit in fix.edits]
        known = [where for where in places if where is not None]
        if len(known) == len(fix.edits):
            moved = [Edit(where, edit.text) for where, edit in zip(known, fix.edits, strict=True)]
            fixes.append(replace(fix, edits=tuple(moved)))
    also = tuple(where for where in map(move, finding.also) if where is not None)
    derivations = tuple(_moved(derivation, move) for derivation in finding.derivations)
    return replace(finding, place=place, fixes=tuple(fixes), also=also, derivations=derivations)


def _moved(thing: Any, move: Any) -> Any:
    """The same data with every place in it moved; a place that was put in by the edits is left out."""
    if isinstance(thing, Place):
        return move(thing)
    if isinstance(thing, tuple):
        return tuple(_moved(item, move) for item in thing)
    if is_dataclass(thing) and not isinstance(thing, type):
        return replace(
            thing, **{f.name: _moved(getattr(thing, f.name), move) for f in fields(thing) if f.init}
        )
    return thing
