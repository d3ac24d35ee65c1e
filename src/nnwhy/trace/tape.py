"""What a pass leaves behind while it runs: a flat list of events with live references, to be read later."""

from __future__ import annotations

import os
import sys
from types import CodeType, FrameType
from typing import Any

import torch

_TORCH = torch.__path__[0] + os.sep  # torchvision is no part of it
_HERE = __file__.rsplit("/", 1)[0].rsplit("\\", 1)[0]
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
        self.args = _as_now(args) if list in map(type, args) else args
        self.kwargs = kwargs
        self.parent = parent
        self.result: Any = None
        self.error: BaseException | None = None
        self.stand_in = False
        self.shapes_before: list[tuple[Any, tuple[int, ...]]] | None = None
        frame = user_frame(sys._getframe(2))
        self.code: CodeType | None = frame.f_code if frame else None
        self.instruction: int = frame.f_lasti if frame else -1


def _as_now(args: tuple[Any, ...]) -> tuple[Any, ...]:
    """Lists as they are at this moment: the user's code may go on filling them (`features.append(...)` and `cat(features)`)."""
    return tuple(list(arg) if type(arg) is list else arg for arg in args)


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
