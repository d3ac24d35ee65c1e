"""An expression of the user's gets another value and keeps its form: `64 * 7 * 7` becomes `64 * 12 * 12`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import isqrt, prod

_OPERATORS: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.FloorDiv: lambda a, b: a // b,
    ast.Div: lambda a, b: a // b if a % b == 0 else _no_number(),
    ast.Mod: lambda a, b: a % b,
    ast.Pow: lambda a, b: a**b if 0 <= b < 32 else _no_number(),
}

Change = dict[int, int]
"""New values by the position of the literal in the text."""


def rewritten(
    text: str,
    old: int,
    new: int,
    *,
    factors: Sequence[int] = (),
    hints: Iterable[int] = (),
    names: Mapping[str, int] | None = None,
) -> str | None:
    """`text`, which is worth `old`, so that it is worth `new`; None where no change of its literals does that.

    `factors` are the numbers that `new` is the product (or sum) of, in order; literals are lined up with them first.
    `hints` are numbers that would not surprise; `names` the values of names in the text. One unknown name is worked out.
    """
    expression = Expression.parse(text, old, names or {})
    if expression is None or not expression.literals:
        return None
    known = {*hints, *factors}
    best: tuple[tuple[int, bool, int, int], Change] | None = None
    for order, change in enumerate(_changes(expression, new, factors)):
        if not change or any(value < 0 for value in change.values()) or expression.value(change) != new:
            continue
        strange = sum(value not in known for value in change.values())
        kept = sum(value not in known for at, value in expression.literals.items() if at not in change)
        after = [change.get(at, value) for at, value in sorted(expression.literals.items())]
        rank = (strange + kept, after != list(factors), len(change), order)
        if best is None or rank < best[0]:
            best = (rank, change)
    return expression.written(best[1]) if best else None


def literals_fit(text: str, old: int, factors: Sequence[int], names: Mapping[str, int]) -> bool:
    """Whether every literal of a product is the factor that stands in its place, so that another part must differ:
    in `128 * side * side` the side, where 128 × 16 × 16 is wanted."""
    expression = Expression.parse(text, old, names)
    flat = _flat(expression.tree, ast.Mult) if expression is not None else []
    literals = [
        (part.value, factor)
        for part, factor in zip(flat, factors, strict=False)
        if isinstance(part, ast.Constant)
    ]
    return len(flat) == len(factors) > len(literals) > 0 and all(
        value == factor for value, factor in literals
    )


class Expression:
    """Arithmetic over whole-number literals and named atoms."""

    def __init__(self, text: str, tree: ast.expr, atoms: dict[str, int]) -> None:
        self.text = text
        self.tree = tree
        self.atoms = atoms
        self.literals = {_at(node): node.value for node in _literals(tree)}
        self._ends = {_at(node): node.end_col_offset or 0 for node in _literals(tree)}

    @classmethod
    def parse(cls, text: str, value: int, names: Mapping[str, int]) -> Expression | None:
        """The expression in `text` if it is arithmetic that can be worth `value`; at most one atom may be of unknown value."""
        if "\n" in text:
            return None
        try:
            tree = ast.parse(text.strip(), mode="eval").body
        except (SyntaxError, ValueError):
            return None
        atoms = {atom: names[atom] for atom in set(_atoms(tree)) if atom in names}
        unknown = {atom for atom in _atoms(tree) if atom not in names}
        if len(unknown) > 1:
            return None
        made = cls(text.strip(), tree, atoms)
        for atom in unknown:
            found = solve(lambda guess, atom=atom: _evaluate(tree, {**atoms, atom: guess}, {}), value)
            if found is None:
                return None
            made.atoms[atom] = found
        return made if made.value({}) == value else None

    def value(self, change: Change) -> int | None:
        """The value with some literals changed; None where it has none."""
        return _evaluate(self.tree, self.atoms, change)

    def written(self, change: Change) -> str:
        """The text with some literals changed, and everything else as it was."""
        text = self.text
        encoded = text.encode()
        for at in sorted(change, reverse=True):
            head, tail = encoded[:at], encoded[self._ends[at] :]
            left = idle_from(head.decode(), change[at], tail.decode())
            encoded = (head + str(change[at]).encode() if left is None else left.encode()) + tail
        return encoded.decode()


def idle_from(head: str, value: int, tail: str) -> str | None:
    """What is left of `head` where `value` behind it does nothing, 0 that is added or 1 by which something is multiplied; None
    where it does something."""
    signs = {0: ("+", "-"), 1: ("*",)}.get(value, ())
    start = head.rstrip()
    if not start.endswith(signs) or start.endswith("**") or tail.lstrip()[:1] in ("*", "/", "%", "."):
        return None
    left = start[:-1].rstrip()
    return left if left and (left[-1].isalnum() or left[-1] in "_)]") else None


def solve(function: Callable[[int], int | None], wanted: int) -> int | None:
    """The whole number at which `function` is `wanted`, where it is linear or quadratic."""
    zero, one, two = function(0), function(1), function(2)
    if one is not None and two is not None:
        slope = two - one
        if slope and (wanted - one) % slope == 0:
            guess = (wanted - one) // slope + 1
            if guess >= 0 and function(guess) == wanted:
                return guess
    if zero is not None and one is not None and two is not None:
        second = two - 2 * one + zero
        if second > 0:
            linear = one - zero - second / 2
            root = (
                (-linear + (linear**2 + 2 * second * (wanted - zero)) ** 0.5) / second
                if wanted >= zero
                else -1
            )
            for guess in (isqrt(max(int(root * root), 0)), int(root), int(root) + 1):
                if guess >= 0 and function(guess) == wanted:
                    return guess
    return next((guess for guess in range(1, 17) if function(guess) == wanted), None) or _grown(
        function, wanted
    )


def _grown(function: Callable[[int], int | None], wanted: int) -> int | None:
    """The smallest whole number up to 65536 at which `function`, which only grows, is `wanted`: it may be flat for a while."""
    low, high = 1, 1 << 16
    while high - low > 1:
        middle = (low + high) // 2
        value = function(middle)
        low, high = (low, middle) if value is not None and value >= wanted else (middle, high)
    return high if function(high) == wanted else None


def _changes(expression: Expression, new: int, factors: Sequence[int]) -> Iterator[Change]:
    """Changes that may give `new`: lined up with the factors, all equal literals at once, one literal alone."""
    flat = _flat(expression.tree, ast.Mult)
    if len(flat) == len(factors) > 1 and prod(factors) == new:
        yield from _lined_up(expression, flat, factors)
    if len(flat) > 1 and len(factors) > len(flat):
        yield from _lined_up(expression, flat, [*factors[: len(flat) - 1], prod(factors[len(flat) - 1 :])])
    values = expression.literals
    for value in dict.fromkeys(values.values()):
        same = [at for at, other in values.items() if other == value]
        if len(same) > 1:
            found = solve(lambda guess, same=same: expression.value(dict.fromkeys(same, guess)), new)
            if found is not None:
                yield dict.fromkeys(same, found)
    for at in values:
        found = solve(lambda guess, at=at: expression.value({at: guess}), new)
        if found is not None:
            yield {at: found}


def _lined_up(expression: Expression, parts: list[ast.expr], factors: Sequence[int]) -> Iterator[Change]:
    change: Change = {}
    for part, factor in zip(parts, factors, strict=True):
        if isinstance(part, ast.Constant):
            if part.value != factor:
                change[_at(part)] = factor
        elif _evaluate(part, expression.atoms, {}) != factor:
            return
    yield change


def _flat(tree: ast.expr, operator: type[ast.operator]) -> list[ast.expr]:
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, operator):
        return [*_flat(tree.left, operator), *_flat(tree.right, operator)]
    return [tree]


def _literals(tree: ast.expr) -> Iterator[ast.Constant]:
    if isinstance(tree, ast.BinOp):
        yield from _literals(tree.left)
        yield from _literals(tree.right)
    elif isinstance(tree, ast.Constant) and type(tree.value) is int:
        yield tree


def _atoms(tree: ast.expr) -> Iterator[str]:
    if isinstance(tree, ast.BinOp):
        yield from _atoms(tree.left)
        yield from _atoms(tree.right)
    elif not (isinstance(tree, ast.Constant) and type(tree.value) is int):
        yield ast.unparse(tree)


def _evaluate(tree: ast.expr, atoms: Mapping[str, int], change: Change) -> int | None:
    try:
        return _worth(tree, atoms, change)
    except (KeyError, ZeroDivisionError, ArithmeticError):
        return None


def _worth(tree: ast.expr, atoms: Mapping[str, int], change: Change) -> int:
    if isinstance(tree, ast.BinOp):
        operator = _OPERATORS.get(type(tree.op))
        if operator is None:
            raise KeyError(tree.op)
        return operator(_worth(tree.left, atoms, change), _worth(tree.right, atoms, change))
    if isinstance(tree, ast.Constant) and type(tree.value) is int:
        return change.get(_at(tree), tree.value)
    return atoms[ast.unparse(tree)]


def _at(node: ast.expr) -> int:
    """The literal's position in bytes; expressions of several lines are not rewritten."""
    return node.col_offset


def _no_number() -> int:
    raise ArithmeticError
