"""Softmax and log-softmax: scores become shares of 1."""

from __future__ import annotations

from typing import Any

import torch

from nnwhy.facts.picture import Bar, Bars, Numbers, Row
from nnwhy.show.measures import before_and_after, mean, words
from nnwhy.show.registry import kind
from nnwhy.show.seen import Seen, Told

_BARS = 10
_SAMPLES = 3


@kind("Softmax", "LogSoftmax", "Softmin", "Softmax2d")
def tell(seen: Seen) -> Told:
    """Bars of the first samples, the largest marked; how sure the network is over the batch."""
    layer: Any = seen.layer
    axis = getattr(layer, "dim", None)
    if axis is None:
        axis = 0 if seen.y.dim() in (0, 1, 3) else 1
    if seen.type == "Softmax2d":
        axis = -3
    log = seen.type == "LogSoftmax"
    shares = seen.y.exp() if log else seen.y
    rows = shares.movedim(axis, -1).reshape(-1, shares.shape[axis])
    scores = seen.x.movedim(axis, -1).reshape(rows.shape)
    simple = seen.y.dim() == 2 and axis in (1, -1)
    pictures = tuple(
        _bars(seen.sample(index) if simple else f"row {index}", scores[index], rows[index])
        for index in range(min(len(rows), _SAMPLES))
    )
    top = rows.max(-1).values
    entropy = -(rows * rows.clamp_min(1e-30).log2()).sum(-1)
    first = int(rows[0].argmax())
    return Told(
        f"The {rows.shape[1]} scores become shares that sum to 1{' (it gives their logarithms)' if log else ''}: "
        f"class {first} gets {float(rows[0, first]):.1%} for {seen.sample(0)}.",
        pictures,
        (
            Numbers(
                f"over {len(rows):,} rows",
                ("",),
                (
                    Row("mean of the largest share", (f"{mean(top):.1%}",)),
                    Row("smallest of the largest shares", (f"{float(top.min()):.1%}",)),
                    Row("classes in play, 2 to the mean entropy", (2 ** mean(entropy),)),
                    Row("sum of the shares, mean", (mean(rows.sum(-1)),)),
                ),
            ),
            before_and_after(seen.x, seen.y),
        ),
    )


def _bars(name: str, scores: torch.Tensor, shares: torch.Tensor) -> Bars:
    chosen = sorted(shares.argsort(descending=True, stable=True)[:_BARS].tolist())
    best = int(shares.argmax())
    bars = tuple(
        Bar(
            f"{index}",
            float(shares[index]),
            index == best,
            f"{float(shares[index]):.1%}, score {words(float(scores[index]))}",
        )
        for index in chosen
    )
    return Bars(f"{name}: the shares", bars)
