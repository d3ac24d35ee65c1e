"""Images from files, by Pillow where it is installed."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import torch

from nnwhy.errors import InputError

SUFFIXES = {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".ppm", ".pgm"}
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""Of ImageNet's training images, as torchvision's models take them off."""


def read(
    path: Path, chosen: slice, size: tuple[int, int] | None, channels: int | None
) -> tuple[torch.Tensor, tuple[str, ...], str]:
    """An image or a folder of images as (N, C, H, W), the names of the files, and a sentence about them.

    size: all are resized to this height and width; without it to those of the first. channels: 1 reads them as grey.
    Raises InputError where Pillow is missing, a file is no image, or a folder holds none.
    """
    files, of = _files(path, chosen)
    grey = channels == 1
    loaded = [_read_one(file, grey, size) for file in files[:1]]
    size = size or (loaded[0].shape[1], loaded[0].shape[2])
    loaded += [_read_one(file, grey, size) for file in files[1:]]
    x = torch.stack(loaded)
    scaled = "as 0 to 1"
    if not grey:
        mean, deviation = (torch.tensor(part)[:, None, None] for part in (MEAN, DEVIATION))
        x = (x - mean) / deviation
        scaled = "ImageNet's mean and deviation taken off"
    names = tuple(file.name for file in files)
    count = files[0].name if len(files) == 1 else f"{len(files)} images of {path.name}{of}"
    return x, names, f"{count}, {'grey' if grey else 'in colour'}, {size[0]}×{size[1]}, {scaled}"


def _files(path: Path, chosen: slice) -> tuple[list[Path], str]:
    if path.is_file():
        return [path], ""
    found = sorted(file for file in path.iterdir() if file.suffix.lower() in SUFFIXES and file.is_file())
    if not found:
        kinds = ", ".join(sorted(SUFFIXES))
        raise InputError(f"the folder {path} holds no images ({kinds})")
    few = found[chosen][:64]
    if not few:
        raise InputError(f"that slice is empty; {path} holds {len(found)} images")
    return few, f" (of {len(found)})" if len(few) < len(found) else ""


def _read_one(file: Path, grey: bool, size: tuple[int, int] | None) -> torch.Tensor:
    """One image as float32 (1 or 3, H, W) in 0…1."""
    pillow = _pillow()
    try:
        with pillow.open(file) as image:
            converted = image.convert("L" if grey else "RGB")
            if size is not None:
                converted = converted.resize((size[1], size[0]))
            values = np.asarray(converted, dtype=np.float32) / 255
    except (OSError, ValueError, SyntaxError, pillow.DecompressionBombError) as error:
        raise InputError(f"{file.name} cannot be read as an image: {str(error).splitlines()[0]}") from None
    return torch.from_numpy(values[None] if grey else values.transpose(2, 0, 1).copy())


def _pillow() -> Any:
    try:
        return import_module("PIL.Image")
    except ImportError:
        raise InputError(
            "images are read by the package Pillow, which is not installed: pip install pillow"
        ) from None
