"""Where no size fits: the sizes that come nearest, and what they miss."""

from __future__ import annotations

from typing import Any

from nnwhy.facts.expression import Constant, Size, evaluate
from nnwhy.why.attempts import Attempt
from nnwhy.why.requirements import Requirement
from nnwhy.why.solve import CUSTOMARY, Values, holds

_SIDES = 512


def nearest_values(made: Attempt, held: frozenset[Size]) -> tuple[Values, Requirement] | None:
    """Sizes of a square input for which the first violated equation is as near as it gets, with that equation.

    None where no equation over the input's sizes is violated.
    """
    missed = next(
        (r for r in made.requirements if r.relation == "==" and not r.holds() and _free(r, held)), None
    )
    if missed is None:
        return None
    free = _free(missed, held)
    others = [r for r in made.requirements if r.call < missed.call and not r.meant]
    current = made.current()
    best: tuple[tuple[int, int, int], Values] | None = None
    for side in range(1, _SIDES + 1):
        values = {**current, **dict.fromkeys(free, side)}
        if not holds(others, values):
            continue
        away = distance(missed, values)
        if away is None:
            continue
        key = (away, 0 if side in CUSTOMARY else 1, side)
        if best is None or key < best[0]:
            best = (key, values)
    return (best[1], missed) if best is not None else None


def distance(requirement: Requirement, values: Values) -> int | None:
    """How far the two sides are apart for these sizes; None where they cannot be evaluated."""

    def leaf(part: Any) -> int:
        return values.get(part, part.value) if isinstance(part, Size) else part.value

    try:
        return abs(evaluate(requirement.left, leaf) - evaluate(requirement.right, leaf))
    except (ZeroDivisionError, OverflowError):
        return None


def side_value(requirement: Requirement, values: Values) -> int:
    """What the side with the input's sizes comes to."""

    def leaf(part: Any) -> int:
        return values.get(part, part.value) if isinstance(part, Size) else part.value

    return evaluate(requirement.right if isinstance(requirement.left, Constant) else requirement.left, leaf)


def _free(requirement: Requirement, held: frozenset[Size]) -> list[Size]:
    """The sizes that may be changed: not the batch, and not what is one size by itself (channels)."""
    if isinstance(requirement.left, Size) and isinstance(requirement.right, Constant):
        return []
    return sorted((s for s in requirement.sizes if s not in held), key=lambda s: (s.tensor, s.axis))
