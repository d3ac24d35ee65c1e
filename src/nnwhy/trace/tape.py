"""What a pass leaves behind while it runs: a flat list of events with live references, to be read later."""

from __future__ import annotations

import copy
import dataclasses
import os
import sys
from types import CodeType, FrameType
from typing import Any

import torch

_TORCH = torch.__path__[0] + os.sep  # torchvision is no part of it
_HERE = __file__.rsplit("/", 1)[0].rsplit("\\", 1)[0]
_CHANGEABLE = {list, dict}
_inside: dict[str, bool] = {}


class Event:
    """One call: appended when it starts (modules) or ends (functions), never looked at while the pass runs."""

    __slots__ = (
        "args",
        "code",
        "error",
        "function",
        "instruction",
        "kind",
        "kwargs",
        "parent",
        "result",
        "shapes_before",
        "stand_in",
    )

    def __init__(
        self, kind: str, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], parent: int
    ) -> None:
        self.kind = kind
        self.function = function
        self.args = args if _CHANGEABLE.isdisjoint(map(type, args)) else as_now(args)
        self.kwargs = kwargs
        self.parent = parent
        self.result: Any = None
        self.error: BaseException | None = None
        self.stand_in = False
        self.shapes_before: list[tuple[Any, tuple[int, ...]]] | None = None
        frame = user_frame(sys._getframe(2))
        self.code: CodeType | None = frame.f_code if frame else None
        self.instruction: int = frame.f_lasti if frame else -1


def as_now(thing: Any, depth: int = 4) -> Any:
    """Lists, dicts and dataclasses as they are at this moment: the user's code may go on changing them.

    `features.append(...)` follows `cat(features)`, `outputs.pooled = ...` follows the module that gave `outputs`.
    """
    if isinstance(thing, torch.Tensor) or depth == 0:
        return thing
    if isinstance(thing, tuple):
        return (
            thing if _CHANGEABLE.isdisjoint(map(type, thing)) else tuple(as_now(i, depth - 1) for i in thing)
        )
    if isinstance(thing, list):
        return [as_now(item, depth - 1) for item in thing]
    if isinstance(thing, dict):
        return {key: as_now(item, depth - 1) for key, item in thing.items()}
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        return copy.copy(thing)
    return thing


def user_frame(frame: FrameType | None) -> FrameType | None:
    """The nearest frame, going outwards, that is neither torch's nor the recorder's."""
    while frame is not None:
        name = frame.f_code.co_filename
        inside = _inside.get(name)
        if inside is None:
            inside = _inside[name] = name.startswith((_TORCH, _HERE, "<frozen", "<eval_with_key>"))
        if not inside:
            return frame
        frame = frame.f_back
    return None
