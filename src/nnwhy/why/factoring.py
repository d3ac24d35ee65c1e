"""Sums of products that people write as one product: 4·H·W − 8·H − 8·W + 16 is 4·(H − 2)·(W − 2)."""

from __future__ import annotations

from nnwhy.facts.expression import Constant, Expression, Operation, Size, add, evaluate, leaves, multiply


def factored(expression: Expression) -> Expression:
    """An equal product where `expression` is one of two linear factors in two sizes; else `expression` itself."""
    sizes = sorted(
        {leaf for leaf in leaves(expression) if isinstance(leaf, Size)}, key=lambda s: (s.tensor, s.axis)
    )
    if len(sizes) != 2 or not _plain(expression):
        return expression
    first, second = sizes

    def at(one: int, other: int) -> int:
        values = {first: one, second: other}
        return evaluate(expression, lambda leaf: values[leaf] if isinstance(leaf, Size) else leaf.value)

    zero = at(0, 0)
    by_first, by_second = at(1, 0) - zero, at(0, 1) - zero
    both = at(1, 1) - zero - by_first - by_second
    if both == 0 or by_first % both or by_second % both or by_first * by_second != zero * both:
        return expression
    product = multiply(both, add(first, by_second // both), add(second, by_first // both))
    agree = all(_value(product, {first: a, second: b}) == at(a, b) for a, b in ((2, 3), (5, 2), (7, 7)))
    return product if agree else expression


def _value(expression: Expression, values: dict[Size, int]) -> int:
    return evaluate(expression, lambda leaf: values[leaf] if isinstance(leaf, Size) else leaf.value)


def _plain(expression: Expression) -> bool:
    """Whether only sums and products are in it, and a product of sizes is: else there is nothing to factor."""
    if isinstance(expression, Operation):
        return expression.operator in ("+", "-", "*") and all(_plain(part) for part in expression.operands)
    return isinstance(expression, Size | Constant)
