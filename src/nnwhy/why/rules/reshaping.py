"""Functions that give the same numbers other axes."""

from __future__ import annotations

from nnwhy.facts.expression import Expression, evaluate, floor_divide, multiply
from nnwhy.facts.value import Symbol
from nnwhy.why.registry import Axis, Formula, rule
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
    """`wanted` with its −1 replaced by the product of `x` over the product of the other sizes, in lowest terms."""
    values = [evaluate(size) for size in wanted]
    if -1 not in values:
        return wanted
    index = values.index(-1)
    top = list(x)
    bottom: list[Expression] = []
    for position, size in enumerate(wanted):
        if position == index or values[position] == 1:
            continue
        match = next((other for other in top if other == size), None)
        if match is not None:
            top.remove(match)
        else:
            bottom.append(size)
    rest: Axis = multiply(*top) if top else multiply(1)
    if bottom:
        rest = Formula(_cancelled(top, bottom), floor_divide(multiply(*top), multiply(*bottom)))
    return (*wanted[:index], rest, *wanted[index + 1 :])


def _cancelled(top: list[Expression], bottom: list[Expression]) -> Expression:
    """A quotient of products without the factors that are equal in value on both sides, where one side is a plain number.

    `view(-1, 256)` of (N, 16, 4, 4) is N: the user wrote the number that 16·4·4 is.
    """
    numbers = [evaluate(size) for size in top]
    wanted = 1
    for size in bottom:
        wanted *= evaluate(size)
    for start in range(len(top)):
        product = 1
        for end in range(start, len(top)):
            product *= numbers[end]
            if product == wanted:
                while end + 1 < len(top) and numbers[end + 1] == 1:
                    end += 1
                rest = top[:start] + top[end + 1 :]
                return multiply(*rest) if rest else multiply(1)
    return floor_divide(multiply(*top), multiply(*bottom))
