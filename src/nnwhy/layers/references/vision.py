"""Resizing in NumPy: one matrix an axis says of which old pixels each new one is made."""

from __future__ import annotations

import math

import numpy as np

from nnwhy.layers.references.windows import per_axis


def interpolate(
    x, size=None, scale_factor=None, mode="nearest", align_corners=None, recompute_scale_factor=None
):
    """x (N, C, sizes…) → (N, C, new sizes…)."""
    axes = x.ndim - 2
    scales = per_axis(scale_factor, axes)
    sizes = per_axis(size, axes)
    if size is None:
        sizes = [int(n * scale) for n, scale in zip(x.shape[2:], scales)]
    for axis, (out, scale) in enumerate(zip(sizes, scales), start=2):
        n = x.shape[axis]
        step = n / out if scale is None or recompute_scale_factor else 1 / scale
        matrix = blend(n, out, step, mode, bool(align_corners)).astype(x.dtype)
        x = np.moveaxis(np.moveaxis(x, axis, -1) @ matrix.T, -1, axis)
    return x


def blend(n, out, step, mode, align_corners):
    """The matrix (out, n) of one axis: each row holds the weights of a new pixel's old ones."""
    matrix = np.zeros((out, n))
    for i in range(out):
        if mode == "area":
            start, end = i * n // out, -(-(i + 1) * n // out)
            matrix[i, start:end] = 1 / (end - start)
        elif mode == "nearest":
            matrix[i, min(int(np.float32(i) * np.float32(step)), n - 1)] = 1
        elif mode == "nearest-exact":
            matrix[i, min(int(np.float32(i + 0.5) * np.float32(step)), n - 1)] = 1
        else:
            x = i * (n - 1) / max(out - 1, 1) if align_corners else (i + 0.5) * step - 0.5
            x = x if mode == "bicubic" else max(x, 0)
            left = math.floor(x)
            for j in range(left - 1, left + 3):
                matrix[i, min(max(j, 0), n - 1)] += (
                    cubic(x - j) if mode == "bicubic" else max(0, 1 - abs(x - j))
                )
    return matrix


def cubic(t, a=-0.75):
    """The weight of an old pixel at distance t."""
    t = abs(t)
    if t <= 1:
        return (a + 2) * t**3 - (a + 3) * t**2 + 1
    return a * t**3 - 5 * a * t**2 + 8 * a * t - 4 * a if t < 2 else 0.0


def upsampling_bilinear2d(x, size=None, scale_factor=None):
    """Bilinear, corners staying corners."""
    return interpolate(x, size, scale_factor, mode="bilinear", align_corners=True)
