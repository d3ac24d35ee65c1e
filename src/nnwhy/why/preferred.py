"""Among inputs of any size: the usual one where it costs little, and the smallest that works."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nnwhy.facts.contract import InputSpec
from nnwhy.why.attempts import Attempt
from nnwhy.why.cost import multiply_adds
from nnwhy.why.probing import free_axes, resized
from nnwhy.why.solve import holds

USUAL_IMAGE = 224
MULTIPLY_ADDS = 30_000_000_000

Try = Callable[[Sequence[InputSpec]], Attempt | None]


def enlarged(made: Attempt, attempt: Try) -> Attempt | None:
    """The attempt with 224×224 images, where both sides are free, that works, and takes about a second at most."""
    axes = image_axes(made)
    if len(axes) < 2:
        return None
    sides = {int(made.specs[index].sizes[axis]) for index, axis in axes}
    if len(sides) != 1 or not 32 <= min(sides) < USUAL_IMAGE:
        return None
    cost = sum(multiply_adds(made.trace, call) for call in made.trace.calls)
    if made.trace.how.kind == "real" and cost * (USUAL_IMAGE / min(sides)) ** 2 > MULTIPLY_ADDS:
        return None
    tried = attempt(resized(made.specs, axes, USUAL_IMAGE))
    return tried if tried is not None and tried.works else None


def image_axes(made: Attempt) -> list[tuple[int, int]]:
    """The free height and width axes of inputs that look like batches of images."""
    return [
        (index, axis) for index, axis in free_axes(made) if len(made.specs[index].sizes) == 4 and axis >= 2
    ]


def smallest_side(made: Attempt, axes: Sequence[tuple[int, int]], attempt: Try) -> int | None:
    """The smallest common size of these axes that works, by the closed forms and then by a pass; None where they differ."""
    current = made.current()
    leaves = [made.size(index, axis) for index, axis in axes]
    hard = [r for r in made.requirements if r.holds()]
    for side in range(1, max(current[leaf] for leaf in leaves) + 1):
        if holds(hard, {**current, **dict.fromkeys(leaves, side)}):
            tried = attempt(resized(made.specs, axes, side))
            return side if tried is not None and tried.works else None
    return None
