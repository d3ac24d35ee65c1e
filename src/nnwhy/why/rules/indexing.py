"""`x[...]` in all its forms: numbers, slices, None, Ellipsis, lists, index tensors and masks.

Source: https://numpy.org/doc/stable/user/basics.indexing.html, of which torch differs in one point: a number takes its axis
away before index tensors are looked at.
"""

from __future__ import annotations

from dataclasses import dataclass

from nnwhy.facts.expression import Constant, Expression, Unknown, add, ceil_divide, evaluate, subtract
from nnwhy.facts.trace import Tensor
from nnwhy.facts.value import Slice, Symbol, TensorRef, Traced, Value, plain
from nnwhy.why.algebra import simplified
from nnwhy.why.registry import Axis, rule
from nnwhy.why.rules.broadcasting import aligned
from nnwhy.why.rules.scalars import whole_number
from nnwhy.why.site import NoRule, Site, sizes_of

_COUNTED = "the number of true values in a mask"
_COUNT = Unknown(-1, _COUNTED)


@dataclass(frozen=True, slots=True)
class _Picked:
    """An axis (or several, under a mask) that index tensors pick from: the shape that they bring in its place."""

    shape: tuple[Expression, ...]


_Part = Expression | _Picked


@rule("__getitem__")
def getitem(site: Site) -> tuple[Axis, ...]:
    """A number takes an axis away, a slice shortens it, None adds one, index tensors put their own shape there."""
    index = site.call.arguments.get("index")
    shape = site.output().shape
    for items in _readings(index):
        sizes = _indexed(site, items)
        if len(sizes) == len(shape):
            return tuple(
                site.from_data(_COUNTED, axis) if size is _COUNT else size for axis, size in enumerate(sizes)
            )
    raise NoRule("an index of another kind")


def _readings(index: Value) -> list[tuple[Value, ...]]:
    """A recorded list looks like a tuple: `x[1, 2]` and `x[[1, 2]]`."""
    if not isinstance(index, tuple):
        return [(index,)]
    only_numbers = all(isinstance(item, int | Traced) for item in index)
    return [index, (index,)] if only_numbers else [index]


def _indexed(site: Site, items: tuple[Value, ...]) -> list[Axis]:
    x = site.sizes("input")
    taken = sum(_axes_taken(site, item) for item in items)
    parts: list[_Part] = []
    axis = 0
    for item in (*items, Symbol("Ellipsis")) if not any(_is_ellipsis(item) for item in items) else items:
        if _is_ellipsis(item):
            rest = len(x) - taken
            parts.extend(x[axis : axis + rest])
            axis += rest
            continue
        parts.extend(_part(site, item, x, axis))
        axis += _axes_taken(site, item)
    return _placed(parts)


def _is_ellipsis(item: Value) -> bool:
    return isinstance(item, Symbol) and item.text == "Ellipsis"


def _axes_taken(site: Site, item: Value) -> int:
    if item is None or isinstance(item, bool) or _is_ellipsis(item):
        return 0
    mask = _mask(site, item)
    return len(mask.shape) if mask is not None else 1


def _mask(site: Site, item: Value) -> Tensor | None:
    if not isinstance(item, TensorRef):
        return None
    tensor = site.trace.tensors[item.id]
    return tensor if tensor.dtype in ("bool", "uint8") else None


def _part(site: Site, item: Value, x: tuple[Expression, ...], axis: int) -> list[_Part]:
    """What one item of the index leaves of the axis that it stands at."""
    if item is None:
        return [Constant(1)]
    if isinstance(item, Slice):
        return [slice_size(site, item, x[axis])]
    if _mask(site, item) is not None:
        return [_Picked((_COUNT,))]
    if isinstance(item, TensorRef):
        tensor = site.trace.tensors[item.id]
        return [_Picked(sizes_of(tensor))] if tensor.shape else []
    if isinstance(item, tuple):
        return [_Picked(_list_shape(item))]
    if isinstance(item, bool) or not isinstance(item, int | Traced):
        raise NoRule(f"an index of type {type(item).__name__}")
    return []


def _list_shape(item: tuple[Value, ...]) -> tuple[Expression, ...]:
    """The shape of nested lists; a list of truth values counts its true ones."""
    if item and all(isinstance(part, bool) for part in item):
        return (Constant(sum(map(bool, item))),)
    inner = item[0] if item else None
    return (Constant(len(item)), *(_list_shape(inner) if isinstance(inner, tuple) else ()))


def _placed(parts: list[_Part]) -> list[Axis]:
    """The broadcast shape of the index tensors stands at the first of them, or in front where other axes lie between them."""
    at = [place for place, part in enumerate(parts) if isinstance(part, _Picked)]
    if not at:
        return [part for part in parts if not isinstance(part, _Picked)]
    picked = list(aligned([part.shape for part in parts if isinstance(part, _Picked)]))
    adjacent = at[-1] - at[0] == len(at) - 1
    before = [part for part in parts[: at[0]] if not isinstance(part, _Picked)] if adjacent else []
    after = [part for part in (parts[at[0] :] if adjacent else parts) if not isinstance(part, _Picked)]
    return [*before, *picked, *after]


def slice_size(site: Site, item: Slice, size: Expression) -> Expression:
    """The length of `size[start:stop:step]`: ⌈(stop − start) / step⌉, both ends held within the axis."""
    step = plain(item.step)
    if not (step is None or isinstance(step, int)):
        raise NoRule("a step that is a tensor")
    start, stop = _edge(site, item.start, size, Constant(0)), _edge(site, item.stop, size, size)
    if evaluate(stop) <= evaluate(start):
        return Constant(0)
    length = _difference(stop, start)
    return length if step in (None, 1) else ceil_divide(length, whole_number(site.trace, item.step))


def _edge(site: Site, item: Value, size: Expression, default: Expression) -> Expression:
    """An end of a slice, counted from the front and held within the axis."""
    if item is None:
        return default
    edge = whole_number(site.trace, item)
    value, limit = evaluate(edge), evaluate(size)
    if value < 0:
        return add(size, edge) if -value < limit else Constant(0)
    return size if value >= limit else edge


def _difference(stop: Expression, start: Expression) -> Expression:
    """stop − start, where `i·w : (i + 1)·w` and `−w :` are w."""
    short = simplified(subtract(stop, start))
    return short if evaluate(short) == evaluate(stop) - evaluate(start) else subtract(stop, start)
