"""Which other sizes of the input would make a size what it should be, or at least as large: several axes at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import prod

from nnwhy.checks.basis.solving import Sizes
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.expression import Size
from nnwhy.why.solve import CUSTOMARY

Axis = tuple[int, int]
Floor = tuple[Size, int]
"""A size and what it must at least be."""

_LARGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class Fitting:
    """Input sizes that fit, by (tensor, axis): those that are other ones than now.

    `tied` are the axes that go through a stretch of sizes together, from `low` to `high`, all of which fit.
    """

    sizes: dict[Axis, int]
    tied: tuple[Axis, ...]
    low: int
    high: int


def fitting_product(
    subject: Subject, roots: Sequence[Size], wanted: int, floors: Sequence[Floor] = ()
) -> Fitting | None:
    """The input at which the product of `roots` is `wanted` and every floor is met; None where none is found.

    Axes of one size are changed together. As few as possible are changed.
    """
    sizes = Sizes(subject, [*roots, *(floor for floor, _ in floors)])
    axes = _free_axes(subject, sizes)
    if not axes or sizes.unknown:
        return None
    base = _raised(sizes, axes, len(roots), [need for _, need in floors])
    if base is None:
        return None
    count = len(roots)
    for tied in _ties(axes, sizes.inputs):

        def product(side: int, tied: tuple[Axis, ...] = tied) -> int | None:
            values = sizes.values(inputs={**base, **dict.fromkeys(tied, side)})
            return None if values is None else prod(values[:count])

        given = max(sizes.inputs[axis] for axis in tied)
        stretch = _stretch(product, wanted, given)
        if stretch is None:
            continue
        least = max((base[axis] for axis in tied if axis in base), default=0)
        if stretch[1] < least:
            continue
        low, high = max(stretch[0], least), stretch[1]
        side = natural(low, high, given)
        return Fitting({**base, **dict.fromkeys(tied, side)}, tied, low, high)
    return None


def large_enough(subject: Subject, floors: Sequence[Floor]) -> dict[Axis, int]:
    """The smallest sizes of the input's axes, where they must grow, at which every floor is met; {} where none are found."""
    sizes = Sizes(subject, [floor for floor, _ in floors])
    axes = _free_axes(subject, sizes)
    if not axes or sizes.unknown:
        return {}
    return _raised(sizes, axes, 0, [need for _, need in floors]) or {}


def natural(low: int, high: int, given: int) -> int:
    """The size in a stretch that somebody most likely meant: a half or double of the given one, a customary one, the nearest."""
    others = [given * 2, given // 2, given * 4, given // 4]
    customary = (low, *CUSTOMARY) if low in CUSTOMARY else CUSTOMARY
    inside = [size for size in (*others, *customary) if low <= size <= high]
    return inside[0] if inside else min(max(given, low), high)


def _raised(sizes: Sizes, axes: list[Axis], start: int, needs: Sequence[int]) -> dict[Axis, int] | None:
    """The axes that must grow so that the values from `start` on are at least what is needed."""
    raised: dict[Axis, int] = {}
    for tied in _groups(axes, sizes.inputs):
        for index, need in enumerate(needs, start):

            def value(side: int, tied: tuple[Axis, ...] = tied, index: int = index) -> int | None:
                values = sizes.values(inputs={**raised, **dict.fromkeys(tied, side)})
                return None if values is None else values[index]

            given = raised.get(tied[0], sizes.inputs[tied[0]])
            if (value(given) or 0) >= need:
                continue
            side = _first(lambda at, value=value, need=need: (value(at) or 0) >= need, given)
            if side is not None:
                raised.update(dict.fromkeys(tied, side))
    met = sizes.values(inputs=raised)
    if met is None or any(value < need for value, need in zip(met[start:], needs, strict=True)):
        return None
    return raised


def _stretch(product: Callable[[int], int | None], wanted: int, given: int) -> tuple[int, int] | None:
    """The sides at which `product`, which grows with the side, is `wanted`."""
    low = _first(lambda side: (product(side) or 0) >= wanted, max(given, 1))
    if low is None or product(low) != wanted:
        return None
    above = _first(lambda side: (product(side) or 0) > wanted, low)
    return (low, above - 1) if above is not None else None


def _first(holds: Callable[[int], bool], start: int) -> int | None:
    """The smallest number for which a condition holds that holds for all larger ones; None where it does for none."""
    high = start
    while not holds(high):
        high *= 2
        if high > _LARGEST:
            return None
    low = 0
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def _free_axes(subject: Subject, sizes: Sizes) -> list[Axis]:
    """The input's axes that the sizes depend on, but for batch and channels."""
    base = sizes.values()
    found = [
        axis for axis, given in sizes.inputs.items()
        if given and any(sizes.values(inputs={axis: given * factor}) != base for factor in (2, 3, 8))
    ]  # fmt: skip
    return [axis for axis in found if subject.derivations.axes.name(*axis) not in ("batch", "channels")]


def _groups(axes: list[Axis], given: dict[Axis, int]) -> list[tuple[Axis, ...]]:
    """Axes of one size belong together: height and width of a square picture."""
    groups: dict[tuple[int, int], list[Axis]] = {}
    for axis in axes:
        groups.setdefault((axis[0], given[axis]), []).append(axis)
    return sorted((tuple(group) for group in groups.values()), key=len, reverse=True)


def _ties(axes: list[Axis], given: dict[Axis, int]) -> Iterator[tuple[Axis, ...]]:
    """The axes to change together, the likeliest first: those of one size, then all of a picture, then one alone."""
    groups = _groups(axes, given)
    yield from groups
    if len(groups) > 1 and len(axes) == 2:
        yield tuple(sorted(axes))
    yield from ((axis,) for group in groups if len(group) > 1 for axis in group)
