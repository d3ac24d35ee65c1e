"""Dropout in NumPy. `keep` is the mask of what is kept; without it one is drawn."""

from __future__ import annotations

import numpy as np


def dropout(x, p=0.5, training=True, keep=None, rng=None):
    """Each value on its own."""
    return drop(x, x.shape, p, training, keep, rng)


def dropout1d(x, p=0.5, training=True, keep=None, rng=None):
    """Whole channels of (N, C, L), or of one sample (C, L)."""
    return drop(x, x.shape[:-1], p, training, keep, rng)


def dropout2d(x, p=0.5, training=True, keep=None, rng=None):
    """Whole channels of (N, C, H, W)."""
    return drop(x, x.shape[:2], p, training, keep, rng)


def dropout3d(x, p=0.5, training=True, keep=None, rng=None):
    """Whole channels of (N, C, D, H, W), or of one sample (C, D, H, W)."""
    return drop(x, x.shape[:-3], p, training, keep, rng)


def drop(x, shape, p, training, keep, rng):
    """One draw for each place of `shape`, the first axes of x."""
    if not training:
        return x
    keep = draw(shape, p, rng) if keep is None else keep
    scale = 1 / (1 - p) if p < 1 else 0
    return x * keep.reshape(shape + (1,) * (x.ndim - len(shape))) * x.dtype.type(scale)


def draw(shape, p, rng):
    """True with probability 1 − p."""
    return (rng or np.random.default_rng()).random(shape) >= p


def alpha_dropout(x, p=0.5, training=True, keep=None, rng=None):
    """Each value on its own."""
    return alpha_drop(x, x.shape, p, training, keep, rng)


def feature_alpha_dropout(x, p=0.5, training=True, keep=None, rng=None):
    """Whole channels of (N, C, …)."""
    return alpha_drop(x, x.shape[:2], p, training, keep, rng)


def alpha_drop(x, shape, p, training, keep, rng):
    """Dropped values become SELU's lower limit; a and b bring mean 0 and variance 1 back."""
    if not training:
        return x
    if p == 1:
        return np.zeros_like(x)
    keep = (draw(shape, p, rng) if keep is None else keep).reshape(shape + (1,) * (x.ndim - len(shape)))
    limit = -1.7580993408473766
    a = ((1 - p) * (1 + p * limit**2)) ** -0.5
    b = -a * p * limit
    return x.dtype.type(a) * np.where(keep, x, x.dtype.type(limit)) + x.dtype.type(b)
