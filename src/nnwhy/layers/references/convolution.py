"""Convolutions of 1, 2 or 3 axes in NumPy."""

from __future__ import annotations

import numpy as np

from nnwhy.layers.references.windows import per_axis, windows


def convolution(x, weight, bias=None, stride=1, padding=0, dilation=1, groups=1, padding_mode="zeros"):
    """x (N, C, sizes…), weight (out, C/groups, kernel…) → (N, out, sizes…)."""
    kernel, axes = weight.shape[2:], weight.ndim - 2
    if padding == "same":
        total = [distance * (size - 1) for size, distance in zip(kernel, per_axis(dilation, axes))]
        sides = [(size // 2, size - size // 2) for size in total]
    else:
        sides = [(size, size) for size in per_axis(0 if padding == "valid" else padding, axes)]
    mode = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}[padding_mode]
    patches = windows(np.pad(x, [(0, 0), (0, 0), *sides], mode=mode), kernel, stride, dilation)
    summed = [1, *range(-axes, 0)]
    outputs = [
        np.tensordot(patch, filters, axes=(summed, [1, *range(2, 2 + axes)]))
        for patch, filters in zip(np.split(patches, groups, axis=1), np.split(weight, groups))
    ]
    y = np.moveaxis(np.concatenate(outputs, axis=-1), -1, 1)
    return y if bias is None else y + bias.reshape(-1, *[1] * axes)


def transposed_convolution(
    x, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1, padding_mode="zeros"
):
    """x (N, C, sizes…), weight (C, out/groups, kernel…) → (N, out, sizes…). Every value paints a kernel; overlaps add up."""
    kernel, axes, sizes = weight.shape[2:], weight.ndim - 2, x.shape[2:]
    stride, dilation, extra = (per_axis(value, axes) for value in (stride, dilation, output_padding))
    painted = [
        (n - 1) * s + d * (k - 1) + 1 + e for n, s, d, k, e in zip(sizes, stride, dilation, kernel, extra)
    ]
    y = np.zeros((len(x), weight.shape[1] * groups, *painted), x.dtype)
    for offset in np.ndindex(*kernel):
        places = [
            slice(o * d, o * d + (n - 1) * s + 1, s) for o, d, n, s in zip(offset, dilation, sizes, stride)
        ]
        y[(..., *places)] += np.concatenate(
            [
                np.einsum("nc...,co->no...", part, filters[(..., *offset)])
                for part, filters in zip(np.split(x, groups, axis=1), np.split(weight, groups))
            ],
            axis=1,
        )
    y = y[(..., *(slice(p, n - p) for p, n in zip(per_axis(padding, axes), painted)))]
    return y if bias is None else y + bias.reshape(-1, *[1] * axes)
