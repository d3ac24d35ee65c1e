"""Tensors as maps that can be drawn: which axes are the picture, which maps are worth showing, how they become tiles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isqrt
from typing import Any

import torch
import torch.nn.functional as F

from nnwhy.facts.picture import Picture, Tile

SIDE = 64
"""Maps with a longer side are drawn smaller: a face has a few hundred pixels for each, a terminal 38."""
SHOWN = 5


@dataclass(frozen=True)
class Maps:
    """A tensor as maps: `values` (samples, maps, H, W); `noun` is what a map is ("map", "vector"); `note` how it was arranged."""

    values: torch.Tensor
    noun: str
    note: str = ""


def as_maps(tensor: torch.Tensor, dimensions: int | None = None) -> Maps:
    """The tensor as maps.

    dimensions: over how many axes the layer slides (2 for Conv2d): it tells unbatched inputs from batched ones, and channels
    from sequences. Without it: (N, C, H, W) are maps, (N, L, F) one map of L rows a sample, (N, F) a vector folded into rows.
    """
    if dimensions is not None and tensor.dim() == dimensions + 1:
        tensor = tensor[None]
    if tensor.dim() == 0:
        tensor = tensor.reshape(1, 1)
    if tensor.dim() == 1:
        tensor = tensor[None]
    if tensor.dim() == 2:
        folded, note = _folded(tensor)
        return Maps(folded[:, None], "vector", note)
    if tensor.dim() == 3:
        return Maps(tensor[:, None], "map", f"rows are the {tensor.shape[1]} entries of axis 1")
    if tensor.dim() == 4:
        return Maps(tensor, "map")
    middle = tensor
    taken: list[str] = []
    while middle.dim() > 4:
        taken.append(f"slice {middle.shape[2] // 2} of axis {2 + len(taken)}")
        middle = middle.select(2, middle.shape[2] // 2)
    return Maps(middle, "map", "shown is " + ", ".join(taken))


def _folded(vectors: torch.Tensor) -> tuple[torch.Tensor, str]:
    """(N, F) as (N, rows, columns) with the least uneven factors; nothing is added to make it fit."""
    size = vectors.shape[1]
    if size <= 32:
        return vectors[:, None, :], ""
    rows = next(rows for rows in range(isqrt(size), 0, -1) if size % rows == 0)
    if size // rows > 8 * rows:
        rows = 1
    return vectors.reshape(len(vectors), rows, -1), f"{size} values, {size // rows} in a row"


def strongest(values: torch.Tensor, count: int = SHOWN) -> list[int]:
    """The maps (C, H, W) with the largest mean magnitude, strongest first."""
    strength = values.double().abs().flatten(1).mean(1).nan_to_num(0)
    return strength.argsort(descending=True, stable=True)[:count].tolist()


def spread(count: int, wanted: int) -> list[int]:
    """`wanted` indices spread over `count`."""
    if count <= wanted:
        return list(range(count))
    return [round(index * (count - 1) / (wanted - 1)) for index in range(wanted)]


def tile(
    label: str,
    image: torch.Tensor,
    *,
    marked: bool = False,
    spots: torch.Tensor | None = None,
    note: str = "",
) -> Tile:
    """A map (H, W) as a tile; a large one is drawn smaller by taking means, with its marked pixels where any in the block is."""
    factor = -(-max(image.shape) // SIDE)
    image = image.float()
    if factor > 1:
        image = F.avg_pool2d(image[None, None], _window(image, factor), ceil_mode=True)[0, 0]
        if spots is not None:
            spots = F.max_pool2d(spots.float()[None, None], _window(spots, factor), ceil_mode=True)[0, 0] > 0
    where = spots.nonzero().tolist() if spots is not None else []
    return Tile(label, rows(image), marked, tuple((int(r), int(c)) for r, c in where), note)


def _window(image: torch.Tensor, factor: int) -> tuple[int, int]:
    """A thin map keeps its few rows."""
    high, wide = image.shape
    return (factor if high > SIDE // 4 else 1, factor if wide > SIDE // 4 else 1)


def rows(image: torch.Tensor) -> tuple[tuple[float, ...], ...]:
    """The values, to four digits: more are never drawn, and the facts stay small."""
    return tuple(tuple(float(f"{value:.4g}") for value in row) for row in image.tolist())


def limits(tensors: Sequence[torch.Tensor]) -> tuple[float, float]:
    """The smallest and largest finite value."""
    values = torch.cat([part.float().flatten() for part in tensors])
    values = values[values.isfinite()]
    return (float(values.min()), float(values.max())) if values.numel() else (0.0, 0.0)


def picture(
    title: str,
    tiles: Sequence[Tile],
    *,
    scale: Sequence[torch.Tensor],
    see: str = "",
    mark: str = "dropped",
    signed: bool | None = None,
) -> Picture:
    """Tiles on the scale of `scale`; where there are negative values too, 0 is drawn black and the signs in two colours."""
    low, high = limits(scale)
    if signed is None:
        signed = low < -0.02 * max(abs(high), 1e-12)
    if signed:
        high = max(abs(low), abs(high))
        low = -high
    elif low > 0:
        low = 0.0
    return Picture(title, tuple(tiles), low, high, see, signed, mark)


def image_tiles(x: torch.Tensor, name: Callable[[int], str], count: int) -> Picture | None:
    """The first samples of a batch of images (N, 1 or 3, H, W) as they look; None where it is none."""
    if x.dim() != 4 or x.shape[1] not in (1, 3) or min(x.shape[2:]) < 8 or not x.is_floating_point():
        return None
    chosen = x[:count]
    if x.shape[1] == 1:
        tiles = [tile(name(index), image[0]) for index, image in enumerate(chosen)]
        low, high = limits([chosen])
        return Picture("the input", tuple(tiles), low, high)
    low, high = limits([chosen])
    scaled = ((chosen - low) / (high - low if high > low else 1.0)).clamp(0, 1)
    made: list[Tile] = []
    for index, image in enumerate(scaled):
        factor = -(-max(image.shape[1:]) // SIDE)
        small = F.avg_pool2d(image[None], factor, ceil_mode=True)[0] if factor > 1 else image
        made.append(Tile(name(index), rows(small.mean(0)), colours=_colours(small)))
    return Picture("the input", tuple(made), 0.0, 1.0)


def _colours(image: torch.Tensor) -> tuple[str, ...]:
    numbers: Any = (image.nan_to_num(0) * 255).round().to(torch.uint8).permute(1, 2, 0).tolist()
    return tuple("".join(f"{r:02x}{g:02x}{b:02x}" for r, g, b in row) for row in numbers)
