"""Closed forms: sums of products with floors, brought into one normal form and written as text.

A polynomial is a mapping from monomials (sorted tuples of atoms) to whole coefficients; an atom is a leaf,
a floor of a polynomial over a positive number, or another operation that is left as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nnwhy.facts.expression import (
    Constant,
    Expression,
    Operation,
    Size,
    Unknown,
    add,
    floor_divide,
    multiply,
    substitute,
)

_TERMS = 60


@dataclass(frozen=True, slots=True)
class _Floor:
    inner: _Frozen
    divisor: int


_Atom = Expression | _Floor
_Monomial = tuple[_Atom, ...]
_Frozen = tuple[tuple[_Monomial, int], ...]
_Polynomial = dict[_Monomial, int]


def simplified(expression: Expression) -> Expression:
    """An equal expression in normal form: constants gathered, nested floors joined (⌊(⌊x / a⌋ + b) / c⌋ = ⌊(x + ab) / ac⌋)."""
    polynomial = _polynomial(expression)
    if len(polynomial) > _TERMS:
        return Unknown(0, "too many terms")
    return _expression(polynomial)


def _polynomial(expression: Expression) -> _Polynomial:
    if isinstance(expression, Constant):
        return _constant(expression.value)
    if not isinstance(expression, Operation):
        return {(expression,): 1}
    parts = [_polynomial(part) for part in expression.operands]
    match expression.operator:
        case "+":
            total: _Polynomial = {}
            for part in parts:
                total = _sum(total, part, 1)
            return total
        case "-":
            return _sum(parts[0], parts[1], -1) if len(parts) == 2 else _sum({}, parts[0], -1)
        case "*":
            product = _constant(1)
            for part in parts:
                product = _product(product, part)
            return product
        case "//" | "ceil":
            divisor = _plain(parts[1])
            if divisor is not None and divisor > 0:
                top = parts[0] if expression.operator == "//" else _sum(parts[0], _constant(divisor - 1), 1)
                return _floor(top, divisor)
            quotient = _exact(parts[0], parts[1])
            if quotient is not None:
                return quotient
        case _:
            pass
    rebuilt = Operation(expression.operator, tuple(_expression(part) for part in parts))
    if all(_plain(part) is not None for part in parts):
        from nnwhy.facts.expression import evaluate

        return _constant(evaluate(rebuilt))
    return {(rebuilt,): 1}


def _constant(value: int) -> _Polynomial:
    return {(): value} if value else {}


def _plain(polynomial: _Polynomial) -> int | None:
    if not polynomial:
        return 0
    return polynomial[()] if set(polynomial) == {()} else None


def _sum(left: _Polynomial, right: _Polynomial, sign: int) -> _Polynomial:
    total = dict(left)
    for monomial, coefficient in right.items():
        total[monomial] = total.get(monomial, 0) + sign * coefficient
    return _absorbed({monomial: value for monomial, value in total.items() if value})


def _product(left: _Polynomial, right: _Polynomial) -> _Polynomial:
    product: _Polynomial = {}
    for one, first in left.items():
        for other, second in right.items():
            monomial = tuple(sorted(one + other, key=_order))
            product[monomial] = product.get(monomial, 0) + first * second
    return {monomial: value for monomial, value in product.items() if value}


def _order(atom: _Atom) -> tuple[int, int, str]:
    """Inputs in the order of their tensors and axes, floors by what is in them."""
    if isinstance(atom, Size):
        return (atom.tensor, atom.axis, "")
    if isinstance(atom, _Floor):
        inside = [_order(part) for monomial, _ in atom.inner for part in monomial]
        first = min(inside, default=(0, 0, ""))
        return (first[0], first[1], repr(atom))
    return (1 << 30, 0, repr(atom))


def _absorbed(polynomial: _Polynomial) -> _Polynomial:
    """⌊x / n⌋ + c is ⌊(x + cn) / n⌋, where nothing else is in the sum."""
    if len(polynomial) != 2 or () not in polynomial:
        return polynomial
    (monomial,) = [key for key in polynomial if key != ()]
    if polynomial[monomial] == 1 and len(monomial) == 1 and isinstance(monomial[0], _Floor):
        floor = monomial[0]
        inner = _sum(dict(floor.inner), _constant(polynomial[()] * floor.divisor), 1)
        return {(_Floor(_frozen(inner), floor.divisor),): 1}
    return polynomial


def _floor(top: _Polynomial, divisor: int) -> _Polynomial:
    plain = _plain(top)
    if divisor == 1:
        return top
    if plain is not None:
        return _constant(plain // divisor)
    constant = top.get((), 0)
    rest = {monomial: value for monomial, value in top.items() if monomial != ()}
    if all(value % divisor == 0 for value in rest.values()):
        return _sum({key: value // divisor for key, value in rest.items()}, _constant(constant // divisor), 1)
    if len(rest) == 1:
        ((monomial, coefficient),) = rest.items()
        if coefficient == 1 and len(monomial) == 1 and isinstance(monomial[0], _Floor):
            inner = monomial[0]
            joined = _sum(dict(inner.inner), _constant(constant * inner.divisor), 1)
            return _floor(joined, divisor * inner.divisor)
    return {(_Floor(_frozen(top), divisor),): 1}


def _exact(top: _Polynomial, bottom: _Polynomial) -> _Polynomial | None:
    """The quotient where the divisor is one monomial that every term of the top contains."""
    if len(bottom) != 1:
        return None
    ((divisor, coefficient),) = bottom.items()
    quotient: _Polynomial = {}
    for monomial, value in top.items():
        rest = list(monomial)
        for atom in divisor:
            if atom not in rest:
                return None
            rest.remove(atom)
        if value % coefficient:
            return None
        quotient[tuple(rest)] = value // coefficient
    return quotient


def _frozen(polynomial: _Polynomial) -> _Frozen:
    return tuple(sorted(polynomial.items(), key=lambda item: (len(item[0]) == 0, repr(item[0]))))


def _expression(polynomial: _Polynomial) -> Expression:
    terms = [
        multiply(coefficient, *(_atom(atom) for atom in monomial))
        for monomial, coefficient in sorted(
            polynomial.items(), key=lambda item: (item[0] == (), [_order(atom) for atom in item[0]])
        )
    ]
    return add(*terms) if terms else Constant(0)


def _atom(atom: _Atom) -> Expression:
    return floor_divide(_expression(dict(atom.inner)), atom.divisor) if isinstance(atom, _Floor) else atom


def written(expression: Expression, letter: Callable[[Size], str]) -> str:
    """A closed form as text: "64·⌊(H − 4)/2⌋·⌊(W − 4)/2⌋"."""
    if isinstance(expression, Size):
        return letter(expression)
    if not isinstance(expression, Operation):
        return str(expression.value)
    parts = [written(part, letter) for part in expression.operands]
    inner = [
        f"({text})" if _is_sum(part) else text for text, part in zip(parts, expression.operands, strict=True)
    ]
    match expression.operator:
        case "+":
            return " + ".join(parts)
        case "-":
            return f"{parts[0]} − {inner[1]}" if len(parts) == 2 else f"−{inner[0]}"
        case "*":
            return "·".join(inner)
        case "//":
            return f"⌊{inner[0]}/{inner[1]}⌋"
        case "ceil":
            return f"⌈{inner[0]}/{inner[1]}⌉"
        case "%":
            return f"{inner[0]} mod {inner[1]}"
        case "**":
            return f"{inner[0]}^{inner[1]}"
        case _:
            return f"{expression.operator}({', '.join(parts)})"


def _is_sum(expression: Expression) -> bool:
    return isinstance(expression, Operation) and expression.operator in ("+", "-")


def with_values(expression: Expression, values: Callable[[Size], int | None]) -> Expression:
    """`expression` with some of its sizes fixed."""

    def fixed(leaf: Expression) -> Expression:
        if isinstance(leaf, Size):
            value = values(leaf)
            return leaf if value is None else Constant(value)
        return leaf

    return simplified(substitute(expression, fixed))
