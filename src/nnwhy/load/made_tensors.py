"""The kind and sizes of tensors that a file makes up: `torch.rand(2, 3).unsqueeze(0)`, `(noise * 2 - 1)`. Read, not run."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from nnwhy.facts.contract import InputSpec
from nnwhy.load.literal import Unreadable, read
from nnwhy.load.reading import Assignments

_SIZED = {"randn", "rand", "zeros", "ones", "empty", "normal"}
CONVERTED = {
    "float": "float32",
    "double": "float64",
    "long": "int64",
    "int": "int32",
    "half": "float16",
    "bool": "bool",
}
SAME = {"to", "cuda", "cpu", "contiguous", "requires_grad_", "detach", "clone"}
_NUMBERWISE = {"div", "mul", "add", "sub", "div_", "mul_", "add_", "sub_", "pow", "clamp", "abs", "neg", "sigmoid", "tanh",
               "exp", "log", "relu", "normal_", "uniform_", "fill_", "round", "floor", "sign"}  # fmt: skip
_AS_METHOD = {"unsqueeze", "squeeze", "permute", "transpose", "flatten", "reshape"}


def spec_of(node: ast.expr, before: Assignments, known: Mapping[str, Any], depth: int) -> InputSpec | None:
    """The spec of an expression that makes a tensor."""
    if depth > 6:
        return None
    if isinstance(node, ast.Name):
        for index in range(len(before) - 1, -1, -1):
            if before[index][0] == node.id:
                return spec_of(before[index][1], before[:index], known, depth + 1)
        return None
    if isinstance(node, ast.BinOp):
        return _scaled(node, before, known, depth)
    if isinstance(node, ast.Subscript):
        return _item(node, before, known, depth)
    if not isinstance(node, ast.Call):
        return None
    function = last_name(node.func)
    method = isinstance(node.func, ast.Attribute) and not _is_library(node.func.value, before)
    keywords = {keyword.arg: keyword.value for keyword in node.keywords}
    if method and isinstance(node.func, ast.Attribute):
        inner = spec_of(node.func.value, before, known, depth + 1)
        return _changed(inner, function, node.args, known) if inner is not None else None
    if function in _AS_METHOD and node.args:
        inner = spec_of(node.args[0], before, known, depth + 1)
        return _changed(inner, function, node.args[1:], known) if inner is not None else None
    if function in _SIZED:
        spec = sizes_of(
            keywords["size"]
            if "size" in keywords
            else node.args[0]
            if len(node.args) == 1
            else ast.Tuple(node.args, ast.Load()),
            known,
        )
        return _typed(spec, keywords) if spec is not None else None
    if function == "randint":
        size = keywords.get("size", node.args[-1] if node.args else None)
        spec = sizes_of(size, known) if size is not None else None
        return replace(spec, dtype="int64") if spec is not None else None
    if function in ("tensor", "LongTensor", "FloatTensor") and node.args:
        return _literal(node.args[0], "int64" if function == "LongTensor" else "", known)
    if function in ("Variable", "from_numpy") and node.args:
        return spec_of(node.args[0], before, known, depth + 1)
    return None


def _is_library(node: ast.expr, before: Assignments) -> bool:
    """Whether a name before a dot is no variable: `torch`, `np`, or what else they were imported as."""
    while isinstance(node, ast.Attribute):  # np.random
        node = node.value
    return isinstance(node, ast.Name) and all(name != node.id for name, _ in before)


def _scaled(node: ast.BinOp, before: Assignments, known: Mapping[str, Any], depth: int) -> InputSpec | None:
    """`torch.rand(2, 3) * 2 - 1`: a tensor and a number."""
    for tensor, number in ((node.left, node.right), (node.right, node.left)):
        spec = spec_of(tensor, before, known, depth + 1)
        if spec is not None and _is_number(number, known):
            whole = spec.dtype in ("int64", "int32") and isinstance(node.op, ast.Div)
            return replace(spec, dtype="float32") if whole else spec
    return None


def _item(node: ast.Subscript, before: Assignments, known: Mapping[str, Any], depth: int) -> InputSpec | None:
    """`batch["image"]` of a dictionary that the file writes out."""
    if not isinstance(node.value, ast.Name) or not isinstance(node.slice, ast.Constant):
        return None
    held = [value for name, value in before if name == node.value.id]
    if not held or not isinstance(held[-1], ast.Dict):
        return None
    for key, value in zip(held[-1].keys, held[-1].values, strict=True):
        if isinstance(key, ast.Constant) and key.value == node.slice.value:
            return spec_of(value, before, known, depth + 1)
    return None


def _is_number(node: ast.expr, known: Mapping[str, Any]) -> bool:
    try:
        return isinstance(read(node, known), int | float)
    except Unreadable:
        return False


def _changed(
    inner: InputSpec, function: str, arguments: Sequence[ast.expr], known: Mapping[str, Any]
) -> InputSpec | None:
    """The spec after a method of the tensor."""
    if function in SAME:
        return inner
    if function in CONVERTED:
        return replace(inner, dtype=CONVERTED[function])
    try:
        given = [read(part, known) for part in arguments]
    except Unreadable:
        return None
    sizes = inner.sizes
    rank = len(sizes)
    if function in _NUMBERWISE and all(isinstance(value, int | float) for value in given):
        whole = inner.dtype in ("int64", "int32") and function.startswith("div")
        return replace(inner, dtype="float32") if whole else inner
    if function in ("view", "reshape"):
        made = given[0] if len(given) == 1 and isinstance(given[0], tuple | list) else given
        if all(isinstance(size, int) and size > 0 for size in made):
            return replace(inner, sizes=tuple(made))
        return None
    axes = [value for value in given if isinstance(value, int) and -rank - 1 <= value <= rank]
    if len(axes) != len(given):
        return None
    if function == "unsqueeze" and len(axes) == 1:
        axis = axes[0] % (rank + 1)
        return replace(inner, sizes=(*sizes[:axis], 1, *sizes[axis:]))
    if function == "squeeze" and len(axes) == 1 and rank:
        axis = axes[0] % rank
        return replace(inner, sizes=sizes[:axis] + sizes[axis + 1 :]) if sizes[axis] == 1 else inner
    if function == "permute" and sorted(axis % rank for axis in axes) == list(range(rank)):
        return replace(inner, sizes=tuple(sizes[axis % rank] for axis in axes))
    if function == "transpose" and len(axes) == 2 and rank:
        order = list(range(rank))
        one, other = axes[0] % rank, axes[1] % rank
        order[one], order[other] = other, one
        return replace(inner, sizes=tuple(sizes[axis] for axis in order))
    return None


def sizes_of(node: ast.expr, known: Mapping[str, Any]) -> InputSpec | None:
    """The spec of whole-number sizes."""
    if isinstance(node, ast.Tuple | ast.List) and any(isinstance(part, ast.Starred) for part in node.elts):
        return _spread(node.elts, known)
    try:
        given = read(node, known)
    except Unreadable:
        return None
    sizes = (given,) if isinstance(given, int) else given
    if not isinstance(sizes, tuple | list):
        return None
    whole = tuple(size for size in sizes if isinstance(size, int) and not isinstance(size, bool) and size > 0)
    return InputSpec(whole) if len(whole) == len(sizes) else None


def _spread(parts: Sequence[ast.expr], known: Mapping[str, Any]) -> InputSpec | None:
    """`(2, *shape)`."""
    sizes: list[int | str] = []
    for part in parts:
        spec = sizes_of(part.value if isinstance(part, ast.Starred) else part, known)
        if spec is None:
            return None
        sizes.extend(spec.sizes)
    return InputSpec(tuple(sizes))


def _typed(spec: InputSpec, keywords: Mapping[str | None, ast.expr]) -> InputSpec:
    given = keywords.get("dtype")
    name = last_name(given) if given is not None else ""
    named = {"long": "int64", "int": "int32", "float": "float32", "double": "float64", "half": "float16"}.get(
        name, name
    )
    return replace(spec, dtype=named) if named else spec


def _literal(node: ast.expr, dtype: str, known: Mapping[str, Any]) -> InputSpec | None:
    """The spec of nested lists of numbers."""
    try:
        value = read(node, known)
    except Unreadable:
        return None
    sizes: list[int] = []
    inner: Any = value
    while isinstance(inner, tuple | list) and inner:
        sizes.append(len(inner))
        inner = inner[0]
    kind = (
        "bool"
        if isinstance(inner, bool)
        else "int64"
        if isinstance(inner, int)
        else "float32"
        if isinstance(inner, float)
        else ""
    )
    return InputSpec(tuple(sizes), dtype or kind) if kind else None


def last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
