"""Where the script constructs its modules. No module is kept alive for it."""

from __future__ import annotations

import functools
import sys
import weakref
from collections.abc import Callable
from types import FrameType
from typing import Any

from torch import nn

from nnwhy.facts.place import Place
from nnwhy.trace.constructions import Constructions
from nnwhy.watch.frames import Spot, user_frame
from nnwhy.watch.patches import Patches

_DEPTH = 6


class Constructed:
    """The calls that constructed modules, innermost first."""

    def __init__(self) -> None:
        self._spots: dict[int, tuple[weakref.ref[Any], list[Spot]]] = {}

    def watch(self, patches: Patches) -> None:
        """From now on each construction is noted."""
        patches.replace(nn.Module, "__init__", functools.partial(_noting, self._note))

    def places(self, module: Any) -> tuple[Place, ...]:
        """Where `module` was constructed; () where that was not seen."""
        known = self._spots.get(id(module))
        if known is None or known[0]() is not module:
            return ()
        return tuple(place for spot in known[1] if (place := spot.place) is not None)

    def spot(self, module: Any) -> Spot | None:
        """The innermost of those."""
        known = self._spots.get(id(module))
        return known[1][0] if known is not None and known[1] and known[0]() is module else None

    def all(self) -> Constructions:
        """The same for every module that is alive, also for those that no network knows of, in the recorder's terms."""
        made = Constructions()
        for key, (module, spots) in self._spots.items():
            if module() is not None:
                made.calls[key] = [(spot.code, spot.instruction) for spot in spots]
        return made

    def _note(self, module: nn.Module, frame: FrameType | None) -> None:
        while frame is not None and frame.f_code.co_name == "__init__" and _is_own(frame, module):
            frame = frame.f_back
        spots: list[Spot] = []
        found = user_frame(frame)
        while found is not None and len(spots) < _DEPTH:
            spots.append(Spot(found.f_code, found.f_lasti))
            found = user_frame(found.f_back)
        self._spots[id(module)] = (weakref.ref(module), spots)


def _noting(
    note: Callable[[Any, FrameType | None], None], original: Callable[..., Any]
) -> Callable[..., Any]:
    @functools.wraps(original)
    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        note(self, sys._getframe(1))

    return __init__


def _is_own(frame: FrameType, module: Any) -> bool:
    names = frame.f_code.co_varnames
    return bool(names) and frame.f_locals.get(names[0]) is module
