"""Comparisons of vectors in NumPy."""

from __future__ import annotations

import numpy as np


def length(x, p=2.0, dim=-1, keepdims=False):
    """The p-norm along an axis."""
    return np.linalg.norm(x, ord=p, axis=dim, keepdims=keepdims)


def cosine_similarity(x1, x2, dim=1, eps=1e-8):
    eps = x1.dtype.type(eps)
    x1, x2 = (x / np.maximum(length(x, dim=dim, keepdims=True), eps) for x in (x1, x2))
    return (x1 * x2).sum(axis=dim)


def pairwise_distance(x1, x2, p=2.0, eps=1e-6, keepdim=False):
    return length(x1 - x2 + x1.dtype.type(eps), p, keepdims=keepdim)


def normalize(x, p=2.0, dim=1, eps=1e-12):
    return x / np.maximum(length(x, p, dim, keepdims=True), x.dtype.type(eps))
