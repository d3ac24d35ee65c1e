"""Axes in another order, axes of size 1 added or removed, diagonals."""

from __future__ import annotations

from collections.abc import Sequence

from nnwhy.facts.expression import Constant, Expression, add, evaluate, minimum, subtract
from nnwhy.why.registry import Axis, Sizes, rule
from nnwhy.why.site import NoRule, Site, sizes_of


@rule("permute")
def permute(site: Site) -> tuple[Axis, ...]:
    """The axes in the order of `dims`."""
    x = site.sizes("input")
    return tuple(x[axis] for axis in site.axes("dims", len(x)))


@rule("transpose", "swapaxes", "swapdims")
def transpose(site: Site) -> tuple[Axis, ...]:
    """Two axes change places."""
    x = list(site.sizes("input"))
    first, second = site.axis("dim0", len(x)), site.axis("dim1", len(x))
    x[first], x[second] = x[second], x[first]
    return tuple(x)


@rule("t", "T", "mT", "H", "mH", "adjoint")
def matrix_transpose(site: Site) -> Sequence[Axis]:
    """Rows become columns: the last two axes change places (`T` turns the order of all)."""
    x = site.sizes("input")
    if site.call.name == "T":
        return x[::-1]
    return (*x[:-2], x[-1], x[-2]) if len(x) > 1 else x


@rule("movedim", "moveaxis")
def movedim(site: Site) -> tuple[Axis, ...]:
    """The axes of `source` go to the places of `destination`; the others keep their order."""
    x = site.sizes("input")
    source, destination = site.axes("source", len(x)), site.axes("destination", len(x))
    placed = dict(zip(destination, source, strict=True))
    rest = iter(axis for axis in range(len(x)) if axis not in source)
    return tuple(x[placed[place]] if place in placed else x[next(rest)] for place in range(len(x)))


@rule("squeeze")
def squeeze(site: Site) -> tuple[Axis, ...]:
    """Without the axes of size 1, or without those named in `dim`."""
    x = site.sizes("input")
    gone = site.axes("dim", len(x)) if x else ()
    return tuple(size for axis, size in enumerate(x) if axis not in gone or size.value != 1)


@rule("unsqueeze")
def unsqueeze(site: Site) -> tuple[Axis, ...]:
    """A new axis of size 1."""
    x = site.sizes("input")
    dim = site.axis("dim", len(x) + 1)
    return (*x[:dim], 1, *x[dim:])


@rule("rot90")
def rot90(site: Site) -> tuple[Axis, ...]:
    """A quarter turn exchanges the two axes, a half turn does not."""
    x = list(site.sizes("input"))
    first, second = site.axes("dims", len(x)) if site.has("dims") else (0, 1)
    if site.integer("k", 1) % 2:
        x[first], x[second] = x[second], x[first]
    return tuple(x)


@rule("diagonal")
def diagonal(site: Site) -> tuple[Axis, ...]:
    """Two axes become one, behind the others: as long as the shorter of what is left beside the offset."""
    x = site.sizes("input")
    ends = (-2, -1) if site.call.function.startswith("torch.linalg.") else (0, 1)
    first, second = site.axis("dim1", len(x), ends[0]), site.axis("dim2", len(x), ends[1])
    rest = [size for axis, size in enumerate(x) if axis not in (first, second)]
    return (*rest, _length(x[first], x[second], site.integer("offset", 0)))


def _length(rows: Expression, columns: Expression, offset: int) -> Expression:
    """The length of a diagonal."""
    rows, columns = (subtract(rows, -offset), columns) if offset < 0 else (rows, subtract(columns, offset))
    if evaluate(rows) < 0 or evaluate(columns) < 0:
        return Constant(0)
    if evaluate(rows) == evaluate(columns):
        return rows
    return minimum(rows, columns)


@rule("diag")
def diag(site: Site) -> tuple[Axis, ...]:
    """The diagonal of a matrix, or the matrix with a vector on its diagonal."""
    x, offset = site.sizes("input"), site.integer("diagonal", 0)
    if len(x) == 2:
        return (_length(x[0], x[1], offset),)
    if len(x) != 1:
        raise NoRule(f"diag of {len(x)} axes")
    side = add(x[0], abs(offset))
    return (side, side)


@rule("diag_embed")
def diag_embed(site: Site) -> tuple[Axis, ...]:
    """(…, n) → matrices with the last axis on their diagonal."""
    x, offset = site.sizes("input"), site.integer("offset", 0)
    rank = len(x) + 1
    first, second = site.axis("dim1", rank, -2), site.axis("dim2", rank, -1)
    side = add(x[-1], abs(offset))
    rest = iter(x[:-1])
    return tuple(side if axis in (first, second) else next(rest) for axis in range(rank))


@rule("atleast_1d", "atleast_2d", "atleast_3d")
def atleast(site: Site) -> list[Sizes]:
    """Axes of size 1 where there are too few."""
    return [_raised(sizes_of(tensor), int(site.call.name[8])) for tensor in site.tensors("tensors")]


def _raised(x: tuple[Expression, ...], rank: int) -> tuple[Axis, ...]:
    if len(x) >= rank:
        return x
    if rank == 3:
        return {0: (1, 1, 1), 1: (1, *x, 1), 2: (*x, 1)}[len(x)]
    return (*(1,) * (rank - len(x)), *x)
