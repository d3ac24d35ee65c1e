"""Sliding windows: what convolutions, pools and `unfold` have in common."""

from __future__ import annotations

from collections.abc import Callable

from nnwhy.facts.expression import (
    Expression,
    add,
    ceil_divide,
    evaluate,
    floor_divide,
    multiply,
    subtract,
)
from nnwhy.why.registry import Formula


def window(
    size: Expression,
    kernel: Expression,
    *,
    stride: Expression | int = 1,
    padding: Expression | int = 0,
    dilation: Expression | int = 1,
    ceil_mode: bool = False,
) -> Formula:
    """The number of windows along one axis: ⌊(size + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1.

    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html (and MaxPool2d for ceil_mode, where
    the last window must start inside the input or the left padding).
    """
    divide = ceil_divide if ceil_mode else floor_divide
    spread = subtract(multiply(2, padding), multiply(dilation, subtract(kernel, 1)))
    full = add(divide(add(size, spread, -1), stride), 1)
    padded = add(size, _doubled(padding)) if _value(padding) else size
    if _value(dilation) == 1:
        reach = kernel
    else:
        reach = add(multiply(dilation, subtract(kernel, 1)), 1)
    if _value(stride) == 1:
        short = add(subtract(padded, reach), 1)
    elif _value(reach) == _value(stride):
        short = divide(padded, kernel if _value(dilation) == 1 else stride)
    else:
        short = add(divide(subtract(padded, reach), stride), 1)
    if ceil_mode:
        last = (evaluate(short) - 1) * _value(stride)
        if last >= _value(size) + _value(padding):
            return Formula(subtract(short, 1), subtract(full, 1))
    return Formula(short, full)


def transposed_window(
    size: Expression,
    kernel: Expression,
    *,
    stride: Expression | int = 1,
    padding: Expression | int = 0,
    output_padding: Expression | int = 0,
    dilation: Expression | int = 1,
) -> Formula:
    """The size a transposed convolution makes: (size − 1)·stride − 2·padding + dilation·(kernel − 1) + output_padding + 1.

    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html
    """
    full = add(
        subtract(multiply(subtract(size, 1), stride), multiply(2, padding)),
        multiply(dilation, subtract(kernel, 1)),
        output_padding,
        1,
    )
    plain = _value(padding) == 0 and _value(output_padding) == 0 and _value(dilation) == 1
    if plain and _value(stride) == _value(kernel):
        return Formula(multiply(size, stride), full)
    short = multiply(subtract(size, 1), stride)
    if _value(padding):
        short = subtract(short, _doubled(padding))
    reach = kernel if _value(dilation) == 1 else add(multiply(dilation, subtract(kernel, 1)), 1)
    short = add(short, reach)
    if _value(output_padding):
        short = add(short, output_padding)
    return Formula(short, full)


def _doubled(padding: Expression | int) -> Expression:
    return multiply(2, padding)


def _value(part: Expression | int) -> int:
    return part if isinstance(part, int) else evaluate(part)


def short_and_full(combine: Callable[..., Expression], *parts: Formula) -> Formula:
    """One formula from several: the short forms combined, and the full ones."""
    return Formula(combine(*(part.short for part in parts)), combine(*(part.full for part in parts)))
