"""Expressions with their numbers: "64 × 12 × 12", "⌊24 / 2⌋", "26 − 3 + 1"."""

from __future__ import annotations

from nnwhy.facts.expression import Expression, Operation


def with_numbers(expression: Expression) -> str:
    """The expression with each leaf's value in its place."""
    if not isinstance(expression, Operation):
        return str(expression.value)
    parts = [with_numbers(part) for part in expression.operands]
    inner = [
        f"({text})" if isinstance(part, Operation) and part.operator in ("+", "-") else text
        for text, part in zip(parts, expression.operands, strict=True)
    ]
    match expression.operator:
        case "+":
            return " + ".join(parts)
        case "-":
            return f"−{inner[0]}" if len(parts) == 1 else f"{parts[0]} − {inner[1]}"
        case "*":
            return " × ".join(inner)
        case "//":
            return f"⌊{inner[0]} / {inner[1]}⌋"
        case "ceil":
            return f"⌈{inner[0]} / {inner[1]}⌉"
        case "%":
            return f"{inner[0]} mod {inner[1]}"
        case "**":
            return f"{inner[0]}^{inner[1]}"
        case _:
            return f"{expression.operator}({', '.join(parts)})"
