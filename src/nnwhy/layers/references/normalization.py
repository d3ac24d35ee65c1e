"""Normalisations in NumPy, over x of (N, C, …)."""

from __future__ import annotations

import numpy as np


def normalized(x, axes, eps):
    """Mean 0 and variance 1 over `axes`."""
    return (x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True) + x.dtype.type(eps))


def by_channel(x, weight, bias):
    """A scale and shift for each channel, axis 1."""
    shape = (1, -1) + (1,) * (x.ndim - 2)
    x = x if weight is None else x * weight.reshape(shape)
    return x if bias is None else x + bias.reshape(shape)


def batch_norm(
    x,
    weight=None,
    bias=None,
    running_mean=None,
    running_var=None,
    training=True,
    momentum=0.1,
    eps=1e-5,
    num_batches_tracked=1,
):
    """Each channel over the batch in training, by the running statistics in evaluation. These are updated in place.

    num_batches_tracked counts this batch too; it matters for momentum=None.
    """
    axes = (0, *range(2, x.ndim))
    if not training and running_mean is not None:
        shape = (1, -1) + (1,) * (x.ndim - 2)
        y = (x - running_mean.reshape(shape)) / np.sqrt(running_var.reshape(shape) + x.dtype.type(eps))
        return by_channel(y, weight, bias)
    if training and running_mean is not None:
        step = 1 / num_batches_tracked if momentum is None else momentum
        running_mean += step * (x.mean(axes) - running_mean)
        running_var += step * (x.var(axes, ddof=1) - running_var)
    return by_channel(normalized(x, axes, eps), weight, bias)


def instance_norm(
    x, weight=None, bias=None, running_mean=None, running_var=None, training=True, momentum=0.1, eps=1e-5
):
    """Each channel of each sample over its own positions."""
    axes = tuple(range(2, x.ndim))
    if not training and running_mean is not None:
        return batch_norm(x, weight, bias, running_mean, running_var, training=False, eps=eps)
    if running_mean is not None:
        running_mean += momentum * (x.mean(axes).mean(0) - running_mean)
        running_var += momentum * (x.var(axes, ddof=1).mean(0) - running_var)
    return by_channel(normalized(x, axes, eps), weight, bias)


def layer_norm(x, normalized_shape, weight=None, bias=None, eps=1e-5):
    """Each position over its last axes."""
    y = normalized(x, tuple(range(-len(np.atleast_1d(normalized_shape)), 0)), eps)
    y = y if weight is None else y * weight
    return y if bias is None else y + bias


def rms_norm(x, normalized_shape, weight=None, eps=None):
    """Each position by the root mean square of its last axes."""
    axes = tuple(range(-len(np.atleast_1d(normalized_shape)), 0))
    eps = np.finfo(x.dtype).eps if eps is None else eps
    y = x / np.sqrt((x * x).mean(axes, keepdims=True) + x.dtype.type(eps))
    return y if weight is None else y * weight


def group_norm(x, num_groups, weight=None, bias=None, eps=1e-5):
    """Each group of channels of each sample."""
    y = normalized(x.reshape(len(x), num_groups, -1), (2,), eps).reshape(x.shape)
    return by_channel(y, weight, bias)


def local_response_norm(x, size, alpha=1e-4, beta=0.75, k=1.0):
    """Each value by the energy of `size` channels around it."""
    sides = [(0, 0), (size // 2, (size - 1) // 2)] + [(0, 0)] * (x.ndim - 2)
    squares = np.pad(x * x, sides)
    energy = sum(squares[:, i : i + x.shape[1]] for i in range(size)) / x.dtype.type(size)
    return x / (x.dtype.type(k) + x.dtype.type(alpha) * energy) ** x.dtype.type(beta)


def cross_map_lrn2d(x, size, alpha=1e-4, beta=0.75, k=1):
    """As local_response_norm, but once in, the first channel's energy is never taken out: so does torch."""
    reach, squares = (size - 1) // 2, x * x
    energy = np.zeros_like(x)
    for c in range(x.shape[1]):
        energy[:, c] = squares[:, max(0, c - reach) : c + reach + 1].sum(axis=1)
        if c - reach > 0:
            energy[:, c] += squares[:, 0]
    return x * (x.dtype.type(k) + x.dtype.type(alpha / size) * energy) ** x.dtype.type(-beta)
