"""A recurrent layer's state that the program around the network made, for another batch than the one that came."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import FrameType
from typing import Any

import torch

from nnwhy.api.crash_frames import same, user_places, value_in
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceCall, SourceFacts

_MOST = 3
_OF_BATCHES = ("batch", "batchsize", "bs", "bsz")


def with_state_of_batch(
    finding: Finding, error: BaseException, sources: Mapping[str, SourceFacts]
) -> Finding:
    """The finding; one about a state for another batch with the ways to make it for this one, where the program made it."""
    sizes = _batches(finding) if finding.check == "hidden-state" else None
    if sizes is None:
        return finding
    fixes = tuple(_fixes(error, sources, *sizes))[:_MOST]
    if not fixes:
        return finding
    also = (finding.place, *finding.also) if finding.place is not None else finding.also
    return replace(finding, fixes=(*fixes, *finding.fixes), place=fixes[0].edits[0].place, also=also)


def _batches(finding: Finding) -> tuple[int, int] | None:
    """The batch that the state was made for and the one that came, where nothing else differs."""
    try:
        wanted, given = (ast.literal_eval(text) for text in (finding.expected, finding.actual))
    except (SyntaxError, ValueError):
        return None
    if not isinstance(wanted, tuple) or not isinstance(given, tuple) or len(wanted) != len(given):
        return None
    axis = len(wanted) - 2
    if axis < 0 or wanted[:axis] + wanted[axis + 1 :] != given[:axis] + given[axis + 1 :]:
        return None
    return given[axis], wanted[axis]


def _fixes(error: BaseException, sources: Mapping[str, SourceFacts], old: int, new: int) -> Iterator[Fix]:
    places = user_places(error)
    for index in range(len(places) - 1, -1, -1):
        frame, place = places[index]
        source = sources.get(place.path)
        call = next((one for one in source.calls if same(one.place, place)), None) if source else None
        if source is None or call is None:
            continue
        above = [one for one, _ in places[:index]]
        for argument in _sizes(frame, source, call, old):
            for text in _worth(frame, above, source.at(argument), new):
                means = f"the batch is {new} there"
                label = _told(source, argument, text)
                yield Fix(label, (Edit(argument, text),), means)


def _sizes(frame: FrameType, source: SourceFacts, call: SourceCall, old: int) -> Iterator[Place]:
    """The arguments that were worth `old` in the call that made what `call` was given by name."""
    for given in call.arguments:
        if not given.text.isidentifier() or not _holds(value_in(frame, given.text), old):
            continue
        for one in source.assignments:
            if one.target == given.text and one.scope == call.scope and one.form == "Call":
                made = next((c for c in source.calls if same(c.place, one.value)), None)
                for argument in made.arguments if made is not None else ():
                    value = value_in(frame, argument.text)
                    if isinstance(value, int) and value == old:
                        yield argument.place


def _holds(value: Any, size: int) -> bool:
    """Whether it is a state of that batch, or holds some."""
    if isinstance(value, torch.Tensor):
        return value.dim() >= 2 and value.shape[-2] == size
    return isinstance(value, list | tuple) and any(_holds(part, size) for part in value)


def _worth(frame: FrameType, above: list[FrameType], old: str, new: int) -> Iterator[str]:
    """What is worth `new` where the frame begins: a name for a batch, then a size of what its function was given."""
    around = [
        one for one in above if frame.f_code.co_qualname.startswith(f"{one.f_code.co_qualname}.<locals>.")
    ]
    names = {**frame.f_globals}
    for one in (*around, frame):
        names.update(one.f_locals)
    for name, value in names.items():
        words = name.lower().split("_")
        if name != old and type(value) is int and value == new and any(word in words for word in _OF_BATCHES):
            yield name
    code = frame.f_code
    for name in code.co_varnames[: code.co_argcount]:
        value = frame.f_locals.get(name)
        if isinstance(value, torch.Tensor) and new in value.shape[:2]:
            yield f"{name}.size({list(value.shape).index(new)})"


def _told(source: SourceFacts, place: Place, text: str) -> str:
    line = source.line(place.line)
    return f"{line[: place.column - 1]}{text}{line[place.end_column - 1 :]}".strip()
