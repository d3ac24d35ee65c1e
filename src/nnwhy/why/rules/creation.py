"""New tensors from sizes, ranges and literals."""

from __future__ import annotations

import math
from collections.abc import Sequence

from nnwhy.facts.expression import (
    Constant,
    Expression,
    add,
    ceil_divide,
    evaluate,
    floor_divide,
    multiply,
    subtract,
)
from nnwhy.facts.value import Opaque, TensorRef, Value, plain
from nnwhy.why.registry import Axis, Formula, Sizes, rule
from nnwhy.why.rules.scalars import whole_number
from nnwhy.why.site import NoRule, Site, sizes_of


@rule(
    "zeros",
    "ones",
    "empty",
    "full",
    "rand",
    "randn",
    "randint",
    "new_zeros",
    "new_ones",
    "new_empty",
    "new_full",
)
def sized(site: Site) -> Sequence[Axis]:
    """The sizes as given."""
    return site.elements("size")


@rule("arange")
def arange(site: Site) -> tuple[Axis, ...]:
    """⌈(end − start) / step⌉ numbers."""
    given = [site.call.arguments.get(name) for name in ("start", "end", "step")]
    if any(isinstance(value, float) and not value.is_integer() for value in given):
        return (Constant(_counted(given)),)
    start, end, step = (_whole(site, "start", 0), _whole(site, "end", 0), _whole(site, "step", 1))
    if evaluate(step) < 0:
        start, end, step = end, start, Constant(-evaluate(step))
    full = ceil_divide(subtract(end, start), step)
    return (Formula(end, full) if evaluate(start) == 0 and evaluate(step) == 1 else full,)


def _counted(given: Sequence[Value]) -> int:
    """The number of steps between numbers with fractions."""
    start, end, step = (
        default if value is None else plain(value) for value, default in zip(given, (0, 0, 1), strict=True)
    )
    if not all(isinstance(value, int | float) for value in (start, end, step)):
        raise NoRule("a range of other things than numbers")
    return math.ceil((end - start) / step)  # type: ignore[operator]


def _whole(site: Site, name: str, default: int) -> Expression:
    """An end or a step, which may be written as a float."""
    found = site.call.arguments.get(name)
    if isinstance(found, float):
        return Constant(int(found))
    if isinstance(found, TensorRef):
        return whole_number(site.trace, found)
    return site.number(name, default)


@rule("linspace", "logspace")
def linspace(site: Site) -> tuple[Axis, ...]:
    """`steps` numbers."""
    return (site.number("steps"),)


@rule("eye")
def eye(site: Site) -> tuple[Axis, ...]:
    """n rows and m columns, or n of both."""
    n = site.number("n")
    return (n, site.number("m") if site.has("m") else n)


@rule("randperm")
def randperm(site: Site) -> tuple[Axis, ...]:
    """The numbers below n in random order."""
    return (site.number("n"),)


@rule("hann_window", "hamming_window", "blackman_window", "bartlett_window", "kaiser_window")
def window(site: Site) -> tuple[Axis, ...]:
    """As many weights as the window is long."""
    return (site.number("window_length"),)


@rule("tensor", "as_tensor", "asarray", "scalar_tensor", "new_tensor")
def literal(site: Site) -> Sequence[Axis]:
    """Nested lists: as many as there are; another tensor: its shape."""
    data = site.call.arguments.get("data")
    if isinstance(data, TensorRef):
        return sizes_of(site.trace.tensors[data.id])
    return _lengths(site, data)


def _lengths(site: Site, data: Value) -> tuple[Axis, ...]:
    if isinstance(data, Opaque):
        raise NoRule(f"made from a value of type {data.type}")
    if not isinstance(data, tuple):
        return ()
    inner: Value = data[0] if data else None
    below = sizes_of(site.trace.tensors[inner.id]) if isinstance(inner, TensorRef) else _lengths(site, inner)
    return (len(data), *below)


@rule("meshgrid")
def meshgrid(site: Site) -> list[Sizes]:
    """One axis for each of the given ranges; with indexing "xy" the first two change places."""
    given = [site.trace.tensors[ref.id] for ref in _refs(site)]
    axes = [sizes_of(tensor)[0] if tensor.shape else Constant(1) for tensor in given]
    if site.value("indexing") == "xy" and len(axes) > 1:
        axes[0], axes[1] = axes[1], axes[0]
    return [tuple(axes)] * len(given)


@rule("cartesian_prod")
def cartesian_prod(site: Site) -> tuple[Axis, ...]:
    """All combinations, one a row: the product of the lengths."""
    lengths = [sizes_of(site.trace.tensors[ref.id])[0] for ref in _refs(site)]
    return (lengths[0],) if len(lengths) == 1 else (multiply(*lengths), len(lengths))


def _refs(site: Site) -> tuple[TensorRef, ...]:
    found = site.call.arguments.get("tensors")
    return tuple(item for item in found if isinstance(item, TensorRef)) if isinstance(found, tuple) else ()


@rule("tril_indices", "triu_indices")
def triangle(site: Site) -> tuple[Axis, ...]:
    """The positions in a triangle of a square, two numbers each: m·(m + 1)/2, m the length of its longest row."""
    rows, columns = site.number("row"), site.number("col")
    offset = site.integer("offset", 0)
    inside = -offset if site.call.name == "tril_indices" else offset
    if evaluate(rows) != evaluate(columns) or inside < 0:
        raise NoRule("no triangle of a square")
    side = subtract(rows, inside)
    if evaluate(side) <= 0:
        return (2, 0)
    return (2, floor_divide(multiply(side, add(side, 1)), 2))
