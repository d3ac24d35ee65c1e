"""Normalisation layers: the distribution before and after, and channel by channel."""

from __future__ import annotations

from typing import Any

import torch

from nnwhy.facts.picture import Bar, Bars, Row
from nnwhy.show.kinds.other import maps_picture
from nnwhy.show.maps import spread
from nnwhy.show.measures import before_and_after, deviation, histogram, mean, words
from nnwhy.show.registry import kind
from nnwhy.show.seen import Seen, Told, first_tensor, readable

_CHANNELS = 8


@kind(
    "BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "SyncBatchNorm", "InstanceNorm1d", "InstanceNorm2d", "InstanceNorm3d",
    "GroupNorm", "LayerNorm", "RMSNorm", "LocalResponseNorm",
)  # fmt: skip
def tell(seen: Seen) -> Told:
    """Distributions before and after, in both modes where they differ, and means and deviations of some channels."""
    x, y = seen.x.float(), seen.y.float()
    series = [("before", x), ("after", y)]
    notes: tuple[str, ...] = ()
    if "BatchNorm" in seen.type:
        series, notes = _both_modes(seen, x, y)
    axis = (
        -1
        if any("LayerNorm" in c.__name__ or "RMSNorm" in c.__name__ for c in type(seen.layer).__mro__)
        else 1
    )
    before, after = _by_channel(x, axis), _by_channel(y, axis)
    shown = spread(len(before), _CHANNELS)
    word = "channel" if axis == 1 else "feature"
    pictures = [
        histogram("values before and after", series),
        *(_bars(f"{what} of {len(shown)} of the {len(before)} {word}s, {when}", part, shown, measure)
          for what, measure in (("means", mean), ("deviations", deviation))
          for when, part in (("before", before), ("after", after))),
    ]  # fmt: skip
    if x.dim() == 4 and axis == 1:
        pictures += [maps_picture("before", x, seen), maps_picture("after", y, seen)]
    return Told(
        _sentence(seen, x, y, before, after, word),
        tuple(pictures),
        (
            before_and_after(
                x, y,
                Row(f"smallest mean of a {word}", (_least(before, mean), _least(after, mean))),
                Row(f"largest mean of a {word}", (_most(before, mean), _most(after, mean))),
                Row(f"smallest deviation of a {word}", (_least(before, deviation), _least(after, deviation))),
                Row(f"largest deviation of a {word}", (_most(before, deviation), _most(after, deviation))),
            ),
        ),
        notes,
    )  # fmt: skip


def _by_channel(tensor: torch.Tensor, axis: int) -> torch.Tensor:
    """(channels, everything else)."""
    if tensor.dim() == 1:
        return tensor[:, None]
    return tensor.movedim(axis, 0).flatten(1)


def _bars(title: str, channels: torch.Tensor, shown: list[int], measure: Any) -> Bars:
    return Bars(title, tuple(Bar(f"{index}", measure(channels[index])) for index in shown))


def _least(channels: torch.Tensor, measure: Any) -> float:
    return min(measure(channel) for channel in channels)


def _most(channels: torch.Tensor, measure: Any) -> float:
    return max(measure(channel) for channel in channels)


def _both_modes(
    seen: Seen, x: torch.Tensor, y: torch.Tensor
) -> tuple[list[tuple[str, torch.Tensor]], tuple[str, ...]]:
    """Batch normalisation by this batch's numbers and by the running ones."""
    try:
        found = [first_tensor(seen.run(training, 0)) for training in (True, False)]
    except ValueError:  # one value per channel cannot be normalised in training
        return [("before", x), ("after", y)], (
            "this batch is too small for training mode: one value per channel",
        )
    training, evaluation = (readable(part).float() if part is not None else y for part in found)
    layer: Any = seen.layer
    tracked = int(layer.num_batches_tracked or 0)
    note = (
        "the running mean and deviation are still 0 and 1: in evaluation mode almost nothing happens before training"
        if tracked == 0 and layer.running_mean is not None
        else f"in evaluation mode it uses its running numbers{f', from {tracked:,} batches' if tracked else ''}"
    )
    return [("before", x), ("training", training), ("evaluation", evaluation)], (note,)


def _sentence(
    seen: Seen, x: torch.Tensor, y: torch.Tensor, before: torch.Tensor, after: torch.Tensor, word: str
) -> str:
    return (
        f"The {word}s come in with deviations from {words(_least(before, deviation))} to {words(_most(before, deviation))} "
        f"and leave with {words(_least(after, deviation))} to {words(_most(after, deviation))}; "
        f"all values together go from {words(mean(x))} ± {words(deviation(x))} to {words(mean(y))} ± {words(deviation(y))}."
    )
