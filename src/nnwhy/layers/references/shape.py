"""Rearrangements in NumPy."""

from __future__ import annotations

import numpy as np

from nnwhy.layers.references.windows import frame, per_axis, windows


def flatten(x, start_dim=1, end_dim=-1):
    """(N, C, H, W) → (N, C·H·W)."""
    start, end = start_dim % x.ndim, end_dim % x.ndim
    return x.reshape(*x.shape[:start], -1, *x.shape[end + 1 :])


def unflatten(x, dim, unflattened_size):
    """Axis dim becomes several."""
    dim %= x.ndim
    return x.reshape(*x.shape[:dim], *unflattened_size, *x.shape[dim + 1 :])


def unfold(x, kernel_size, dilation=1, padding=0, stride=1):
    """(N, C, H, W) → (N, C · kernel positions, patches)."""
    kernel, padding = per_axis(kernel_size, 2), per_axis(padding, 2)
    patches = windows(frame(x, padding, padding), kernel, stride, dilation)
    return patches.transpose(0, 1, 4, 5, 2, 3).reshape(len(x), x.shape[1] * kernel[0] * kernel[1], -1)


def fold(x, output_size, kernel_size, dilation=1, padding=0, stride=1):
    """(N, C · kernel positions, patches) → (N, C, H, W): every patch is added in its place."""
    kernel, d, p, s = (per_axis(v, 2) for v in (kernel_size, dilation, padding, stride))
    sizes = [n + 2 * q for n, q in zip(per_axis(output_size, 2), p)]
    rows, columns = ((n - e * (k - 1) - 1) // t + 1 for n, e, k, t in zip(sizes, d, kernel, s))
    patches = x.reshape(len(x), -1, *kernel, rows, columns)
    y = np.zeros((len(x), patches.shape[1], *sizes), x.dtype)
    for i, j in np.ndindex(*kernel):
        top, left = i * d[0], j * d[1]
        y[:, :, top : top + rows * s[0] : s[0], left : left + columns * s[1] : s[1]][
            :, :, :rows, :columns
        ] += patches[:, :, i, j]
    return y[:, :, p[0] : sizes[0] - p[0], p[1] : sizes[1] - p[1]]


def pixel_shuffle(x, upscale_factor):
    """(*, C·r², H, W) → (*, C, H·r, W·r)."""
    *batch, channels, height, width = x.shape
    r = upscale_factor
    cells = x.reshape(-1, channels // r**2, r, r, height, width).transpose(0, 1, 4, 2, 5, 3)
    return cells.reshape(*batch, channels // r**2, height * r, width * r)


def pixel_unshuffle(x, downscale_factor):
    """(*, C, H·r, W·r) → (*, C·r², H, W)."""
    *batch, channels, height, width = x.shape
    r = downscale_factor
    cells = x.reshape(-1, channels, height // r, r, width // r, r).transpose(0, 1, 3, 5, 2, 4)
    return cells.reshape(*batch, channels * r**2, height // r, width // r)


def channel_shuffle(x, groups):
    """(N, C, *): the channels dealt out between groups."""
    dealt = x.reshape(len(x), groups, x.shape[1] // groups, *x.shape[2:]).swapaxes(1, 2)
    return dealt.reshape(x.shape)
