"""Functions that give the same numbers other axes."""

from __future__ import annotations

from math import prod

from nnwhy.facts.expression import Expression, Size, evaluate, floor_divide, multiply
from nnwhy.facts.value import Symbol
from nnwhy.why.registry import Axis, rule
from nnwhy.why.site import NoRule, Site


@rule("flatten")
def flatten(site: Site) -> tuple[Axis, ...]:
    """The axes from start_dim to end_dim become one, their product long."""
    x = site.sizes("input")
    rank = len(x)
    if rank == 0:
        return (1,)
    start, end = site.axis("start_dim", rank, 0), site.axis("end_dim", rank, -1)
    return (*x[:start], multiply(*x[start : end + 1]), *x[end + 1 :])


@rule("view", "reshape")
def view(site: Site) -> tuple[Axis, ...]:
    """The sizes as given; a −1 is what is left of the number of elements."""
    x = site.sizes("input")
    if isinstance(site.call.arguments.get("shape"), Symbol) or site.has("dtype"):
        return _as_other_numbers(site)
    return with_the_rest(x, site.elements("shape"))


def _as_other_numbers(site: Site) -> tuple[Axis, ...]:
    """A view to another dtype: the last axis grows as the numbers shrink."""
    x, made = site.sizes("input"), site.output()
    before, after = x[-1].value if x else 1, made.shape[-1] if x else 1
    if before == after:
        return x
    if not before or not after:
        raise NoRule("a view to another dtype")
    last = multiply(x[-1], after // before) if after > before else floor_divide(x[-1], before // after)
    return (*x[:-1], last)


@rule("ravel")
def ravel(site: Site) -> tuple[Axis, ...]:
    """All axes become one."""
    x = site.sizes("input")
    return (multiply(*x),) if x else (1,)


@rule("unflatten")
def unflatten(site: Site) -> tuple[Axis, ...]:
    """One axis becomes several, whose product it is; a −1 is what is left."""
    x = site.sizes("input")
    dim = site.axis("dim", len(x))
    return (*x[:dim], *with_the_rest((x[dim],), site.elements("sizes")), *x[dim + 1 :])


def with_the_rest(x: tuple[Expression, ...], wanted: tuple[Expression, ...]) -> tuple[Axis, ...]:
    """`wanted` with its −1 replaced by what is left of the axes `x`.

    The sizes before the −1 take the first axes, those behind it the last ones: `view(-1, 256)` of (N, 16, 4, 4) is N.
    Where a size ends inside an axis, what is left is a quotient: `view(N, L, -1, 8)` of (N, L, 32) is 32 / 8.
    """
    values = [evaluate(size) for size in wanted]
    if -1 not in values:
        return wanted
    index = values.index(-1)
    before, behind = list(wanted[:index]), list(wanted[index + 1 :])
    top = list(x)
    front = _taken(top, before)
    if front is not None:
        top, before = top[front:], []
    back = _taken(top[::-1], behind)
    if back is not None:
        top, behind = top[: len(top) - back], []
    top, bottom = _without_equal(top, before + behind)
    rest = multiply(*top) if top else multiply(1)
    if bottom:
        rest = floor_divide(rest, multiply(*bottom))
    return (*wanted[:index], rest, *wanted[index + 1 :])


def _taken(axes: list[Expression], sizes: list[Expression]) -> int | None:
    """How many of the first `axes` have the product of `sizes`; None where it ends inside of one."""
    wanted, product = prod(evaluate(size) for size in sizes), 1
    for count, axis in enumerate([*axes, None]):
        if product == wanted and (axis is None or evaluate(axis) != 1 or count >= len(sizes)):
            return count
        if axis is None or product > wanted:
            return None
        product *= evaluate(axis)
    return None


def _without_equal(
    top: list[Expression], bottom: list[Expression]
) -> tuple[list[Expression], list[Expression]]:
    """Both without the factors that are the same axis, and without the ones that the user wrote."""
    top = list(top)
    left: list[Expression] = []
    for size in bottom:
        if size in top:
            top.remove(size)
        elif isinstance(size, Size) or evaluate(size) != 1:
            left.append(size)
    return top, left
