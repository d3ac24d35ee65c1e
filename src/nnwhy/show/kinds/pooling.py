"""Pooling: which pixel of each window won, or what its mean is."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F

from nnwhy.facts.picture import Row
from nnwhy.show.kinds.other import maps_picture
from nnwhy.show.maps import as_maps, picture, strongest, tile
from nnwhy.show.measures import before_and_after, neighbour_correlation
from nnwhy.show.registry import kind
from nnwhy.show.seen import Seen, Told

_MAXIMA = {
    "MaxPool1d": F.max_pool1d, "MaxPool2d": F.max_pool2d, "MaxPool3d": F.max_pool3d,
    "AdaptiveMaxPool1d": F.adaptive_max_pool1d, "AdaptiveMaxPool2d": F.adaptive_max_pool2d,
    "AdaptiveMaxPool3d": F.adaptive_max_pool3d,
}  # fmt: skip


@kind(
    "MaxPool1d", "MaxPool2d", "MaxPool3d", "AvgPool1d", "AvgPool2d", "AvgPool3d", "LPPool1d", "LPPool2d",
    "AdaptiveAvgPool1d", "AdaptiveAvgPool2d", "AdaptiveAvgPool3d",
    "AdaptiveMaxPool1d", "AdaptiveMaxPool2d", "AdaptiveMaxPool3d",
)  # fmt: skip
def tell(seen: Seen) -> Told:
    """The strongest maps before, with the winners marked, and after."""
    base = next(
        cls.__name__
        for cls in type(seen.layer).__mro__
        if "Pool" in cls.__name__ and cls.__name__[-1] == "d" and cls.__name__[0] != "_"
    )
    dimensions = int(base[-2])
    maps = as_maps(seen.x, dimensions)
    before, after = maps.values, as_maps(seen.y, dimensions).values
    table = before_and_after(
        seen.x,
        seen.y,
        Row("neighbours' correlation", (neighbour_correlation(before), neighbour_correlation(after))),
        Row("values in a map", (seen.x[0, 0].numel(), seen.y[0, 0].numel()))
        if seen.x.dim() > 2
        else Row("values", (seen.x.numel(), seen.y.numel())),
    )
    lost = _lost(seen, dimensions)
    if dimensions != 2:
        pictures = (maps_picture("before", before, seen), maps_picture("after", after, seen))
        return Told(
            "A window goes over each map, and gives one number for all in it.", pictures, (table,), lost
        )
    winners = _winners(seen, base)
    channels = sorted(strongest(before[0]))
    shown = f"{len(channels)} of the {before.shape[1]} maps of {seen.sample(0)}"
    first = picture(
        f"before: {shown}",
        [tile(f"{c}", before[0, c], spots=winners[0, c] if winners is not None else None) for c in channels],
        scale=[before[0, channels]],
        mark="won its window",
    )
    second = picture(
        f"after: {shown}", [tile(f"{c}", after[0, c]) for c in channels], scale=[after[0, channels]]
    )
    if winners is None:
        see = "Each pixel of the smaller map is the mean of one window: the same picture, blurred."
        return Told(see, (first, second), (table,), lost)
    share = float(winners.double().mean())
    see = f"The largest pixel of each window wins (marked) and goes on; {share:.1%} of the pixels do, the others are forgotten."
    return Told(see, (first, second), (table,), lost)


def _winners(seen: Seen, base: str) -> torch.Tensor | None:
    """Which pixels of the input go on, (N, C, H, W); None for means."""
    function: Any = _MAXIMA.get(base)
    if function is None:
        return None
    layer: Any = seen.layer
    x = seen.x if seen.x.dim() == 4 else seen.x[None]
    if base.startswith("Adaptive"):
        _, places = function(x, layer.output_size, return_indices=True)
    else:
        _, places = function(
            x, layer.kernel_size, layer.stride, layer.padding, layer.dilation, layer.ceil_mode, True
        )
    won = torch.zeros(x.shape, dtype=torch.bool).flatten(2)
    return won.scatter(2, places.flatten(2), True).reshape(x.shape)


def _lost(seen: Seen, dimensions: int) -> tuple[str, ...]:
    """The rows and columns at the end that no window reaches."""
    layer: Any = seen.layer
    if not hasattr(layer, "kernel_size"):
        return ()
    notes: list[str] = []
    for axis, name in zip(range(-dimensions, 0), ("slice", "row", "column")[-dimensions:], strict=True):
        kernel, stride, padding, dilation = (
            value if isinstance(value, int) else value[axis]
            for value in (layer.kernel_size, layer.stride or layer.kernel_size, getattr(layer, "padding", 0), getattr(layer, "dilation", 1))
        )  # fmt: skip
        reached = (seen.y.shape[axis] - 1) * stride + dilation * (kernel - 1) + 1 - padding
        left = seen.x.shape[axis] - reached
        if left > 0:
            which = f"last {left} {name}s are" if left > 1 else f"last {name} is"
            notes.append(f"the {which} in no window and {'have' if left > 1 else 'has'} no effect")
    return tuple(notes)
