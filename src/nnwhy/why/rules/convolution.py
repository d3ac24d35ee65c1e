"""Convolutions, transposed ones included."""

from __future__ import annotations

from nnwhy.facts.expression import Expression, multiply
from nnwhy.why.registry import Axis, rule
from nnwhy.why.rules.windows import transposed_window, window
from nnwhy.why.site import Site


@rule("conv1d", "conv2d", "conv3d")
def convolution(site: Site) -> tuple[Axis, ...]:
    """(N, in_channels, *sizes) → (N, out_channels, *sizes'), each size' a count of windows."""
    x, weight = site.sizes("input"), site.sizes("weight")
    rank = len(weight) - 2
    strides, dilations = site.numbers("stride", rank, 1), site.numbers("dilation", rank, 1)
    padding = site.value("padding", 0)
    if padding == "same":
        return (*x[: -rank - 1], weight[0], *x[-rank:])
    paddings = (0,) * rank if padding == "valid" else site.numbers("padding", rank, 0)
    sizes = [
        window(
            x[axis - rank],
            weight[axis + 2],
            stride=strides[axis],
            padding=paddings[axis],
            dilation=dilations[axis],
        )
        for axis in range(rank)
    ]
    return (*x[: -rank - 1], weight[0], *sizes)


@rule("conv_transpose1d", "conv_transpose2d", "conv_transpose3d")
def transposed_convolution(site: Site) -> tuple[Axis, ...]:
    """(N, in_channels, *sizes) → (N, out_channels, *sizes'); the weight is (in_channels, out_channels / groups, *kernel)."""
    x, weight = site.sizes("input"), site.sizes("weight")
    rank = len(weight) - 2
    strides, paddings = site.numbers("stride", rank, 1), site.numbers("padding", rank, 0)
    extra, dilations = site.numbers("output_padding", rank, 0), site.numbers("dilation", rank, 1)
    groups = site.integer("groups", 1)
    channels: Expression = weight[1] if groups == 1 else multiply(weight[1], site.number("groups"))
    sizes = [
        transposed_window(
            x[axis - rank],
            weight[axis + 2],
            stride=strides[axis],
            padding=paddings[axis],
            output_padding=extra[axis],
            dilation=dilations[axis],
        )
        for axis in range(rank)
    ]
    return (*x[: -rank - 1], channels, *sizes)
