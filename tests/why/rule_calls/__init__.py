"""Random valid calls of every function that has a dimension rule, one family a file.

A file adds calls with `@calls("name", ...)` over a function that draws one: it is given hypothesis' `draw` and the name, and
gives back the function with its arguments.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from hypothesis import strategies as st


@dataclass(frozen=True)
class Drawn:
    """One call: `function(*args, **kwargs)`."""

    function: Callable[..., Any]
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)


Draw = Callable[[Any], Any]
Drawing = Callable[[Draw, str], Drawn]
_drawings: dict[str, Drawing] = {}


def calls(*names: str) -> Callable[[Drawing], Drawing]:
    """Register how calls of the functions `names` are drawn."""

    def register(drawing: Drawing) -> Drawing:
        for name in names:
            assert name not in _drawings, name
            _drawings[name] = drawing
        return drawing

    return register


def drawings() -> dict[str, Drawing]:
    """How to draw a call, by function name."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return _drawings


def found(name: str) -> Callable[..., Any]:
    """The function of a short name, in the namespace where networks find it."""
    for space in (torch.nn.functional, torch.special, torch.linalg, torch.fft, torch, torch.Tensor):
        function = getattr(space, name, None)
        if callable(function) and not isinstance(function, type):
            return function
    return getattr(torch.Tensor, f"{name}_")


def number(draw: Draw, low: int, high: int) -> int:
    return draw(st.integers(low, high))


def one_of(draw: Draw, *values: Any) -> Any:
    return draw(st.sampled_from(values))


def shape(draw: Draw, low: int = 1, high: int = 4, smallest: int = 1, largest: int = 6) -> tuple[int, ...]:
    """Sizes of `low` to `high` axes."""
    return tuple(draw(st.lists(st.integers(smallest, largest), min_size=low, max_size=high)))


def tensor(sizes: tuple[int, ...], dtype: torch.dtype = torch.float32) -> torch.Tensor:
    """Values between 0 and 1, or whole numbers that differ."""
    count = 1
    for size in sizes:
        count *= size
    made = torch.arange(count).reshape(sizes)
    if dtype.is_floating_point:
        return ((made % 97).to(dtype) + 1) / 100
    return (made % 3).to(dtype) if dtype != torch.bool else made % 2 == 0


def a_tensor(draw: Draw, low: int = 1, high: int = 4) -> torch.Tensor:
    return tensor(shape(draw, low, high))


def axis(draw: Draw, rank: int) -> int:
    """An axis from the front or from the end."""
    return number(draw, -rank, rank - 1)


def broadcastable(draw: Draw, count: int, low: int = 0, high: int = 4) -> list[tuple[int, ...]]:
    """`count` shapes that broadcast."""
    whole = shape(draw, low, high)
    shapes = []
    for _ in range(count):
        start = number(draw, 0, len(whole))
        shapes.append(tuple(one_of(draw, 1, size) for size in whole[start:]))
    shapes[number(draw, 0, count - 1)] = whole
    return shapes
