"""Pools of 1, 2 or 3 axes in NumPy, over x of (N, C, sizes…)."""

from __future__ import annotations

import numpy as np

from nnwhy.layers.references.windows import frame, per_axis, windows


def pool_windows(x, kernel_size, stride, padding, dilation, ceil_mode, value, overhang=None):
    """The windows, flattened: (N, C, positions…, values). `value` is the padding, `overhang` what ceil_mode adds beyond it."""
    axes = x.ndim - 2
    kernel, padding, dilation = (per_axis(v, axes) for v in (kernel_size, padding, dilation))
    stride = kernel if stride is None else per_axis(stride, axes)
    x, sizes = frame(x, padding, padding, value), x.shape[2:]
    if ceil_mode:
        beyond = [0] * axes
        for i, (n, k, s, p, d) in enumerate(zip(sizes, kernel, stride, padding, dilation)):
            last = -(-(n + 2 * p - d * (k - 1) - 1) // s) * s
            last -= s if last >= n + p else 0
            beyond[i] = max(0, last + d * (k - 1) + 1 - (n + 2 * p))
        x = frame(x, [0] * axes, beyond, value if overhang is None else overhang)
    found = windows(x, kernel, stride, dilation)
    return found.reshape(*found.shape[: 2 + axes], -1)


def max_pool(x, kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False):
    """The largest value of each window."""
    options = (kernel_size, stride, padding, dilation, ceil_mode)
    values = pool_windows(x, *options, -np.inf)
    if not return_indices:
        return values.max(axis=-1)
    places = np.arange(np.prod(x.shape[2:])).reshape(1, 1, *x.shape[2:])
    places = np.broadcast_to(pool_windows(places, *options, -1), values.shape)
    where = values.argmax(axis=-1)[..., None]
    return np.take_along_axis(values, where, -1)[..., 0], np.take_along_axis(places, where, -1)[..., 0]


def avg_pool(
    x, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None
):
    """The mean of each window."""
    options = (kernel_size, stride, padding, 1, ceil_mode)
    total = pool_windows(x, *options, 0).sum(axis=-1)
    counted = pool_windows(np.ones_like(x[:1, :1]), *options, int(count_include_pad), overhang=0)
    return total / (divisor_override or counted.sum(axis=-1))


def lp_pool(x, norm_type, kernel_size, stride=None, ceil_mode=False):
    """The p-norm of each window: its mean power times the window's full size, rooted."""
    size = np.prod(per_axis(kernel_size, x.ndim - 2))
    mean = avg_pool(x**norm_type, kernel_size, stride, ceil_mode=ceil_mode)
    return (mean * x.dtype.type(size)) ** x.dtype.type(1 / norm_type)


def max_unpool(x, indices, kernel_size, stride=None, padding=0, output_size=None):
    """Each value back at its index, zeros elsewhere."""
    axes = x.ndim - 2
    kernel, padding = per_axis(kernel_size, axes), per_axis(padding, axes)
    stride = kernel if stride is None else per_axis(stride, axes)
    sizes = [(n - 1) * s - 2 * p + k for n, s, p, k in zip(x.shape[2:], stride, padding, kernel)]
    sizes = tuple(sizes if output_size is None else output_size[-axes:])
    y = np.zeros((*x.shape[:2], np.prod(sizes)), x.dtype)
    np.put_along_axis(y, indices.reshape(*x.shape[:2], -1), x.reshape(*x.shape[:2], -1), axis=-1)
    return y.reshape(*x.shape[:2], *sizes)


def adaptive_regions(sizes, output_size):
    """For each output place, its slices of the input."""
    wanted = [out or n for n, out in zip(sizes, per_axis(output_size, len(sizes)))]
    for place in np.ndindex(*wanted):
        yield place, tuple(slice(i * n // o, -(-(i + 1) * n // o)) for i, n, o in zip(place, sizes, wanted))


def adaptive_avg_pool(x, output_size):
    """The mean of each of output_size windows."""
    regions = dict(adaptive_regions(x.shape[2:], output_size))
    y = np.empty((*x.shape[:2], *(last + 1 for last in max(regions))), x.dtype)
    for place, region in regions.items():
        y[(..., *place)] = x[(..., *region)].reshape(*x.shape[:2], -1).mean(axis=-1)
    return y


def adaptive_max_pool(x, output_size, return_indices=False):
    """The largest value of each of output_size windows."""
    regions = dict(adaptive_regions(x.shape[2:], output_size))
    places = np.arange(np.prod(x.shape[2:])).reshape(x.shape[2:])
    y = np.empty((*x.shape[:2], *(last + 1 for last in max(regions))), x.dtype)
    indices = np.empty(y.shape, np.int64)
    for place, region in regions.items():
        values = x[(..., *region)].reshape(*x.shape[:2], -1)
        y[(..., *place)] = values.max(axis=-1)
        indices[(..., *place)] = places[region].ravel()[values.argmax(axis=-1)]
    return (y, indices) if return_indices else y


def fractional_starts(n, out, kernel, u):
    """Where the windows begin along an axis of n."""
    alpha = (n - kernel) / (out - 1) if out > 1 else 0
    return [int((i + u) * alpha) - int(u * alpha) for i in range(out - 1)] + [n - kernel]


def fractional_max_pool(
    x, kernel_size, output_size=None, output_ratio=None, return_indices=False, _random_samples=None
):
    """The largest value of windows whose starts follow from one random number for each sample, channel and axis."""
    axes, sizes = x.ndim - 2, x.shape[2:]
    kernel = per_axis(kernel_size, axes)
    if output_size is None:
        output_size = [int(n * ratio) for n, ratio in zip(sizes, per_axis(output_ratio, axes))]
    outputs = per_axis(output_size, axes)
    samples = np.random.rand(*x.shape[:2], axes) if _random_samples is None else _random_samples
    places = np.arange(np.prod(sizes)).reshape(sizes)
    y, indices = np.empty((*x.shape[:2], *outputs), x.dtype), np.empty((*x.shape[:2], *outputs), np.int64)
    for n, c in np.ndindex(*x.shape[:2]):
        numbers = samples[n, c][::-1] if axes == 2 else samples[n, c]
        starts = [fractional_starts(*axis) for axis in zip(sizes, outputs, kernel, numbers)]
        for place in np.ndindex(*outputs):
            region = tuple(slice(s[i], s[i] + k) for s, i, k in zip(starts, place, kernel))
            y[(n, c, *place)] = x[n, c][region].max()
            indices[(n, c, *place)] = places[region].ravel()[x[n, c][region].argmax()]
    return (y, indices) if return_indices else y
