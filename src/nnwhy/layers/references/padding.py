"""Padding of 1, 2 or 3 axes in NumPy."""

from __future__ import annotations

import numpy as np

MODES = {"constant": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


def pad(x, pad, mode="constant", value=None):
    """`pad` is (before, after) of the last axis, then of the one before it, and so on; a negative number cuts off."""
    sides = list(zip(pad[::2], pad[1::2]))[::-1]
    sides = [(0, 0)] * (x.ndim - len(sides)) + sides
    kept = tuple(slice(max(0, -a), n - max(0, -b)) for (a, b), n in zip(sides, x.shape))
    more = [(max(0, a), max(0, b)) for a, b in sides]
    options = {"constant_values": value or 0} if mode == "constant" else {}
    return np.pad(x[kept], more, mode=MODES[mode], **options)


def everywhere(x, padding):
    """One number as a pair for each axis after (N, C)."""
    return padding if isinstance(padding, (tuple, list)) else (padding,) * 2 * (x.ndim - 2)


def zero_pad(x, padding):
    """Zeros around."""
    return pad(x, everywhere(x, padding))


def constant_pad(x, padding, value):
    """`value` around."""
    return pad(x, everywhere(x, padding), value=value)


def reflection_pad(x, padding):
    """Mirrored values around; the edge is not repeated."""
    return pad(x, everywhere(x, padding), mode="reflect")


def replication_pad(x, padding):
    """Copies of the edge around."""
    return pad(x, everywhere(x, padding), mode="replicate")


def circular_pad(x, padding):
    """Values from the other end around."""
    return pad(x, everywhere(x, padding), mode="circular")
