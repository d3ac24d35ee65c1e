"""Products of matrices and sums of products."""

from __future__ import annotations

from collections.abc import Sequence

from nnwhy.facts.expression import Constant, Expression, evaluate, floor_divide, multiply, subtract
from nnwhy.facts.value import TensorRef
from nnwhy.why.registry import Axis, rule
from nnwhy.why.rules.broadcasting import aligned, broadcast
from nnwhy.why.site import NoRule, Site, sizes_of

Shape = tuple[Expression, ...]


@rule("matmul")
def matmul(site: Site) -> tuple[Axis, ...]:
    """(…, n, m) @ (…, m, p) → (…, n, p); vectors lose their axis, the axes before are broadcast.

    Source: https://docs.pytorch.org/docs/stable/generated/torch.matmul.html
    """
    left, right = site.sizes("input"), site.sizes("other")
    if site.call.function.endswith("__rmatmul__"):
        left, right = right, left
    return product(left, right)


def product(left: Shape, right: Shape) -> Shape:
    """The shape of a matrix product."""
    batch = aligned([left[:-2], right[:-2]])
    rows = left[-2:-1] if len(left) > 1 else ()
    columns = right[-1:] if len(right) > 1 else ()
    return (*batch, *rows, *columns)


@rule("mm", "bmm")
def batched_product(site: Site) -> tuple[Axis, ...]:
    """(batch, n, m) × (batch, m, p) → (batch, n, p)."""
    left, right = site.sizes("input"), site.sizes("mat2")
    return (*left[:-1], right[-1])


@rule("_grouped_mm")
def grouped_product(site: Site) -> tuple[Axis, ...]:
    """(tokens, m) × (groups, m, p) → (tokens, p): each group of rows times its own matrix."""
    left, right = site.sizes("input"), site.sizes("mat2")
    if (len(left), len(right)) != (2, 3):
        raise NoRule("groups along other axes")
    return (left[0], right[2])


@rule("mv")
def matrix_vector(site: Site) -> tuple[Axis, ...]:
    """(n, m) × (m,) → (n,)."""
    return (site.sizes("input")[0],)


@rule("dot", "vdot")
def dot(site: Site) -> tuple[Axis, ...]:
    """(n,) · (n,) → a single number."""
    return ()


@rule("addmm")
def addmm(site: Site) -> tuple[Axis, ...]:
    """An addend plus (n, m) × (m, p) → (n, p)."""
    return (site.sizes("mat1")[0], site.sizes("mat2")[1])


@rule("baddbmm")
def baddbmm(site: Site) -> tuple[Axis, ...]:
    """An addend plus (batch, n, m) × (batch, m, p) → (batch, n, p)."""
    left, right = site.sizes("batch1"), site.sizes("batch2")
    return (left[0], left[1], right[2])


@rule("addbmm")
def addbmm(site: Site) -> tuple[Axis, ...]:
    """An addend plus the sum over the batch of (batch, n, m) × (batch, m, p) → (n, p)."""
    return (site.sizes("batch1")[1], site.sizes("batch2")[2])


@rule("addmv")
def addmv(site: Site) -> tuple[Axis, ...]:
    """An addend plus (n, m) × (m,) → (n,)."""
    return (site.sizes("mat")[0],)


@rule("outer", "ger")
def outer(site: Site) -> tuple[Axis, ...]:
    """(n,) and (m,) → (n, m)."""
    return (*site.sizes("input"), *site.sizes("vec2"))


@rule("addr")
def addr(site: Site) -> tuple[Axis, ...]:
    """An addend plus the outer product of (n,) and (m,) → (n, m)."""
    return (*site.sizes("vec1"), *site.sizes("vec2"))


@rule("inner")
def inner(site: Site) -> tuple[Axis, ...]:
    """(…, m) and (…', m) → (…, …'); a single number scales."""
    left, right = site.sizes("input"), site.sizes("other")
    return (*left[:-1], *right[:-1]) if left and right else (*left, *right)


@rule("kron")
def kron(site: Site) -> tuple[Axis, ...]:
    """Each size is the product of both, aligned at the last axis."""
    left, right = site.sizes("input"), site.sizes("other")
    rank = max(len(left), len(right))
    one: tuple[Expression, ...] = (Constant(1),)
    padded = [(*one * (rank - len(shape)), *shape) for shape in (left, right)]
    return tuple(multiply(*pair) for pair in zip(*padded, strict=True))


@rule("cross", "vecdot")
def cross(site: Site) -> tuple[Axis, ...]:
    """Vectors along one axis: the cross product keeps it, the dot product removes it."""
    shape = broadcast((site.tensor("input"), site.tensor("other")))
    if site.call.name == "cross":
        return shape
    dim = site.axis("dim", len(shape), -1)
    return (*shape[:dim], *shape[dim + 1 :])


@rule("multi_dot", "chain_matmul")
def chain(site: Site) -> tuple[Axis, ...]:
    """(n, …) × … × (…, p) → (n, p)."""
    given = [sizes_of(tensor) for tensor in site.tensors("tensors")]
    first = given[0][:1] if len(given[0]) > 1 else ()
    last = given[-1][1:] if len(given[-1]) > 1 else ()
    return (*first, *last)


@rule("cdist")
def cdist(site: Site) -> tuple[Axis, ...]:
    """(…, p, m) and (…, r, m) → (…, p, r), the distances of all pairs."""
    left, right = site.sizes("x1"), site.sizes("x2")
    return (*aligned([left[:-2], right[:-2]]), left[-2], right[-2])


@rule("pdist")
def pdist(site: Site) -> tuple[Axis, ...]:
    """(n, m) → n·(n − 1)/2, the distances of all pairs."""
    n = site.sizes("input")[0]
    return (floor_divide(multiply(n, subtract(n, 1)), 2),)


@rule("tensordot")
def tensordot(site: Site) -> tuple[Axis, ...]:
    """The axes of both that are not summed over."""
    left, right = site.sizes("input"), site.sizes("other")
    dims = site.value("dims", 2)
    if isinstance(dims, int):
        return (*left[: len(left) - dims], *right[dims:])
    if not (isinstance(dims, tuple) and len(dims) == 2):
        raise NoRule("dims is neither a number nor two lists")
    summed = [_positions(part, len(shape)) for part, shape in zip(dims, (left, right), strict=True)]
    kept = [
        [size for axis, size in enumerate(shape) if axis not in gone]
        for shape, gone in zip((left, right), summed, strict=True)
    ]
    return (*kept[0], *kept[1])


def _positions(part: object, rank: int) -> set[int]:
    given = part if isinstance(part, tuple) else (part,)
    return {axis % rank for axis in given if isinstance(axis, int)}  # type: ignore[misc]


@rule("einsum")
def einsum(site: Site) -> tuple[Axis, ...]:
    """Each letter of the result is the axis of that letter in an operand.

    Source: https://docs.pytorch.org/docs/stable/generated/torch.einsum.html
    """
    inputs, result, operands = _equation(site)
    known: dict[str, Expression] = {}
    ellipses: list[Sequence[Expression]] = []
    for term, shape in zip(inputs, operands, strict=True):
        before, dots, after = term.partition("…")
        named = [*zip(before, shape, strict=False)]
        if dots:
            end = len(shape) - len(after)
            ellipses.append(shape[len(before) : end])
            named += zip(after, shape[end:], strict=True)
        for letter, size in named:
            if letter not in known or evaluate(known[letter]) == 1:
                known[letter] = size
    hidden = aligned(ellipses)
    sizes: list[Axis] = []
    for letter in result:
        sizes.extend(hidden if letter == "…" else (known[letter],))
    return tuple(sizes)


def _equation(site: Site) -> tuple[list[str], str, list[Shape]]:
    """The terms of the operands, that of the result, and the operands' shapes; an ellipsis is the one letter "…"."""
    operands = site.call.arguments.get("operands")
    equation = site.value("equation")
    if not isinstance(operands, tuple) or not isinstance(equation, str):
        raise NoRule("operands and lists of axes in turn")
    shapes: list[Shape] = [
        sizes_of(site.trace.tensors[ref.id]) for ref in operands if isinstance(ref, TensorRef)
    ]
    left, arrow, result = equation.replace(" ", "").replace("...", "…").partition("->")
    terms = left.split(",")
    if not arrow:
        letters = sorted(set(left) - {",", "…"})
        once = [letter for letter in letters if left.count(letter) == 1]
        result = ("…" if "…" in left else "") + "".join(once)
    return terms, result, shapes
