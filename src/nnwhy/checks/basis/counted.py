"""Which whole numbers a tensor of indices can hold: what an `arange` counts, through the arithmetic behind it."""

from __future__ import annotations

from nnwhy.checks.basis.subject import Subject, integer
from nnwhy.facts.trace import Call

Bounds = tuple[int, int]

_MOST = 24
_HANDED_ON = frozenset(
    {
        "__getitem__", "unsqueeze", "squeeze", "view", "reshape", "expand", "expand_as", "repeat", "flatten", "long", "int", "to",
        "transpose", "permute", "t", "T", "contiguous", "clone", "detach", "tril", "triu", "flip", "roll",
    }
)  # fmt: skip


def bounds_of(subject: Subject, tensor: int, depth: int = _MOST) -> Bounds | None:
    """The least and the greatest number in a tensor, both reached where only one range is behind it; None where not known."""
    call = subject.maker(tensor)
    if call is None or depth == 0:
        return None
    if call.name == "arange":
        return _arange(call)
    if call.name in _HANDED_ON and call.inputs:
        return bounds_of(subject, call.inputs[0], depth - 1)
    if call.name in ("clamp", "clip", "clamp_"):
        whole = bounds_of(subject, call.inputs[0], depth - 1)
        low, high = (integer(call.arguments.get(name)) for name in ("min", "max"))
        return whole and _clamped(whole, low, high)
    if call.name in ("add", "sub", "rsub", "mul", "__add__", "__sub__", "__rsub__", "__radd__"):
        return _of_two(subject, call, depth)
    if call.name in ("abs", "absolute"):
        whole = bounds_of(subject, call.inputs[0], depth - 1)
        return whole and (0 if whole[0] <= 0 <= whole[1] else min(map(abs, whole)), max(map(abs, whole)))
    if call.name == "neg":
        whole = bounds_of(subject, call.inputs[0], depth - 1)
        return whole and (-whole[1], -whole[0])
    return None


def _arange(call: Call) -> Bounds | None:
    end = integer(call.arguments.get("end"))
    start = integer(call.arguments.get("start")) or 0
    step = integer(call.arguments.get("step"))
    numbers = range(start, end, step or 1) if end is not None else range(0)
    return (min(numbers), max(numbers)) if numbers else None


def _clamped(whole: Bounds, low: int | None, high: int | None) -> Bounds:
    def inside(number: int) -> int:
        number = max(number, low) if low is not None else number
        return min(number, high) if high is not None else number

    return inside(whole[0]), inside(whole[1])


def _of_two(subject: Subject, call: Call, depth: int) -> Bounds | None:
    """Two ranges or a range and a number."""
    parts: list[Bounds] = []
    for name, value in call.arguments.items():
        if name in ("alpha", "out"):
            continue
        tensor, number = subject.tensor(value), integer(value)
        found = bounds_of(subject, tensor.id, depth - 1) if tensor is not None else None
        if found is None and number is not None:
            found = (number, number)
        if found is None:
            return None
        parts.append(found)
    if len(parts) != 2:
        return None
    (a, b), (c, d) = reversed(parts) if call.name in ("rsub", "__rsub__") else parts
    if call.name.strip("_") in ("sub", "rsub"):
        return a - d, b - c
    if call.name == "mul":
        products = (a * c, a * d, b * c, b * d)
        return min(products), max(products)
    return a + c, b + d
