"""Windows over the last axes: what convolutions, pools and patches share."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def windows(x, kernel, stride, dilation=1):
    """(N, C, sizes…) as (N, C, positions…, kernel…), without a copy."""
    axes = len(kernel)
    span = [distance * (size - 1) + 1 for size, distance in zip(kernel, per_axis(dilation, axes))]
    every = [slice(None, None, step) for step in (*per_axis(stride, axes), *per_axis(dilation, axes))]
    return sliding_window_view(x, span, axis=tuple(range(-axes, 0)))[(..., *every)]


def per_axis(value, axes):
    """One number for each axis."""
    return tuple(value) if isinstance(value, (tuple, list)) else (value,) * axes


def frame(x, before, after, value=0):
    """`x` with `value` around its last axes."""
    sides = list(zip(before, after))
    return np.pad(x, [(0, 0)] * (x.ndim - len(sides)) + sides, constant_values=value)
