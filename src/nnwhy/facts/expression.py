"""Whole-number expressions over sizes and arguments: what a derivation is made of.

Each leaf carries the value that it had in the recorded pass, so that an expression
can be evaluated, checked against the true size, and evaluated again for other sizes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import prod
from typing import Literal


@dataclass(frozen=True, slots=True)
class Size:
    """The size of one axis of a recorded tensor."""

    tensor: int
    axis: int
    value: int


@dataclass(frozen=True, slots=True)
class Argument:
    """A number that the user passed: `name` is the parameter's name, `index` its element where it is a tuple.

    `call` is the recorded call that it was passed to; None where it is a constructor argument of the module `owner`.
    """

    call: int | None
    name: str
    value: int
    index: int | None = None
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Constant:
    """A number that stands in an expression by itself: part of a function's definition, or a literal in the user's arithmetic."""

    value: int


@dataclass(frozen=True, slots=True)
class Unknown:
    """A number whose origin could not be found, with the cause."""

    value: int
    cause: str


Operator = Literal["+", "-", "*", "//", "ceil", "%", "max", "min", "**"]


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator over expressions. "//" is the floor and "ceil" the ceiling of a quotient; "+", "*", "max", "min" take any number of operands."""

    operator: Operator
    operands: tuple[Expression, ...]


Leaf = Size | Argument | Constant | Unknown
Expression = Leaf | Operation

_MEANING: dict[str, Callable[[list[int]], int]] = {
    "+": sum,
    "*": prod,
    "-": lambda v: -v[0] if len(v) == 1 else v[0] - v[1],
    "//": lambda v: v[0] // v[1],
    "ceil": lambda v: -(-v[0] // v[1]),
    "%": lambda v: v[0] % v[1],
    "max": max,
    "min": min,
    "**": lambda v: v[0] ** v[1],
}


def evaluate(expression: Expression, leaf: Callable[[Leaf], int] | None = None) -> int:
    """The value of `expression`; `leaf` gives other values to the leaves than the recorded ones.

    Raises ZeroDivisionError where a divisor is zero.
    """
    if isinstance(expression, Operation):
        return _MEANING[expression.operator]([evaluate(part, leaf) for part in expression.operands])
    return expression.value if leaf is None else leaf(expression)


def leaves(expression: Expression) -> Iterator[Leaf]:
    """The leaves of `expression` from left to right, repeated ones included."""
    if isinstance(expression, Operation):
        for part in expression.operands:
            yield from leaves(part)
    else:
        yield expression


def substitute(expression: Expression, replacement: Callable[[Leaf], Expression]) -> Expression:
    """`expression` with each leaf replaced."""
    if isinstance(expression, Operation):
        parts = tuple(substitute(part, replacement) for part in expression.operands)
        return expression if parts == expression.operands else Operation(expression.operator, parts)
    return replacement(expression)


def add(*parts: Expression | int) -> Expression:
    """The sum, with constants gathered at the end and zeros left out."""
    terms = [term for part in parts for term in _flattened(part, "+")]
    constant = sum(term.value for term in terms if isinstance(term, Constant))
    rest = [term for term in terms if not isinstance(term, Constant)]
    if not rest:
        return Constant(constant)
    base = rest[0] if len(rest) == 1 else Operation("+", tuple(rest))
    if constant == 0:
        return base
    if constant < 0:
        return Operation("-", (base, Constant(-constant)))
    return Operation("+", (*rest, Constant(constant)))


def subtract(left: Expression | int, right: Expression | int) -> Expression:
    """left − right."""
    left, right = lift(left), lift(right)
    if isinstance(right, Constant):
        return add(left, -right.value)
    return Operation("-", (left, right))


def multiply(*parts: Expression | int) -> Expression:
    """The product, with ones left out."""
    factors = [factor for part in parts for factor in _flattened(part, "*")]
    if any(isinstance(factor, Constant) and factor.value == 0 for factor in factors):
        return Constant(0)
    rest = [factor for factor in factors if not (isinstance(factor, Constant) and factor.value == 1)]
    if not rest:
        return Constant(1)
    if all(isinstance(factor, Constant) for factor in rest):
        return Constant(prod(evaluate(factor) for factor in rest))
    return rest[0] if len(rest) == 1 else Operation("*", tuple(rest))


def floor_divide(left: Expression | int, right: Expression | int) -> Expression:
    """⌊left / right⌋."""
    return _divide("//", lift(left), lift(right))


def ceil_divide(left: Expression | int, right: Expression | int) -> Expression:
    """⌈left / right⌉."""
    return _divide("ceil", lift(left), lift(right))


def maximum(*parts: Expression | int) -> Expression:
    """The largest."""
    return _extreme("max", parts)


def minimum(*parts: Expression | int) -> Expression:
    """The smallest."""
    return _extreme("min", parts)


def lift(part: Expression | int) -> Expression:
    """A plain number as a constant."""
    return Constant(int(part)) if isinstance(part, int) else part


def _extreme(operator: Literal["max", "min"], parts: tuple[Expression | int, ...]) -> Expression:
    lifted = tuple(lift(part) for part in parts)
    return lifted[0] if len(lifted) == 1 else Operation(operator, lifted)


def _divide(operator: Literal["//", "ceil"], left: Expression, right: Expression) -> Expression:
    if isinstance(right, Constant) and right.value == 1:
        return left
    if isinstance(left, Constant) and isinstance(right, Constant) and right.value != 0:
        return Constant(evaluate(Operation(operator, (left, right))))
    return Operation(operator, (left, right))


def _flattened(part: Expression | int, operator: Operator) -> tuple[Expression, ...]:
    part = lift(part)
    return part.operands if isinstance(part, Operation) and part.operator == operator else (part,)
