"""How shapes of several tensors become one: what all arithmetic between tensors has in common."""

from __future__ import annotations

from collections.abc import Sequence

from nnwhy.facts.expression import Constant, Expression, evaluate
from nnwhy.facts.trace import Tensor
from nnwhy.why.site import sizes_of

_FIXED = ("parameter", "buffer", "attribute")


def broadcast(tensors: Sequence[Tensor]) -> tuple[Expression, ...]:
    """The broadcast shape of `tensors`, told by what flows through the network rather than by weights where both are equal."""
    flowing = [tensor for tensor in tensors if tensor.origin.kind not in _FIXED]
    fixed = [tensor for tensor in tensors if tensor.origin.kind in _FIXED]
    return aligned([sizes_of(tensor) for tensor in (*flowing, *fixed)])


def aligned(shapes: Sequence[Sequence[Expression]]) -> tuple[Expression, ...]:
    """The broadcast shape: aligned at the last axis, the first size that is not 1 (the first one, where all are).

    Source: https://docs.pytorch.org/docs/stable/notes/broadcasting.html
    """
    rank = max((len(shape) for shape in shapes), default=0)
    sizes: list[Expression] = []
    for axis in range(-rank, 0):
        here = [shape[axis] for shape in shapes if len(shape) >= -axis]
        sizes.append(next((size for size in here if evaluate(size) != 1), here[0] if here else Constant(1)))
    return tuple(sizes)
