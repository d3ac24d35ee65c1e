"""What torch's functions and a tensor's methods make of shapes, by syntax."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil, prod
from typing import TypeAlias

from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceCall

NUMBER = "number"

_KINDS = {
    "float": "float32", "long": "int64", "int": "int32", "double": "float64", "half": "float16", "bool": "bool",
    "byte": "uint8", "short": "int16",
}  # fmt: skip
_SAME = (
    "to", "cuda", "cpu", "detach", "clone", "contiguous", "requires_grad_", "softmax", "sigmoid", "relu", "clamp", "log", "exp",
    "log_softmax", "abs", "sin", "cos", "tanh", "sqrt", "square", "round", "floor", "sign", "type_as",
    "flip", "cumsum", "roll",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class WrittenTensor:
    """The shape and kind of a tensor, as far as the code shows them. Its whole numbers are at least `least` and `below` that
    one, where the code shows it; of kind `NUMBER` it is no tensor but a number."""

    shape: tuple[int, ...]
    dtype: str
    below: int | None = None
    least: int | None = None

    def shaped(self, shape: tuple[int, ...]) -> WrittenTensor:
        """The same values in another shape."""
        return replace(self, shape=shape)


Value: TypeAlias = "WrittenTensor | tuple[Value, ...] | None"
Read = Callable[[Place], Value]
Number = Callable[[Place | None], int | None]


def broadcast(one: Value, other: Value, *, division: bool = False, dtype: str = "") -> WrittenTensor | None:
    """The result of an operation element by element; None where the shapes do not fit, or one is not known."""
    if not isinstance(one, WrittenTensor) or not isinstance(other, WrittenTensor):
        return None
    rank = max(len(one.shape), len(other.shape))
    left, right = ((1,) * (rank - len(t.shape)) + t.shape for t in (one, other))
    if any(a != b and 1 not in (a, b) for a, b in zip(left, right, strict=True)):
        return None
    shape = tuple(max(a, b) if 0 not in (a, b) else 0 for a, b in zip(left, right, strict=True))
    kinds = [t.dtype for t in (one, other) if t.dtype != NUMBER]
    floating = [kind for kind in kinds if kind.startswith("float")]
    found = dtype or (floating or kinds or [NUMBER])[0]
    return WrittenTensor(shape, "float32" if division and found not in (NUMBER, *floating) else found)


def part(whole: Value, index: ast.expr, number: Callable[[ast.expr], int | None]) -> Value:
    """`whole[index]`."""
    if isinstance(whole, tuple):
        at = number(index)
        return whole[at] if at is not None and -len(whole) <= at < len(whole) else None
    if whole is None or whole.dtype == NUMBER:
        return None
    steps = index.elts if isinstance(index, ast.Tuple) else [index]
    rest, shape = list(whole.shape), list[int]()
    for step in steps:
        if isinstance(step, ast.Constant) and step.value is None:
            shape.append(1)
            continue
        if isinstance(step, ast.Constant) and step.value is ...:
            keep = len(rest) - sum(
                not isinstance(s, ast.Constant) or type(s.value) is int
                for s in steps[steps.index(step) + 1 :]
            )
            shape += [rest.pop(0) for _ in range(max(0, keep))]
            continue
        if not rest:
            return None
        size = rest.pop(0)
        if isinstance(step, ast.Slice):
            kept = _kept(size, step, number)
            if kept is None:
                return None
            shape.append(kept)
        elif number(step) is None and not isinstance(step, ast.Name):
            return None
    return whole.shaped((*shape, *rest))


def _kept(size: int, step: ast.Slice, number: Callable[[ast.expr], int | None]) -> int | None:
    """How many a slice keeps; of `x[i : i + 16]` and `x[i * 16 : (i + 1) * 16]` the first."""
    low = number(step.lower) if step.lower is not None else 0
    high = number(step.upper) if step.upper is not None else size
    stride = number(step.step) if step.step is not None else 1
    if low is not None and high is not None and stride is not None:
        return len(range(size)[low:high:stride])
    if step.lower is None or step.upper is None or step.step is not None:
        return None
    sizes = {
        _at(step.upper, variable) - _at(step.lower, variable)
        for variable in (0, 1)
        if _names(step.lower) == _names(step.upper) and len(_names(step.lower)) == 1
    }
    return min(size, ceil(sizes.pop())) if len(sizes) == 1 else None


def _names(tree: ast.expr) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _at(tree: ast.expr, value: int) -> float:
    """A sum or product of numbers and one name, where the name has this value; NaN where it is something else."""
    if isinstance(tree, ast.Name):
        return value
    if isinstance(tree, ast.Constant) and isinstance(tree.value, int):
        return tree.value
    if isinstance(tree, ast.BinOp):
        left, right = _at(tree.left, value), _at(tree.right, value)
        if isinstance(tree.op, ast.Add):
            return left + right
        if isinstance(tree.op, ast.Mult):
            return left * right
    return float("nan")


def through(call: SourceCall, before: WrittenTensor, number: Number, skip: int = 0) -> WrittenTensor | None:
    """What a method makes of its tensor, or a function of its first argument (`skip` is 1)."""
    name = call.function.rpartition(".")[2]
    arguments = [a for a in call.arguments if not a.name][skip:]
    shape, numbers, rank = before.shape, [number(a.place) for a in arguments], len(before.shape)
    words = [a.text for a in call.arguments if "torch." in a.text]
    if name in _KINDS and not numbers:
        return replace(before, dtype=_KINDS[name])
    if name in ("to", "type") and len(words) == 1:
        kind = _named(words[0])
        return replace(before, dtype=kind) if kind else None if "dtype" in words[0] else before
    if name in _SAME and not words:
        return (
            before
            if name in ("to", "cuda", "cpu", "detach", "clone", "contiguous", "requires_grad_")
            else WrittenTensor(shape, before.dtype)
        )
    axes = [n for n in numbers if n is not None]
    named = number(argument_of(call, "dim", 99))
    unread = named is None and any(a.name in ("dim", "axis") for a in call.arguments)
    if unread or len(axes) != len(numbers):  # dim=(1, 2), or an axis that is worked out
        return None
    if name in ("unsqueeze", "squeeze", "argmax", "sum", "mean", "max") and not axes and named is not None:
        axes = [named]
    return _rearranged(call, name, before, axes, rank)


def reduced(call: SourceCall, before: WrittenTensor, number: Number, skip: int = 0) -> Value:
    """`x.max(1)`: values and positions, which `[0]`, `.values` and unpacking take apart; the one number of `x.max()`."""
    arguments = [a for a in call.arguments if not a.name][skip:]
    axis = number(argument_of(call, "dim", skip)) if arguments or argument_of(call, "dim", 99) else None
    rank = len(before.shape)
    if axis is None or not -rank <= axis < rank:
        return WrittenTensor((), before.dtype) if not arguments and axis is None else None
    at = axis % rank
    kept = (1,) if any(a.name == "keepdim" and a.text == "True" for a in call.arguments) else ()
    shape = (*before.shape[:at], *kept, *before.shape[at + 1 :])
    return (WrittenTensor(shape, before.dtype), WrittenTensor(shape, "int64", before.shape[at], 0))


def _rearranged(
    call: SourceCall, name: str, before: WrittenTensor, axes: list[int], rank: int
) -> WrittenTensor | None:
    shape = before.shape
    if name == "unsqueeze" and len(axes) == 1 and -rank - 1 <= axes[0] <= rank:
        at = axes[0] % (rank + 1)
        return before.shaped((*shape[:at], 1, *shape[at:]))
    if name == "squeeze":
        gone = {axis % rank for axis in axes if -rank <= axis < rank} if axes else set(range(rank))
        return before.shaped(tuple(s for i, s in enumerate(shape) if i not in gone or s != 1))
    if name in ("view", "reshape") and axes and axes.count(-1) <= 1:
        rest = prod(axis for axis in axes if axis != -1)
        return (
            before.shaped(tuple(prod(shape) // rest if axis == -1 else axis for axis in axes))
            if rest
            else None
        )
    if name == "flatten" and len(axes) <= 1 and not any(a.name for a in call.arguments):
        first = axes[0] if axes else 0
        return before.shaped((*shape[:first], prod(shape[first:]))) if 0 <= first < rank else None
    if name in ("argmax", "sum", "mean") and len(axes) == 1 and -rank <= axes[0] < rank:
        at = axes[0] % rank
        kept = (1,) if any(a.name == "keepdim" and a.text == "True" for a in call.arguments) else ()
        dtype = "int64" if name == "argmax" else before.dtype
        below = shape[at] if name == "argmax" else None
        return WrittenTensor(
            (*shape[:at], *kept, *shape[at + 1 :]), dtype, below, 0 if below is not None else None
        )
    if name in ("argmax", "sum", "mean") and not axes:
        return WrittenTensor((), "int64" if name == "argmax" else before.dtype)
    if name == "permute" and sorted(axis % rank for axis in axes) == list(range(rank)):
        return before.shaped(tuple(shape[axis % rank] for axis in axes))
    if name == "transpose" and len(axes) == 2 and all(-rank <= axis < rank for axis in axes):
        order = list(range(rank))
        order[axes[0]], order[axes[1]] = order[axes[1]], order[axes[0]]
        return before.shaped(tuple(shape[axis] for axis in order))
    if name == "t" and rank == 2:
        return before.shaped(shape[::-1])
    if name in ("repeat", "expand") and axes and len(axes) == rank and -1 not in axes:
        return before.shaped(
            tuple(a * s if name == "repeat" else a for a, s in zip(axes, shape, strict=True))
        )
    return None


def argument_of(call: SourceCall, name: str, position: int) -> Place | None:
    """The argument that is written by `name` or stands at `position`."""
    for argument in call.arguments:
        if argument.name == name or (not argument.name and argument.index == position):
            return argument.place
    return None


def dtype_of(call: SourceCall, usual: str) -> str:
    """The kind that the call's `dtype` names, else the usual one."""
    given = next((a.text for a in call.arguments if a.name == "dtype"), "")
    return _named(given) or usual


def _named(text: str) -> str:
    """The kind that "torch.long" names, "" where it names none."""
    last = text.rpartition(".")[2]
    full = {
        "long": "int64",
        "float": "float32",
        "double": "float64",
        "int": "int32",
        "half": "float16",
        "short": "int16",
    }.get(last, last)
    return full if full in (*_KINDS.values(), "int8", "bfloat16") else ""
