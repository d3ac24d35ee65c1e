"""The user's expression that an exception came from, and what the names in it were worth then."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from types import FrameType
from typing import Any

import torch
from torch import nn

from nnwhy.facts.finding import Edit, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceCall, SourceFacts
from nnwhy.trace.places import place_of
from nnwhy.watch.frames import user_frame

UNKNOWN = object()
"""The worth of an expression that is not computed again."""


@dataclass(frozen=True)
class Crash:
    """An exception with the user's innermost frame, the place in it, and the call that stands exactly there, if one does."""

    error: BaseException
    frame: FrameType
    source: SourceFacts
    place: Place
    call: SourceCall | None

    def value(self, text: str) -> Any:
        """What an expression of names, parts, numbers and calls of torch or of networks was worth; UNKNOWN where it has others."""
        return value_in(self.frame, text)

    def frames(self, function: str) -> Iterator[FrameType]:
        """The frames of functions of this name, whosever they are."""
        traceback = self.error.__traceback__
        while traceback is not None:
            if traceback.tb_frame.f_code.co_name == function:
                yield traceback.tb_frame
            traceback = traceback.tb_next


def crash_of(error: BaseException, sources: dict[str, SourceFacts]) -> Crash | None:
    """Where an exception left the user's code for good; None where that is in no file that was read."""
    places = user_places(error)
    if not places or places[-1][1].path not in sources:
        return None
    frame, place = places[-1]
    source = sources[place.path]
    call = next((one for one in source.calls if same(one.place, place)), None)
    return Crash(error, frame, source, place, call)


def user_places(error: BaseException) -> list[tuple[FrameType, Place]]:
    """The user's frames with the expressions that they were at, the innermost last."""
    found: list[tuple[FrameType, Place]] = []
    traceback = error.__traceback__
    while traceback is not None:
        frame = traceback.tb_frame
        place = place_of(frame.f_code, traceback.tb_lasti) if user_frame(frame) is frame else None
        if place is not None:
            found.append((frame, place))
        traceback = traceback.tb_next
    return found


def same(one: Place, other: Place) -> bool:
    """Whether two places of one file are the same text."""
    return (one.line, one.column, one.end_line, one.end_column) == (
        other.line, other.column, other.end_line, other.end_column,
    )  # fmt: skip


def value_in(frame: FrameType, text: str) -> Any:
    """See `Crash.value`."""
    try:
        tree = ast.parse(text.strip(), mode="eval")
        for node in ast.walk(tree):
            if isinstance(node, ast.Lambda | ast.NamedExpr | ast.Await | ast.Yield | ast.YieldFrom):
                return UNKNOWN
            if isinstance(node, ast.Call) and not _of_torch(value_in(frame, ast.unparse(node.func))):
                return UNKNOWN
        return eval(compile(tree, "<argument>", "eval"), frame.f_globals, frame.f_locals)
    except Exception:
        return UNKNOWN


def _of_torch(called: Any) -> bool:
    """Whether it is a network, a class of networks, a function of torch or a method of a tensor that changes nothing."""
    if isinstance(called, nn.Module) or (isinstance(called, type) and issubclass(called, nn.Module)):
        return True
    name, owner = getattr(called, "__name__", ""), getattr(called, "__self__", None)
    if isinstance(owner, torch.Tensor):
        return name != "backward" and (not name.endswith("_") or name.startswith("__"))
    if getattr(torch, name, None) is called:
        return True
    return (getattr(called, "__module__", None) or "").startswith("torch.")


def fix_of(edits: list[Edit], means: str) -> Fix:
    """A way out that was not tried, named by the text of its first edit."""
    return Fix(edits[0].text, tuple(edits), means)
