"""What a wrong number would have been right for."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from nnwhy.checks.basis.other_inputs import Fitting, Floor, fitting_product
from nnwhy.checks.basis.solving import Sizes, factors_of
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.expression import Operation, Size, evaluate


def fits_for(subject: Subject, size: Size, number: int) -> tuple[str, ...]:
    """ "400 = 16 × 5 × 5 is what a 32×32 input gives", where another input would make `size` the wanted `number`."""
    if subject.trace is None or subject.brief:
        return ()
    root = subject.derivations.resolved(size)
    found = fitting_product(subject, [root], number) if root.tensor not in subject.inputs() else None
    if found is None:
        return ()
    return (f"{number}{_factors(subject, root, found.sizes)} is what {input_words(subject, found)} gives",)


def fits_for_product(
    subject: Subject, tensor: int, number: int, floors: Sequence[Floor] = ()
) -> tuple[tuple[str, ...], Fitting | None]:
    """The same for the product of all axes of a tensor but the first, with the input that fits."""
    if subject.brief:
        return (), None
    shape = subject.shape(tensor)
    roots = [Size(tensor, axis, shape[axis]) for axis in range(1, len(shape))]
    found = fitting_product(subject, roots, number, floors) if roots else None
    if found is None:
        return (), None
    values = Sizes(subject, roots).values(inputs=found.sizes) or []
    shown = " × ".join(map(str, values))
    return (f"{number} = {shown} is what {input_words(subject, found)} gives",), found


def fits_for_map(
    subject: Subject, tensor: int, axes: Sequence[int], sides: Sequence[int]
) -> tuple[tuple[str, ...], Fitting | None]:
    """ "19 × 19 is what an 84×84 input gives", for axes counted from the end of a tensor."""
    shape = subject.shape(tensor)
    if subject.brief or len(axes) > len(shape) or min(axes) < -len(shape):
        return (), None
    roots = [Size(tensor, len(shape) + axis, shape[axis]) for axis in axes]
    found = fitting_product(subject, roots, prod(sides))
    shown = " × ".join(map(str, sides))
    return ((f"{shown} is what {input_words(subject, found)} gives",), found) if found else ((), None)


def _factors(subject: Subject, root: Size, inputs: dict[tuple[int, int], int]) -> str:
    """ " = 16 × 5 × 5" at the other input."""
    expression = subject.derivations.size(root.tensor, root.axis).expression
    if not isinstance(expression, Operation) or expression.operator not in ("*", "+"):
        return ""
    parts = [part for part in expression.operands if isinstance(part, Size)]
    if len(parts) != len(expression.operands):
        return ""
    values = Sizes(subject, parts).values(inputs=inputs)
    together = prod if expression.operator == "*" else sum
    if values is None or together(values) != prod(Sizes(subject, [root]).values(inputs=inputs) or [0]):
        return ""
    shown = [
        value for value, part in zip(values, parts, strict=True) if not (value == 1 and evaluate(part) == 1)
    ]
    sign = " × " if expression.operator == "*" else " + "
    return " = " + sign.join(str(value) for value in shown) if len(shown) > 1 else ""


def input_words(subject: Subject, found: Fitting) -> str:
    """ "a 32×32 to 35×35 input", "a width of 256 to 287", "a 16×112×112 input": the input that fits, with its stretch."""
    low, high = found.low, found.high
    side = next(iter({found.sizes[axis] for axis in found.tied}))
    such = ", such as {}," if high - low > 1 and side not in (low, high) else ""
    if set(found.sizes) != set(found.tied):
        shown = "×".join(str(size) for _, size in sorted(found.sizes.items()))
        return f"{_article(shown)} {shown} input"
    if len(found.tied) == 1:
        name = subject.derivations.axes.name(*found.tied[0]) or "size"
        word = f"a {name} of {low}"
        return word if low == high else f"{word} to {high}{such.format(side)}"

    def shape(size: int) -> str:
        return "×".join([str(size)] * len(found.tied))

    word = f"{_article(shape(low))} {shape(low)}"
    if low == high:
        return f"{word} input"
    return f"{word} {'or' if high == low + 1 else 'to'} {shape(high)} input{such.format(shape(side))}"


def _article(text: str) -> str:
    number = text.partition("×")[0]
    return "an" if number.startswith("8") or number in ("11", "18") else "a"


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
