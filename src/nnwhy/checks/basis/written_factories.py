"""Tensors that torch's functions make from numbers, lists and other tensors, by syntax: their shapes, kinds and ranges."""

from __future__ import annotations

import ast
from math import prod

from nnwhy.checks.basis.written_calls import (
    NUMBER,
    Number,
    Read,
    Value,
    WrittenTensor,
    argument_of,
    dtype_of,
    reduced,
    through,
)
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceArgument, SourceCall, SourceFacts

_FACTORIES = {
    "rand": "float32", "randn": "float32", "zeros": "float32", "ones": "float32", "empty": "float32", "randint": "int64",
    "full": "float32",
}  # fmt: skip
_LIKE = ("rand_like", "randn_like", "zeros_like", "ones_like", "empty_like", "full_like")


def made(call: SourceCall, value: Read, number: Number, source: SourceFacts) -> Value:
    """What a function of torch gives."""
    name = call.resolved.rpartition(".")[2]
    given = [a for a in call.arguments if not a.name]
    if any(a.starred for a in call.arguments):
        return None
    if name in _FACTORIES and call.resolved == f"torch.{name}":
        return _filled(call, given, number, source, name)
    if name in ("arange", "linspace", "eye") and call.resolved == f"torch.{name}":
        return _counted(call, given, number, name)
    if name in ("tensor", "as_tensor", "FloatTensor", "LongTensor") and given:
        return _listed(call, source, given[0].place, name, number)
    if name == "one_hot" and given:
        classes = number(argument_of(call, "num_classes", 1))
        before = value(given[0].place)
        if not isinstance(before, WrittenTensor) or classes is None:
            return None
        return WrittenTensor((*before.shape, classes), "int64", 2, 0)
    if name in ("stack", "cat") and given:
        return _joined(value(given[0].place), number(argument_of(call, "dim", 1)) or 0, name)
    if not given:
        return None
    first = value(given[0].place)
    if not isinstance(first, WrittenTensor):
        return None
    if name in _LIKE:
        return WrittenTensor(first.shape, dtype_of(call, first.dtype))
    if name in ("max", "min"):
        return reduced(call, first, number, skip=1)
    if name == "gather":
        index = argument_of(call, "index", 2)
        chosen = value(index) if index is not None else None
        return WrittenTensor(chosen.shape, first.dtype) if isinstance(chosen, WrittenTensor) else None
    return through(call, first, number, skip=1)


def _filled(
    call: SourceCall, given: list[SourceArgument], number: Number, source: SourceFacts, name: str
) -> WrittenTensor | None:
    kind = dtype_of(call, _FACTORIES[name])
    sized = next((a for a in call.arguments if a.name == "size"), None)
    if name in ("randint", "full"):
        tuples = [a for a in given if a.text.startswith(("(", "["))]
        sized = sized or (tuples[0] if len(tuples) == 1 else None)
        if sized is None:
            return None
    if sized is not None or (len(given) == 1 and given[0].text.startswith(("(", "["))):
        sizes = _sizes(source, (sized or given[0]).place, number)
    else:
        sizes = [number(a.place) for a in given]
    shape = tuple(size for size in sizes if size is not None)
    if len(shape) != len(sizes):
        return None
    bounds = (
        [number(a.place) for a in given if not a.text.startswith(("(", "["))] if name == "randint" else []
    )
    if name == "randint" and not bounds:
        bounds = [
            number(argument_of(call, word, 9)) for word in ("low", "high") if argument_of(call, word, 9)
        ]
    return WrittenTensor(
        shape, kind, bounds[-1] if bounds else None, bounds[0] if len(bounds) > 1 else 0 if bounds else None
    )


def _sizes(source: SourceFacts, place: Place, number: Number) -> list[int | None]:
    from nnwhy.checks.basis.operands import inside

    text = source.at(place)
    try:
        tree = ast.parse(text, mode="eval").body if text.isascii() else None
    except (SyntaxError, ValueError):
        return [None]
    if not isinstance(tree, ast.Tuple | ast.List):
        return [None]
    return [number(inside(place, node)) for node in tree.elts]


def _counted(
    call: SourceCall, given: list[SourceArgument], number: Number, name: str
) -> WrittenTensor | None:
    numbers = [number(a.place) for a in given]
    if name == "linspace":
        steps = number(argument_of(call, "steps", 2))
        return WrittenTensor((steps,), "float32") if steps is not None else None
    whole = [n for n in numbers if n is not None]
    if len(whole) != len(numbers) or not whole:
        return None
    if name == "eye":
        return WrittenTensor((whole[0], whole[-1]), "float32")
    counted = range(*whole)
    if not counted:
        return None
    return WrittenTensor((len(counted),), dtype_of(call, "int64"), max(counted) + 1, min(counted))


def _listed(
    call: SourceCall, source: SourceFacts, place: Place, name: str, number: Number
) -> WrittenTensor | None:
    """`torch.tensor([[0, 1], [1, 0]])`, and of a list that is made by `[… for i in range(n)]`."""
    from nnwhy.checks.basis.bindings import bindings

    text = source.at(place)
    if text.isidentifier():
        found = next((b for b in bindings(source, text, place) if b.kind == "value" and not b.path), None)
        return (
            _listed(call, source, found.place, name, number)
            if found is not None and found.place != place
            else None
        )
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return None
    kind = {"FloatTensor": "float32", "LongTensor": "int64"}.get(name, "")
    if (
        isinstance(tree, ast.ListComp)
        and len(tree.generators) == 1
        and not isinstance(tree.elt, ast.List | ast.Tuple | ast.ListComp)
    ):
        over = tree.generators[0].iter
        plain = isinstance(over, ast.Call) and ast.unparse(over.func) == "range" and len(over.args) == 1
        count = over.args[0] if plain and isinstance(over, ast.Call) else None
        known = (
            isinstance(count, ast.Constant) and isinstance(count.value, int) and not tree.generators[0].ifs
        )
        size = count.value if known and isinstance(count, ast.Constant) else None
        below, usual = _turned(tree.elt, tree.generators[0].target)
        kind = dtype_of(call, kind or usual)
        return (
            WrittenTensor((size,), kind, below, 0 if below else None)
            if isinstance(size, int) and kind
            else None
        )
    try:
        values = ast.literal_eval(tree)
    except (ValueError, TypeError):
        return None
    shape: list[int] = []
    numbers = values
    while isinstance(numbers, list | tuple):
        shape.append(len(numbers))
        if not numbers:
            return None
        numbers = numbers[0]
    flat = _flat(values)
    if flat is None or prod(shape) != len(flat):
        return None
    floating = any(isinstance(n, float) for n in flat)
    dtype = dtype_of(call, kind or ("float32" if floating else "int64"))
    whole = [n for n in flat if isinstance(n, int)] if not floating else []
    return WrittenTensor(
        tuple(shape), dtype, max(whole) + 1 if whole else None, min(whole) if whole else None
    )


def _turned(element: ast.expr, name: ast.expr) -> tuple[int | None, str]:
    """What `i % 3 for i in range(…)` stays below, and the kind of its numbers; "" where that is not sure."""
    if isinstance(element, ast.Constant):
        return None, {"int": "int64", "float": "float32"}.get(type(element.value).__name__, "")
    if (
        isinstance(element, ast.BinOp)
        and isinstance(element.op, ast.Mod)
        and ast.unparse(element.left) == ast.unparse(name)
    ):
        below = element.right.value if isinstance(element.right, ast.Constant) else None
        return (below, "int64") if isinstance(below, int) else (None, "")
    return None, "int64" if ast.unparse(element) == ast.unparse(name) else ""


def _flat(values: object) -> list[int | float] | None:
    if isinstance(values, int | float) and not isinstance(values, bool):
        return [values]
    if not isinstance(values, list | tuple):
        return None
    parts = [_flat(value) for value in values]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return None if None in parts else [n for p in parts if p is not None for n in p]


def _joined(parts: Value, axis: int, name: str) -> WrittenTensor | None:
    if not isinstance(parts, tuple):
        return None
    tensors = [t for t in parts if isinstance(t, WrittenTensor) and t.dtype != NUMBER]
    if len(tensors) != len(parts) or not tensors:
        return None
    shape = tensors[0].shape
    if name == "stack":
        at = axis % (len(shape) + 1)
        return (
            tensors[0].shaped((*shape[:at], len(tensors), *shape[at:]))
            if len({t.shape for t in tensors}) == 1
            else None
        )
    if len({len(t.shape) for t in tensors}) != 1 or not shape:
        return None
    at = axis % len(shape)
    return tensors[0].shaped((*shape[:at], sum(t.shape[at] for t in tensors), *shape[at + 1 :]))
