"""Where a number that a layer was given comes from: the literals in the user's text, and what was computed with them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from nnwhy.facts.place import Place

Number = int | float


@dataclass(frozen=True, slots=True)
class Literal:
    """A number as written at `place`."""

    place: Place
    value: Number


@dataclass(frozen=True, slots=True)
class Fixed:
    """A number that came from elsewhere."""

    value: Number


@dataclass(frozen=True, slots=True)
class Computed:
    """A result: `operator` is Python's sign, "int", "ceil", "floor" or "round", or "call" for a function of which nothing is known."""

    operator: str
    operands: tuple[Origin, ...]
    value: Number


Origin = Literal | Fixed | Computed

Written = Mapping[tuple[str, str, int | None], Origin]
"""The origins of layer arguments by the layer's path, the argument's name, and the element where it is a tuple."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A test, as its author wrote it, that made code raise, and the origins of the numbers in it by their text."""

    test: str
    numbers: Mapping[str, Origin]


_MEANING: dict[str, Callable[[list[Number]], Number]] = {
    "+": lambda v: v[0] + v[1],
    "-": lambda v: v[0] - v[1],
    "*": lambda v: v[0] * v[1],
    "/": lambda v: v[0] / v[1],
    "//": lambda v: v[0] // v[1],
    "%": lambda v: v[0] % v[1],
    "**": lambda v: v[0] ** v[1],
    "<<": lambda v: int(v[0]) << int(v[1]),
    "neg": lambda v: -v[0],
    "int": lambda v: int(v[0]),
    "ceil": lambda v: math.ceil(v[0]),
    "floor": lambda v: math.floor(v[0]),
    "round": lambda v: round(v[0]),
}


def literals(origin: Origin) -> Iterator[Literal]:
    """The literals in an origin from left to right, repeated ones included."""
    if isinstance(origin, Literal):
        yield origin
    elif isinstance(origin, Computed):
        for part in origin.operands:
            yield from literals(part)


def worth(origin: Origin, changed: Mapping[Place, Number]) -> Number:
    """The value with other numbers at some places. An unknown function is taken to scale with its arguments: a guess.

    Raises ArithmeticError where there is none.
    """
    if isinstance(origin, Literal):
        return changed.get(origin.place, origin.value)
    if isinstance(origin, Fixed):
        return origin.value
    parts = [worth(part, changed) for part in origin.operands]
    if origin.operator in _MEANING:
        return _MEANING[origin.operator](parts)
    scaled: Number = origin.value
    for part, before in zip(parts, origin.operands, strict=True):
        old = worth(before, {})
        if part != old and old:
            scaled = scaled * part / old
    return round(scaled) if isinstance(origin.value, int) else scaled
