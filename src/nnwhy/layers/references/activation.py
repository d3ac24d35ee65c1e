"""Activations in NumPy: each value on its own, but for the softmax family at the end."""

from __future__ import annotations

import math

import numpy as np


def relu(x):
    return np.maximum(0, x)


def relu6(x):
    return np.clip(x, 0, 6)


def leaky_relu(x, negative_slope=0.01):
    return np.where(x > 0, x, x.dtype.type(negative_slope) * x)


def prelu(x, weight):
    """One slope, or one for each channel (axis 1)."""
    slope = weight.reshape(-1, *[1] * (x.ndim - 2)) if x.ndim > 1 else weight
    return np.where(x > 0, x, slope * x)


def rrelu(x, lower=1 / 8, upper=1 / 3, training=False, slope=None, rng=None):
    """`slope` is drawn for each value in training."""
    if not training:
        return leaky_relu(x, (lower + upper) / 2)
    slope = (rng or np.random.default_rng()).uniform(lower, upper, x.shape) if slope is None else slope
    return np.where(x > 0, x, slope.astype(x.dtype) * x)


def threshold(x, threshold, value):
    return np.where(x > threshold, x, x.dtype.type(value))


def glu(x, dim=-1):
    a, b = np.split(x, 2, axis=dim)
    return a * sigmoid(b)


def elu(x, alpha=1.0):
    return np.where(x > 0, x, x.dtype.type(alpha) * np.expm1(np.minimum(x, 0)))


def celu(x, alpha=1.0):
    alpha = x.dtype.type(alpha)
    return np.maximum(0, x) + np.minimum(0, alpha * np.expm1(np.minimum(x / alpha, 0)))


def selu(x):
    return x.dtype.type(1.0507009873554805) * elu(x, 1.6732632423543772)


def gelu(x, approximate="none"):
    if approximate == "tanh":
        inner = math.sqrt(2 / math.pi) * (x + x.dtype.type(0.044715) * x**3)
        return x / 2 * (1 + np.tanh(inner, dtype=x.dtype))
    return x * ((1 + np.vectorize(math.erf, otypes=[float])(x / math.sqrt(2))) / 2).astype(x.dtype)


def sigmoid(x):
    return 1 / (1 + np.exp(-np.maximum(x, -80)))


def silu(x):
    return x * sigmoid(x)


def mish(x):
    return x * np.tanh(softplus(x))


def hardswish(x):
    return x * hardsigmoid(x)


def hardsigmoid(x):
    return np.clip(x + 3, 0, 6) / 6


def hardtanh(x, min_val=-1.0, max_val=1.0):
    return np.clip(x, x.dtype.type(min_val), x.dtype.type(max_val))


def tanh(x):
    return np.tanh(x)


def log_sigmoid(x):
    return -np.logaddexp(0, -x)


def softplus(x, beta=1.0, threshold=20.0):
    beta = x.dtype.type(beta)
    return np.where(beta * x > threshold, x, np.logaddexp(0, beta * x) / beta)


def softsign(x):
    return x / (1 + np.abs(x))


def tanhshrink(x):
    return x - np.tanh(x)


def softshrink(x, lambd=0.5):
    return np.sign(x) * np.maximum(0, np.abs(x) - x.dtype.type(lambd))


def hardshrink(x, lambd=0.5):
    return np.where(np.abs(x) > lambd, x, 0)


def softmax(x, dim):
    """Less the largest, which changes nothing but keeps exp from overflowing."""
    powers = np.exp(x - x.max(axis=dim, keepdims=True))
    return powers / powers.sum(axis=dim, keepdims=True)


def log_softmax(x, dim):
    x = x - x.max(axis=dim, keepdims=True)
    return x - np.log(np.exp(x).sum(axis=dim, keepdims=True))


def softmin(x, dim):
    return softmax(-x, dim)


def softmax2d(x):
    return softmax(x, -3)
