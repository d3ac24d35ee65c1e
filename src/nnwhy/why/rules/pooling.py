"""Pools: windows of fixed size, and adaptive ones whose output size is given."""

from __future__ import annotations

import re
from fractions import Fraction

from nnwhy.facts.expression import Expression, floor_divide, multiply
from nnwhy.facts.value import Value
from nnwhy.why.registry import Axis, Sizes, rule
from nnwhy.why.rules.windows import transposed_window, window
from nnwhy.why.site import NoRule, Site


def _rank(site: Site) -> int:
    """The number of pooled axes, from the function's name."""
    found = re.search(r"(\d)d", site.call.name)
    if found is None:
        raise NoRule(f"{site.call.name} names no number of axes")
    return int(found[1])


def _as_many(site: Site, sizes: Sizes) -> list[Sizes]:
    """Pools that return indices give them in a tensor of the same shape."""
    return [sizes] * len(site.call.outputs)


@rule("max_pool1d", "max_pool2d", "max_pool3d", "avg_pool1d", "avg_pool2d", "avg_pool3d", "lp_pool1d", "lp_pool2d", "lp_pool3d",
      "max_pool1d_with_indices", "max_pool2d_with_indices", "max_pool3d_with_indices")  # fmt: skip
def pooling(site: Site) -> list[Sizes]:
    """(…, *sizes) → (…, *sizes'), each size' a count of windows; the stride is the kernel size where none was given."""
    x, rank = site.sizes("input"), _rank(site)
    kernels = site.numbers("kernel_size", rank)
    given: Value = site.value("stride")
    strides = kernels if given in (None, ()) else site.numbers("stride", rank)
    paddings, dilations = site.numbers("padding", rank, 0), site.numbers("dilation", rank, 1)
    ceil_mode = bool(site.value("ceil_mode", False))
    sizes = tuple(
        window(
            x[axis - rank],
            kernels[axis],
            stride=strides[axis],
            padding=paddings[axis],
            dilation=dilations[axis],
            ceil_mode=ceil_mode,
        )
        for axis in range(rank)
    )
    return _as_many(site, (*x[:-rank], *sizes))


@rule("adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_avg_pool3d", "adaptive_max_pool1d", "adaptive_max_pool2d",
      "adaptive_max_pool3d", "adaptive_max_pool1d_with_indices", "adaptive_max_pool2d_with_indices",
      "adaptive_max_pool3d_with_indices")  # fmt: skip
def adaptive_pooling(site: Site) -> list[Sizes]:
    """(…, *sizes) → (…, *output_size); None in output_size keeps that axis."""
    x, rank = site.sizes("input"), _rank(site)
    wanted = site.call.arguments.get("output_size")
    parts = wanted if isinstance(wanted, tuple) else (wanted,) * rank
    if len(parts) == 1:
        parts = parts * rank
    sizes: list[Expression] = [
        x[axis - rank]
        if part is None
        else site.leaf("output_size", part, axis if isinstance(wanted, tuple) else None)
        for axis, part in enumerate(parts)
    ]
    axes: tuple[Axis, ...] = (*x[:-rank], *sizes)
    return _as_many(site, axes)


@rule(
    "fractional_max_pool2d",
    "fractional_max_pool3d",
    "fractional_max_pool2d_with_indices",
    "fractional_max_pool3d_with_indices",
)
def fractional_pooling(site: Site) -> list[Sizes]:
    """(…, *sizes) → (…, *output_size), or each size times `output_ratio`, rounded down."""
    x, rank = site.sizes("input"), _rank(site)
    if site.has("output_size"):
        return _as_many(site, (*x[:-rank], *site.numbers("output_size", rank)))
    given = site.value("output_ratio")
    ratios = given if isinstance(given, tuple) else (given,) * rank
    sizes = [_part(size, ratio) for size, ratio in zip(x[-rank:], ratios, strict=True)]
    return _as_many(site, (*x[:-rank], *sizes))


def _part(size: Expression, ratio: Value) -> Expression:
    if not isinstance(ratio, float):
        raise NoRule("output_ratio is no number")
    exact = Fraction(ratio).limit_denominator(4096)
    return floor_divide(multiply(size, exact.numerator), exact.denominator)


@rule("max_unpool1d", "max_unpool2d", "max_unpool3d")
def unpooling(site: Site) -> tuple[Axis, ...]:
    """(…, *sizes) → (size − 1)·stride − 2·padding + kernel each, or `output_size`, whose last axes count."""
    x, rank = site.sizes("input"), _rank(site)
    if site.has("output_size"):
        return (*x[:-rank], *site.elements("output_size")[-rank:])
    kernels = site.numbers("kernel_size", rank)
    strides = kernels if site.value("stride") in (None, ()) else site.numbers("stride", rank)
    paddings = site.numbers("padding", rank, 0)
    sizes = [
        transposed_window(x[axis - rank], kernels[axis], stride=strides[axis], padding=paddings[axis])
        for axis in range(rank)
    ]
    return (*x[:-rank], *sizes)
