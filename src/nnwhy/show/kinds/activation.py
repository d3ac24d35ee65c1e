"""Activations: what becomes 0 or saturates, and units that never answer."""

from __future__ import annotations

import torch

from nnwhy.facts.picture import Row
from nnwhy.show.kinds.other import maps_picture, neighbours
from nnwhy.show.measures import before_and_after, histogram, words, zero_share
from nnwhy.show.registry import kind
from nnwhy.show.seen import Seen, Told

_ENDS = {"Sigmoid": (0.0, 1.0), "Tanh": (-1.0, 1.0), "Hardsigmoid": (0.0, 1.0), "Hardtanh": (-1.0, 1.0)}
_CLOSE = 0.02


@kind(
    "ReLU", "ReLU6", "LeakyReLU", "PReLU", "RReLU", "ELU", "CELU", "SELU", "GELU", "SiLU", "Mish", "Hardswish",
    "Hardsigmoid", "Hardtanh", "Hardshrink", "Softshrink", "Tanhshrink", "Softplus", "Softsign", "Sigmoid", "LogSigmoid",
    "Tanh", "Threshold",
)  # fmt: skip
def tell(seen: Seen) -> Told:
    """Maps before and after, the distribution, the share of zeros, and dead units over the whole batch."""
    x, y = seen.x.float(), seen.y.float()
    zero, dead, units = zero_share(y), _dead(y), y.shape[1] if y.dim() > 1 else y.numel()
    rows = [
        Row("negative", (f"{float((x < 0).double().mean()):.1%}", f"{float((y < 0).double().mean()):.1%}")),
        Row("exactly 0", (f"{zero_share(x):.1%}", f"{zero:.1%}")),
        Row("neighbours' correlation", (neighbours(x), neighbours(y))),
    ]
    see = _sentence(seen, x, y, zero)
    if zero > 0:
        samples = y.shape[0] if y.dim() > 1 else 1
        rows.append(Row("units that are 0 for the whole batch", (None, f"{dead} of {units}")))
        see += f" {_units(dead, units)} for all {samples} samples."
    ends = _ENDS.get(seen.type)
    if ends is not None:
        rows.append(Row(f"within {_CLOSE:g} of an end", (None, f"{_saturated(y, ends):.1%}")))
    return Told(
        see,
        (
            maps_picture("before", x, seen),
            maps_picture("after", y, seen),
            histogram("values before and after", [("before", x), ("after", y)]),
        ),
        (before_and_after(x, y, *rows),),
    )


def _dead(y: torch.Tensor) -> int:
    """Channels (axis 1) that are 0 for every sample at every place."""
    if y.dim() < 2:
        return int((y == 0).sum())
    return int((y.movedim(1, 0).flatten(1) == 0).all(1).sum())


def _saturated(y: torch.Tensor, ends: tuple[float, float]) -> float:
    near = ((y - ends[0]).abs() < _CLOSE) | ((y - ends[1]).abs() < _CLOSE)
    return float(near.double().mean())


def _units(dead: int, units: int) -> str:
    if dead == 0:
        return f"Each of the {units} units answers at least once: none is 0"
    return f"{dead} of the {units} units {'is' if dead == 1 else 'are'} 0"


def _sentence(seen: Seen, x: torch.Tensor, y: torch.Tensor, zero: float) -> str:
    ends = _ENDS.get(seen.type)
    if ends is not None:
        return (
            f"All values are squeezed between {ends[0]:g} and {ends[1]:g}; {_saturated(y, ends):.1%} lie within {_CLOSE:g} "
            "of an end, where a change of the input is hardly felt."
        )
    negative = float((x < 0).double().mean())
    if zero > 0.01:
        return f"{negative:.1%} of the values are negative and {zero:.1%} leave as 0: what is black after was negative before."
    kept = float(y[x < 0].double().mean()) if bool((x < 0).any()) else 0.0
    return f"{negative:.1%} of the values are negative and are pressed towards 0: {words(kept)} on average, instead of {words(_mean_negative(x))}."


def _mean_negative(x: torch.Tensor) -> float:
    return float(x[x < 0].double().mean()) if bool((x < 0).any()) else 0.0
