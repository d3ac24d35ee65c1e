"""A test that refused a number: literals behind it with which it would pass."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from nnwhy.checks.basis.blame import Change, near
from nnwhy.facts.written import Literal, Number, Origin, Refusal, literals, worth

_FEW = 8

_COMPARISONS: dict[type[ast.cmpop], Any] = {
    ast.Eq: lambda a, b: a == b, ast.NotEq: lambda a, b: a != b, ast.Lt: lambda a, b: a < b, ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b, ast.GtE: lambda a, b: a >= b, ast.Is: lambda a, b: a is b, ast.IsNot: lambda a, b: a is not b,
    ast.In: lambda a, b: a in b, ast.NotIn: lambda a, b: a not in b,
}  # fmt: skip
_ARITHMETIC: dict[type[ast.operator], Any] = {
    ast.Add: lambda a, b: a + b, ast.Sub: lambda a, b: a - b, ast.Mult: lambda a, b: a * b, ast.Div: lambda a, b: a / b,
    ast.FloorDiv: lambda a, b: a // b, ast.Mod: lambda a, b: a % b, ast.LShift: lambda a, b: a << b, ast.Pow: lambda a, b: a**b,
}  # fmt: skip


def passing_changes(refusal: Refusal) -> list[Change]:
    """Changes of one literal, smallest first, with which the test no longer refuses: for each literal the nearest few."""
    tree = ast.parse(refusal.test, mode="eval").body
    found: list[Change] = []
    for literal in _whole(refusal.numbers.values()):
        fitting = list(islice(_fitting(tree, refusal.numbers, literal), _FEW))
        found += [Change(literal, new) for new in fitting]
    return sorted(found, key=lambda change: (abs(change.new - int(change.literal.value)), change.new))


def _fitting(tree: ast.expr, numbers: Mapping[str, Origin], literal: Literal) -> Iterator[int]:
    for new in near(int(literal.value)):
        try:
            if not _holds(tree, numbers, {literal.place: new}):
                yield new
        except (LookupError, ArithmeticError, TypeError, ValueError):
            return


def guessed_changes(origins: Iterable[Origin]) -> list[Change]:
    """Where no test says more: the nearest other values of the literals that were at hand, in their order."""
    return [Change(literal, new) for literal in _whole(origins) for new in near(int(literal.value), 1)]


def _whole(origins: Iterable[Origin]) -> list[Literal]:
    found = dict.fromkeys(part for origin in origins for part in literals(origin))
    return [literal for literal in found if type(literal.value) is int]


def _holds(tree: ast.expr, numbers: Mapping[str, Origin], changed: Mapping[Any, Number]) -> Any:
    """What the test gives with changed literals. Raises LookupError for what is not understood."""

    def value(node: ast.expr) -> Any:
        written = ast.unparse(node)
        if written in numbers:
            return worth(numbers[written], changed)
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Tuple | ast.List | ast.Set):
            return [value(part) for part in node.elts]
        if isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
            return _ARITHMETIC[type(node.op)](value(node.left), value(node.right))
        if isinstance(node, ast.UnaryOp):
            inner = value(node.operand)
            return not inner if isinstance(node.op, ast.Not) else -inner
        if isinstance(node, ast.BoolOp):
            return _either(node, value)
        if isinstance(node, ast.Compare):
            sides = [value(node.left), *map(value, node.comparators)]
            pairs = zip(node.ops, sides, sides[1:], strict=False)
            return all(_COMPARISONS[type(sign)](left, right) for sign, left, right in pairs)
        raise LookupError(written)

    return value(tree)


def _either(node: ast.BoolOp, value: Any) -> bool:
    """`and` and `or`, also where a part is not understood and the others decide."""
    decisive = isinstance(node.op, ast.Or)
    unknown: LookupError | None = None
    for part in node.values:
        try:
            if bool(value(part)) == decisive:
                return decisive
        except LookupError as error:
            unknown = error
    if unknown is not None:
        raise unknown
    return not decisive
