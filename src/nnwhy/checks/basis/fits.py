"""What a wrong number would have been right for."""

from __future__ import annotations

from math import prod

from nnwhy.checks.basis.solving import Equals, Sizes, factors_of, fitting_inputs
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.expression import Operation, Size, evaluate


def fits_for(subject: Subject, size: Size, number: int) -> tuple[str, ...]:
    """ "400 = 16 × 5 × 5 is what a 32×32 input gives", where another input would make `size` the wanted `number`."""
    if subject.trace is None or subject.brief:
        return ()
    root = subject.derivations.resolved(size)
    found = fitting_inputs(subject, [root], Equals(number))
    if found is None:
        return ()
    inputs, sides = found
    return (f"{number}{_factors(subject, root, inputs)} is what {_inputs(subject, inputs, sides)} gives",)


def fits_for_product(subject: Subject, tensor: int, number: int) -> tuple[str, ...]:
    """The same for the product of all axes of a tensor but the first."""
    if subject.brief:
        return ()
    shape = subject.shape(tensor)
    roots = [Size(tensor, axis, shape[axis]) for axis in range(1, len(shape))]
    found = fitting_inputs(subject, roots, Equals(number)) if roots else None
    if found is None:
        return ()
    inputs, sides = found
    values = Sizes(subject, roots).values(inputs=inputs) or []
    return (f"{number} = {' × '.join(map(str, values))} is what {_inputs(subject, inputs, sides)} gives",)


def _factors(subject: Subject, root: Size, inputs: dict[tuple[int, int], int]) -> str:
    """ " = 16 × 5 × 5" at the other input."""
    expression = subject.derivations.size(root.tensor, root.axis).expression
    if not isinstance(expression, Operation) or expression.operator != "*":
        return ""
    parts = [part for part in expression.operands if isinstance(part, Size)]
    if len(parts) != len(expression.operands):
        return ""
    values = Sizes(subject, parts).values(inputs=inputs)
    if values is None or prod(values) != prod(Sizes(subject, [root]).values(inputs=inputs) or [0]):
        return ""
    shown = [
        value for value, part in zip(values, parts, strict=True) if not (value == 1 and evaluate(part) == 1)
    ]
    return " = " + " × ".join(str(value) for value in shown) if len(shown) > 1 else ""


def _inputs(subject: Subject, inputs: dict[tuple[int, int], int], sides: tuple[int, ...]) -> str:
    low, high = min(sides), max(sides)
    names = [subject.derivations.axes.name(*key) for key in inputs]
    if len(inputs) == 1:
        name = names[0] or "size"
        word = f"a {name} of {low}"
        return word if low == high else f"{word} to {high}"
    shape = "×".join([str(low)] * len(inputs))
    article = "an" if str(low).startswith("8") or low in (11, 18) else "a"
    if low == high:
        return f"{article} {shape} input"
    other = "×".join([str(high)] * len(inputs))
    return f"{article} {shape} {'or' if high == low + 1 else 'to'} {other} input"


def product_text(subject: Subject, size: Size) -> str:
    """ " = 64 × 12 × 12" for a size that is a product, "" for others."""
    factors = factors_of(subject, size)
    expression = subject.derivations.size(*_key(subject, size)).expression
    if len(factors) < 2 or not isinstance(expression, Operation):
        return ""
    sign = " × " if expression.operator == "*" else " + "
    return " = " + sign.join(str(factor) for factor in factors)


def _key(subject: Subject, size: Size) -> tuple[int, int]:
    root = subject.derivations.resolved(size)
    return root.tensor, root.axis


def smallest_input(subject: Subject, roots: list[Size], needed: list[int]) -> dict[tuple[int, int], int]:
    """The smallest input sizes, nearest above the given ones, at which each root is at least what is needed; {} where none is."""

    def enough(values: list[int]) -> bool:
        return all(value >= need for value, need in zip(values, needed, strict=True))

    found = fitting_inputs(subject, roots, enough)
    return found[0] if found is not None else {}
