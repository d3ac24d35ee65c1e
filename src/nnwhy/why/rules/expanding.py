"""The same numbers several times: expand, repeat, tile."""

from __future__ import annotations

from collections.abc import Sequence

from nnwhy.facts.expression import Constant, Expression, evaluate, multiply
from nnwhy.why.registry import Axis, rule
from nnwhy.why.site import Site


@rule("expand", "broadcast_to")
def expand(site: Site) -> tuple[Axis, ...]:
    """Axes of size 1 become as long as asked for; −1 keeps a size, new axes come in front."""
    x, wanted = site.sizes("input"), site.elements("size")
    new = len(wanted) - len(x)
    kept = (*(None,) * new, *x)
    return tuple(
        size if given is None or (given.value == 1 and evaluate(size) not in (-1, 1)) else given
        for size, given in zip(wanted, kept, strict=True)
    )


@rule("expand_as", "view_as", "reshape_as")
def as_other(site: Site) -> Sequence[Axis]:
    """The shape of the other tensor."""
    return site.sizes("other")


@rule("repeat", "tile")
def repeat(site: Site) -> tuple[Axis, ...]:
    """Each axis so many times; missing axes come in front."""
    x, times = list[Expression](site.sizes("input")), list(site.elements(_name(site)))
    one = Constant(1)
    x = [one] * (len(times) - len(x)) + x
    times = [one] * (len(x) - len(times)) + times
    return tuple(_times(size, factor) for size, factor in zip(x, times, strict=True))


def _name(site: Site) -> str:
    return "dims" if site.call.name == "tile" else "repeats"


def _times(size: Expression, factor: Expression) -> Expression:
    if evaluate(factor) == 1:
        return size
    return factor if size == Constant(1) else multiply(size, factor)


@rule("repeat_interleave")
def repeat_interleave(site: Site) -> tuple[Axis, ...]:
    """Each element so many times in a row, along `dim` or of all elements."""
    if not site.has("repeats"):
        return (site.from_data("the sum of the repeats", 0),)
    x = site.sizes("input")
    flat = not site.has("dim")
    dim = 0 if flat else site.axis("dim", len(x))
    size = multiply(*x) if flat else x[dim]
    made: Expression
    if site.has("output_size"):
        made = site.number("output_size")
    elif isinstance(site.value("repeats"), int):
        made = _times(size, site.number("repeats"))
    else:
        made = site.from_data("the sum of the repeats", dim)
    return (made,) if flat else (*x[:dim], made, *x[dim + 1 :])


@rule("as_strided")
def as_strided(site: Site) -> Sequence[Axis]:
    """The sizes as given."""
    return site.elements("size")
