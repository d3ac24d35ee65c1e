"""Whole numbers that remember which sizes they were computed from.

`x.shape` and `x.size()` hand these back while a pass is recorded, so that the user's own arithmetic
(`d // heads`, `n = 1; for s in x.size()[1:]: n *= s`) keeps its provenance up to the call that uses it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nnwhy.facts.expression import (
    Constant,
    Expression,
    Operation,
    add,
    floor_divide,
    multiply,
    subtract,
)


@dataclass(frozen=True, slots=True, eq=False)
class RawSize:
    """The leaf of a traced number during recording: an axis of a live tensor at a moment of the tape."""

    tensor: Any
    axis: int
    value: int
    moment: int


class TracedInt(int):
    """An int that knows how it follows from recorded sizes.

    `origin` is an expression whose leaves are `RawSize` and `Constant`, or for a size itself just the tensor, the axis and
    the moment: most sizes are never computed with, and their leaf is made only when somebody asks.
    """

    origin: Any

    @property
    def expression(self) -> Expression:
        """The origin as an expression."""
        if type(self.origin) is tuple:
            tensor, axis, moment = self.origin
            self.origin = RawSize(tensor, axis, int(self), moment)
        return self.origin

    def __neg__(self) -> int:
        return _traced(-int(self), Operation("-", (self.expression,)))

    def __pos__(self) -> int:
        return self

    def __abs__(self) -> int:
        return self if self >= 0 else -self

    def __divmod__(self, other: Any) -> Any:
        return self // other, self % other

    def __reduce__(self) -> Any:
        """Copies and pickles are plain numbers: they outlive the recording."""
        return int, (int(self),)


def traced_size(tensor: Any, axis: int, value: int, moment: int) -> TracedInt:
    """The traced size of `axis` of `tensor`."""
    number = TracedInt(value)
    number.origin = (tensor, axis, moment)
    return number


def traced_product(parts: list[TracedInt]) -> int:
    """The product of `parts`, traced."""
    if not parts:
        return 1
    value = 1
    for part in parts:
        value *= int(part)
    return _traced(value, multiply(*(part.expression for part in parts)))


def _traced(value: int, expression: Expression) -> TracedInt:
    number = TracedInt(value)
    number.origin = expression
    return number


def _expression(number: int) -> Expression:
    return number.expression if isinstance(number, TracedInt) else Constant(int(number))


def _binary(name: str, build: Callable[[Expression, Expression], Expression]) -> tuple[Any, Any]:
    """The method of an operator and its reflected twin; anything but whole numbers falls back to int's own."""
    plain = getattr(int, f"__{name}__")
    reflected = getattr(int, f"__r{name}__")

    def forward(self: TracedInt, other: Any) -> Any:
        value = plain(self, other)
        if not isinstance(value, int) or isinstance(other, bool):
            return value
        return _traced(value, build(self.expression, _expression(other)))

    def backward(self: TracedInt, other: Any) -> Any:
        value = reflected(self, other)
        if not isinstance(value, int) or isinstance(other, bool):
            return value
        return _traced(value, build(_expression(other), self.expression))

    return forward, backward


for _name, _build in {
    "add": add,
    "sub": subtract,
    "mul": multiply,
    "floordiv": floor_divide,
    "mod": lambda left, right: Operation("%", (left, right)),
    "pow": lambda left, right: Operation("**", (left, right)),
}.items():
    _forward, _backward = _binary(_name, _build)
    setattr(TracedInt, f"__{_name}__", _forward)
    setattr(TracedInt, f"__r{_name}__", _backward)
