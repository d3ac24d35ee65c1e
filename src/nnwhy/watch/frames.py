"""The user's frames: whose line called torch."""

from __future__ import annotations

import os
import sys
import sysconfig
from types import CodeType, FrameType

from nnwhy.facts.place import Place
from nnwhy.trace.places import place_of

_OURS = os.path.dirname(os.path.dirname(__file__)) + os.sep
_LIBRARIES = tuple(
    {
        os.path.realpath(sysconfig.get_path(name)) + os.sep
        for name in ("stdlib", "platstdlib", "purelib", "platlib")
    }
)
_foreign: dict[str, bool] = {}


class Spot:
    """A moment in the user's code, cheap to keep; its place is worked out later."""

    __slots__ = ("code", "instruction")

    def __init__(self, code: CodeType, instruction: int) -> None:
        self.code = code
        self.instruction = instruction

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Spot) and (self.code, self.instruction) == (other.code, other.instruction)

    __hash__ = None  # type: ignore[assignment]

    @property
    def place(self) -> Place | None:
        """The expression in the source."""
        return place_of(self.code, self.instruction)


def foreign(filename: str) -> bool:
    """Whether a file is ours, Python's or an installed library's: not what the user wrote."""
    known = _foreign.get(filename)
    if known is None:
        if filename.startswith("<"):
            known = not filename.startswith(("<stdin>", "<ipython-input", "<python-input"))
        else:
            path = os.path.realpath(filename)
            inside = path.startswith(_OURS) and not path.startswith(os.path.join(_OURS, "examples"))
            known = inside or path.startswith(_LIBRARIES) or os.path.join("site-packages", "") in path
        _foreign[filename] = known
    return known


def user_frame(frame: FrameType | None) -> FrameType | None:
    """The nearest frame, going outwards, of a file that is the user's own."""
    while frame is not None:
        known = _foreign.get(frame.f_code.co_filename)
        if not (foreign(frame.f_code.co_filename) if known is None else known):
            return frame
        frame = frame.f_back
    return None


def spot(depth: int = 1) -> Spot | None:
    """Where the user's code is now; None where none of it is running."""
    frame = user_frame(sys._getframe(depth + 1))
    return Spot(frame.f_code, frame.f_lasti) if frame is not None else None


def here(depth: int = 1) -> Place | None:
    """The place where the user's code is now."""
    found = spot(depth + 1)
    return found.place if found else None
