"""Several tensors become one, and one becomes several."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

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
from nnwhy.facts.trace import Tensor
from nnwhy.why.registry import Axis, Formula, Sizes, rule
from nnwhy.why.site import NoRule, Site, sizes_of


@rule("cat", "concat", "concatenate")
def cat(site: Site) -> tuple[Axis, ...]:
    """The sizes add up along `dim`; the others are those of the first tensor."""
    given = _without_empty(site.tensors("tensors"))
    return _joined(given, site.axis("dim", len(given[0].shape), 0))


def _without_empty(tensors: Sequence[Tensor]) -> list[Tensor]:
    """A tensor of shape (0,) may be joined with any other, for old code."""
    return [tensor for tensor in tensors if tensor.shape != (0,)] or list(tensors)


def _joined(given: Sequence[Tensor], dim: int) -> tuple[Axis, ...]:
    shapes = [sizes_of(tensor) for tensor in given]
    return _with(shapes[0], dim, add(*(shape[dim] for shape in shapes)))


@rule("stack")
def stack(site: Site) -> tuple[Axis, ...]:
    """A new axis as long as there are tensors."""
    given = site.tensors("tensors")
    shape = sizes_of(given[0])
    dim = site.axis("dim", len(shape) + 1, 0)
    return (*shape[:dim], Constant(len(given)), *shape[dim:])


@rule("hstack", "vstack", "dstack", "column_stack")
def stack_by_name(site: Site) -> tuple[Axis, ...]:
    """`hstack` joins along the second axis (the first of vectors), `vstack` along the first, `dstack` along the third."""
    shapes = [_raised(sizes_of(tensor), site.call.name) for tensor in site.tensors("tensors")]
    dim = {"vstack": 0, "dstack": 2, "column_stack": 1}.get(site.call.name, min(1, len(shapes[0]) - 1))
    return _with(shapes[0], dim, add(*(shape[dim] for shape in shapes)))


def _raised(shape: tuple[Expression, ...], name: str) -> tuple[Expression, ...]:
    """The axes that are put in front of, or behind, those of a vector before it is joined."""
    one = Constant(1)
    if name == "vstack":
        return (*(one,) * (2 - len(shape)), *shape)
    if name == "column_stack":
        return (*shape, *(one,) * (2 - len(shape)))
    if name == "dstack":
        raised = (*(one,) * (2 - len(shape)), *shape)
        return (*raised, *(one,) * (3 - len(raised)))
    return shape or (one,)


@rule("block_diag")
def block_diag(site: Site) -> tuple[Axis, ...]:
    """The matrices along the diagonal: their heights add up, and their widths; a vector is one row."""
    shapes = [(*(Constant(1),) * (2 - len(t.shape)), *sizes_of(t)) for t in site.tensors("tensors")]
    return (add(*(shape[0] for shape in shapes)), add(*(shape[1] for shape in shapes)))


@rule("split", "split_with_sizes", "unsafe_split")
def split(site: Site) -> list[Sizes]:
    """Parts of the given size, the last one with what is left; or parts of the given sizes."""
    x = site.sizes("input")
    dim = site.axis("dim", len(x), 0)
    given = site.call.arguments.get("split_size_or_sections")
    if isinstance(given, tuple):
        return [_with(x, dim, size) for size in site.elements("split_size_or_sections")]
    return _parts(x, dim, site.number("split_size_or_sections"), len(site.call.outputs))


def _parts(x: tuple[Expression, ...], dim: int, size: Expression, count: int) -> list[Sizes]:
    """`count` parts of `size`, the last one with what is left."""
    if count == 1:
        return [x]
    left = evaluate(x[dim]) - (count - 1) * evaluate(size)
    last = size if left == evaluate(size) else subtract(x[dim], multiply(count - 1, size))
    return [_with(x, dim, size)] * (count - 1) + [_with(x, dim, last)]


@rule("chunk", "unsafe_chunk")
def chunk(site: Site) -> list[Sizes]:
    """Parts of ⌈size / chunks⌉, the last one with what is left; there may be fewer of them."""
    x = site.sizes("input")
    dim, chunks, count = site.axis("dim", len(x), 0), site.number("chunks"), len(site.call.outputs)
    size = ceil_divide(x[dim], chunks)
    if evaluate(x[dim]) % max(1, evaluate(chunks)):
        return _parts(x, dim, size, count)
    return [_with(x, dim, Formula(floor_divide(x[dim], chunks), size))] * count


@rule("unbind")
def unbind(site: Site) -> list[Sizes]:
    """One tensor for each step along an axis, which is gone."""
    x = site.sizes("input")
    dim = site.axis("dim", len(x), 0)
    return [(*x[:dim], *x[dim + 1 :])] * len(site.call.outputs)


@rule("tensor_split", "hsplit", "vsplit", "dsplit")
def tensor_split(site: Site) -> list[Sizes]:
    """That many parts, the first ones one larger where it does not divide; or parts between the given positions."""
    x = site.sizes("input")
    by_name = {"hsplit": min(1, len(x) - 1), "vsplit": 0, "dsplit": 2}
    dim = by_name.get(site.call.name)
    if dim is None:
        dim = site.axis("dim", len(x), 0)
    given = site.value("indices_or_sections")
    if given is None:
        given = site.value("sections", site.value("indices"))
    if isinstance(given, int):
        sections = site.number(next(n for n in ("indices_or_sections", "sections") if site.has(n)))
        larger = evaluate(x[dim]) % given
        base = floor_divide(x[dim], sections)
        return [_with(x, dim, add(base, 1) if part < larger else base) for part in range(given)]
    if not isinstance(given, tuple):
        raise NoRule("positions in a tensor")
    name = "indices_or_sections" if site.has("indices_or_sections") else "indices"
    cuts = [_clamped(cut, x[dim]) for cut in site.elements(name)]
    edges: list[Expression] = [Constant(0), *cuts, x[dim]]
    return [
        _with(x, dim, subtract(end, start) if evaluate(end) > evaluate(start) else Constant(0))
        for start, end in pairwise(edges)
    ]


def _clamped(cut: Expression, size: Expression) -> Expression:
    """A position between 0 and `size`, counted from the end where it is negative."""
    value, limit = evaluate(cut), evaluate(size)
    if value >= limit:
        return size
    if value < 0:
        return add(size, Constant(value)) if -value < limit else Constant(0)
    return cut


def _with(x: Sequence[Expression], dim: int, size: Axis) -> tuple[Axis, ...]:
    return (*x[:dim], size, *x[dim + 1 :])
