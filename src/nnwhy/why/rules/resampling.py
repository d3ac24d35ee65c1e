"""Images made larger or smaller, padded, cut into windows and put together again."""

from __future__ import annotations

from fractions import Fraction

from nnwhy.facts.expression import Argument, Expression, add, evaluate, floor_divide, multiply, subtract
from nnwhy.facts.value import Value, plain
from nnwhy.why.registry import Axis, rule
from nnwhy.why.rules.windows import short_and_full, window
from nnwhy.why.site import NoRule, Site


@rule("interpolate")
def interpolate(site: Site) -> tuple[Axis, ...]:
    """(batch, channels, *sizes) → the sizes given, or each times `scale_factor`, rounded down."""
    x = site.sizes("input")
    rank = len(x) - 2
    if site.has("size"):
        return (*x[:2], *site.numbers("size", rank))
    given = site.call.arguments.get("scale_factor")
    factors = given if isinstance(given, tuple) else (given,) * rank
    spread = isinstance(given, tuple)
    return (
        *x[:2],
        *(
            _scaled(site, size, factor, axis if spread else None)
            for axis, (size, factor) in enumerate(zip(x[2:], factors, strict=True))
        ),
    )


def _scaled(site: Site, size: Expression, factor: Value, index: int | None) -> Expression:
    """⌊size · factor⌋; a factor such as 1.5 is written as 3 / 2."""
    plain_factor = plain(factor)
    if isinstance(plain_factor, bool) or not isinstance(plain_factor, int | float):
        raise NoRule("scale_factor is no number")
    exact = Fraction(plain_factor).limit_denominator(4096)
    if exact.denominator == 1:
        if exact == 1:
            return size
        return multiply(size, Argument(site.call.id, "scale_factor", exact.numerator, index))
    return floor_divide(multiply(size, exact.numerator), exact.denominator)


@rule("pixel_shuffle")
def pixel_shuffle(site: Site) -> tuple[Axis, ...]:
    """(…, C, H, W) → (…, C / r², H·r, W·r): channels become pixels."""
    x, r = site.sizes("input"), site.number("upscale_factor")
    return (*x[:-3], floor_divide(x[-3], multiply(r, r)), multiply(x[-2], r), multiply(x[-1], r))


@rule("pixel_unshuffle")
def pixel_unshuffle(site: Site) -> tuple[Axis, ...]:
    """(…, C, H, W) → (…, C·r², H / r, W / r): pixels become channels."""
    x, r = site.sizes("input"), site.number("downscale_factor")
    return (*x[:-3], multiply(x[-3], r, r), floor_divide(x[-2], r), floor_divide(x[-1], r))


@rule("grid_sample")
def grid_sample(site: Site) -> tuple[Axis, ...]:
    """(batch, C, *sizes) read at a grid (batch, *sizes', 2) → (batch, C, *sizes')."""
    x, grid = site.sizes("input"), site.sizes("grid")
    return (*x[:2], *grid[1:-1])


@rule("affine_grid")
def affine_grid(site: Site) -> tuple[Axis, ...]:
    """A size (N, C, *sizes) → the grid (N, *sizes, number of sizes)."""
    size = site.elements("size")
    return (size[0], *size[2:], len(size) - 2)


@rule("pad", "constant_pad_nd")
def pad(site: Site) -> tuple[Axis, ...]:
    """From the last axis on, each grows by what is put before and behind it; a negative number cuts."""
    x = list[Expression](site.sizes("input"))
    amounts = site.elements("pad")
    for place in range(len(amounts) // 2):
        before, behind = amounts[2 * place], amounts[2 * place + 1]
        axis = len(x) - 1 - place
        x[axis] = _padded(x[axis], before, behind)
    return tuple(x)


def _padded(size: Expression, before: Expression, behind: Expression) -> Expression:
    first, second = evaluate(before), evaluate(behind)
    if first == second and first > 0:
        return add(size, multiply(2, before))
    for amount in (before, behind):
        value = evaluate(amount)
        if value > 0:
            size = add(size, amount)
        elif value < 0:
            size = subtract(size, -value)
    return size


@rule("unfold")
def unfold(site: Site) -> tuple[Axis, ...]:
    """(batch, C, H, W) → (batch, C·kernel height·kernel width, number of windows); a tensor's own `unfold` along one axis."""
    if site.has("dimension"):
        return _unfold_axis(site)
    x = site.sizes("input")
    kernels = site.numbers("kernel_size", 2)
    strides, paddings = site.numbers("stride", 2, 1), site.numbers("padding", 2, 0)
    dilations = site.numbers("dilation", 2, 1)
    counts = [
        window(
            x[axis - 2],
            kernels[axis],
            stride=strides[axis],
            padding=paddings[axis],
            dilation=dilations[axis],
        )
        for axis in range(2)
    ]
    return (*x[:-3], multiply(x[-3], *kernels), short_and_full(multiply, *counts))


def _unfold_axis(site: Site) -> tuple[Axis, ...]:
    """The axis becomes the number of windows; a new last one is as long as a window."""
    x = site.sizes("input")
    dim = site.axis("dimension", len(x))
    size = site.number("size")
    count = window(x[dim], size, stride=site.number("step"))
    return (*x[:dim], count, *x[dim + 1 :], size)


@rule("fold")
def fold(site: Site) -> tuple[Axis, ...]:
    """(batch, C·kernel height·kernel width, windows) → (batch, C, *output_size)."""
    x = site.sizes("input")
    kernels = site.numbers("kernel_size", 2)
    return (*x[:-2], floor_divide(x[-2], multiply(*kernels)), *site.numbers("output_size", 2))
