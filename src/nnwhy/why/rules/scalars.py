"""Whole numbers that user code keeps in tensors without axes: `torch.tensor(x.shape[1])` and sums of such.

Their values are not recorded, but how they follow from sizes is; a size that uses one is compared with the true one as always.
"""

from __future__ import annotations

from collections.abc import Callable

from nnwhy.facts.expression import Constant, Expression, add, floor_divide, multiply, subtract
from nnwhy.facts.trace import Trace
from nnwhy.facts.value import TensorRef, Traced, Value
from nnwhy.why.site import NoRule

_MAKERS = ("tensor", "as_tensor", "scalar_tensor")
_SAME = ("to", "long", "int", "clone", "detach", "contiguous", "cpu")
_MEANING: dict[str, Callable[[Expression, Expression], Expression]] = {
    "add": add, "sub": subtract, "mul": multiply, "floor_divide": floor_divide,
}  # fmt: skip


def whole_number(trace: Trace, value: Value) -> Expression:
    """A whole number as an expression, also where it is kept in a tensor. Raises NoRule where its origin is not a size."""
    if isinstance(value, Traced):
        return value.expression
    if isinstance(value, int) and not isinstance(value, bool):
        return Constant(value)
    if not isinstance(value, TensorRef) or trace.tensors[value.id].shape:
        raise NoRule("a number that is no whole number")
    origin = trace.tensors[value.id].origin.call
    if origin is None:
        raise NoRule("a number that depends on the values of tensors")
    call = trace.calls[origin]
    if call.name in _MAKERS:
        return whole_number(trace, call.arguments.get("data"))
    if call.name in _SAME:
        return whole_number(trace, call.arguments.get("input"))
    if call.name in _MEANING and "other" in call.arguments:
        left, right = call.arguments.get("input"), call.arguments["other"]
        if _reflected(call.function):
            left, right = right, left
        return _MEANING[call.name](whole_number(trace, left), whole_number(trace, right))
    raise NoRule("a number that depends on the values of tensors")


def _reflected(function: str) -> bool:
    """Whether the second operand was written first: `5 - n`."""
    name = function.rpartition(".")[2]
    return name.startswith("__r") and name not in ("__rshift__",)
