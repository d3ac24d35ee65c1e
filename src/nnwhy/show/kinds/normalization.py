"""Normalisation layers: the distribution before and after, and of each part that is normalised by itself."""

from __future__ import annotations

from math import prod
from typing import Any

import torch

from nnwhy.facts.picture import Bar, Bars, Numbers, Row
from nnwhy.show.kinds.other import maps_picture
from nnwhy.show.maps import spread
from nnwhy.show.measures import before_and_after, deviation, histogram, mean, words
from nnwhy.show.registry import kind
from nnwhy.show.seen import Seen, Told, first_tensor, readable

_UNITS = 5


@kind(
    "BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "SyncBatchNorm", "InstanceNorm1d", "InstanceNorm2d", "InstanceNorm3d",
    "GroupNorm", "LayerNorm", "RMSNorm", "LocalResponseNorm",
)  # fmt: skip
def tell(seen: Seen) -> Told:
    """Distributions before and after (for batch normalisation in both modes), means and deviations of some parts."""
    x, y = seen.x.float(), seen.y.float()
    series, notes = [("before", x), ("after", y)], ()
    if "BatchNorm" in seen.type:
        series, notes = _both_modes(seen, x, y)
    before, word = _parts(seen.layer, x)
    after, _ = _parts(seen.layer, y)
    pictures: list[Any] = [
        histogram("values before and after", series),
        _bars("means", word, before.mean(1), after.mean(1)),
        _bars("deviations", word, _deviations(before), _deviations(after)),
    ]
    if x.dim() == 4 and word != "position":
        pictures += [maps_picture("before", x, seen), maps_picture("after", y, seen)]
    return Told(
        _sentence(x, y, before, after, word), tuple(pictures), (_table(x, y, before, after, word),), notes
    )


def _parts(layer: Any, tensor: torch.Tensor) -> tuple[torch.Tensor, str]:
    """(parts, values of a part) and what a part is: that which gets its own mean and deviation."""
    names = {cls.__name__ for cls in type(layer).__mro__}
    if names & {"LayerNorm", "RMSNorm"}:
        return tensor.reshape(-1, prod(layer.normalized_shape)), "position"
    if tensor.dim() < 2:
        return tensor.reshape(1, -1), "sample"
    if "GroupNorm" in names:
        return tensor.reshape(len(tensor) * layer.num_groups, -1), "group"
    if any(name.startswith("InstanceNorm") for name in names):
        return tensor.flatten(0, -2) if tensor.dim() < 4 else tensor.flatten(2).flatten(0, 1), "map"
    return tensor.movedim(1, 0).flatten(1), "channel"


def _deviations(parts: torch.Tensor) -> torch.Tensor:
    return parts.std(1, correction=0)


def _bars(what: str, word: str, before: torch.Tensor, after: torch.Tensor) -> Bars:
    shown = spread(len(before), _UNITS)
    bars = [
        Bar(f"{index} {when}", float(part[index]), when == "after")
        for index in shown
        for when, part in (("before", before), ("after", after))
    ]
    return Bars(f"{what} of {len(shown)} of the {len(before):,} {word}s", tuple(bars))


def _table(x: torch.Tensor, y: torch.Tensor, before: torch.Tensor, after: torch.Tensor, word: str) -> Numbers:
    means, deviations = (before.mean(1), after.mean(1)), (_deviations(before), _deviations(after))
    return before_and_after(
        x, y,
        Row(f"smallest mean of a {word}", tuple(float(part.min()) for part in means)),
        Row(f"largest mean of a {word}", tuple(float(part.max()) for part in means)),
        Row(f"smallest deviation of a {word}", tuple(float(part.min()) for part in deviations)),
        Row(f"largest deviation of a {word}", tuple(float(part.max()) for part in deviations)),
    )  # fmt: skip


def _both_modes(
    seen: Seen, x: torch.Tensor, y: torch.Tensor
) -> tuple[list[tuple[str, torch.Tensor]], tuple[str, ...]]:
    """Batch normalisation by this batch's numbers and by the running ones."""
    try:
        found = [first_tensor(seen.run(training, 0)) for training in (True, False)]
    except ValueError:  # torch refuses to normalise a single value per channel in training
        return [("before", x), ("after", y)], (
            "this batch is too small for training mode: one value per channel",
        )
    training, evaluation = (readable(part).float() if part is not None else y for part in found)
    layer: Any = seen.layer
    if layer.running_mean is None:
        note = "it keeps no running numbers and uses the batch's own in both modes"
    elif not int(layer.num_batches_tracked or 0):
        note = "the running mean and deviation are still 0 and 1: in evaluation mode almost nothing happens before training"
    else:
        note = (
            f"in evaluation mode it uses its running numbers, from {int(layer.num_batches_tracked):,} batches"
        )
    return [("before", x), ("training", training), ("evaluation", evaluation)], (note,)


def _sentence(x: torch.Tensor, y: torch.Tensor, before: torch.Tensor, after: torch.Tensor, word: str) -> str:
    one, other = _deviations(before), _deviations(after)
    return (
        f"Each {word} by itself is shifted and scaled: their deviations go from {_between(one)} to {_between(other)}; "
        f"all values together from {words(mean(x))} ± {words(deviation(x))} to {_near_zero(mean(y))} ± {words(deviation(y))}."
    )


def _between(values: torch.Tensor) -> str:
    low, high = words(float(values.min())), words(float(values.max()))
    return low if low == high else f"{low}…{high}"


def _near_zero(value: float) -> str:
    """Rounding errors are told as 0."""
    return words(value) if abs(value) > 1e-6 else "0"
