"""Any layer that no other file tells about: its input and output as maps, and their distributions."""

from __future__ import annotations

import torch

from nnwhy.facts.picture import Picture, Row
from nnwhy.show.maps import SHOWN, as_maps, picture, strongest, tile
from nnwhy.show.measures import before_and_after, histogram, neighbour_correlation
from nnwhy.show.registry import kind
from nnwhy.show.seen import Seen, Told


def tell(seen: Seen) -> Told:
    """Tiles of the first sample before and after, both distributions, and the usual numbers."""
    x, y = seen.x.float(), seen.y.float()
    changed = (
        "its values stay, its shape changes" if _same_values(x, y) else "compare the two rows of pictures"
    )
    return Told(
        f"{seen.type} takes {_sizes(x)} and gives {_sizes(y)}; {changed}.",
        (
            maps_picture("before", x, seen),
            maps_picture("after", y, seen),
            histogram("values before and after", [("before", x), ("after", y)]),
        ),
        (before_and_after(x, y, Row("neighbours' correlation", (neighbours(x), neighbours(y)))),),
    )


def maps_picture(title: str, tensor: torch.Tensor, seen: Seen, sample: int = 0) -> Picture:
    """The strongest maps of one sample, on their own scale."""
    maps = as_maps(tensor)
    if maps.noun == "vector":
        chosen = maps.values[:SHOWN, 0]
        tiles = [tile(seen.sample(index), image) for index, image in enumerate(chosen)]
        return picture(f"{title}{': ' + maps.note if maps.note else ''}", tiles, scale=[chosen])
    images = maps.values[min(sample, len(maps.values) - 1)]
    channels = sorted(strongest(images))
    tiles = [tile(f"{channel}" if len(images) > 1 else "", images[channel]) for channel in channels]
    of = f"{len(channels)} of the {len(images)} maps" if len(images) > len(channels) else "the maps"
    of = of if len(images) > 1 else "the map"
    note = f"; {maps.note}" if maps.note else ""
    return picture(f"{title}: {of} of {seen.sample(sample)}{note}", tiles, scale=[images[channels]])


def neighbours(tensor: torch.Tensor) -> float | None:
    """The correlation of neighbouring pixels where the tensor is made of maps, None for vectors."""
    return neighbour_correlation(tensor) if tensor.dim() >= 4 else None


def _same_values(x: torch.Tensor, y: torch.Tensor) -> bool:
    return x.numel() == y.numel() and bool(torch.equal(x.flatten(), y.flatten()))


def _sizes(tensor: torch.Tensor) -> str:
    return "×".join(map(str, tensor.shape)) or "one number"


kind("Identity", "Flatten", "Unflatten")(tell)
