"""Linear layers: the weights as a picture, and what the strongest output is made of."""

from __future__ import annotations

import torch

from nnwhy.facts.picture import Bar, Bars, Numbers, Row
from nnwhy.show.kinds.other import maps_picture
from nnwhy.show.maps import picture, tile
from nnwhy.show.measures import before_and_after, histogram, words
from nnwhy.show.registry import NotShown, kind
from nnwhy.show.seen import Seen, Told, readable

_LARGEST = 10


@kind("Linear", "NonDynamicallyQuantizableLinear")
def tell(seen: Seen) -> Told:
    """The weights, the largest parts of the strongest output of the first sample, and the vectors before and after."""
    weight, bias = getattr(seen.layer, "weight", None), getattr(seen.layer, "bias", None)
    if not isinstance(weight, torch.Tensor) or weight.dim() != 2:
        raise NotShown
    weight = readable(weight)
    x, y = seen.x.reshape(-1, seen.x.shape[-1]), seen.y.reshape(-1, seen.y.shape[-1])
    best = int(y[0].argmax())
    parts = weight[best] * x[0]
    base = float(bias[best]) if isinstance(bias, torch.Tensor) else 0.0
    if abs(float(parts.double().sum()) + base - float(y[0, best])) > 1e-3 * max(1.0, abs(float(y[0, best]))):
        raise NotShown  # a layer that computes something else under this name
    order = parts.abs().argsort(descending=True, stable=True)
    shown = order[:_LARGEST].tolist()
    half = _half(parts)
    bars = Bars(
        f"the {len(shown)} largest parts of output {best} for {seen.sample(0)}",
        tuple(
            Bar(
                f"input {i}",
                float(parts[i]),
                note=f"{words(float(x[0, i]))} × {words(float(weight[best, i]))}",
            )
            for i in shown
        ),
    )
    zero = float((x == 0).double().mean())
    return Told(
        f"Output {best} is the strongest for {seen.sample(0)}: the sum of {len(parts):,} inputs times weights; "
        f"{half:,} of them make half of its magnitude.",
        (
            maps_picture("before", seen.x, seen),
            picture(
                f"the weights, one row an output ({weight.shape[0]} × {weight.shape[1]}), drawn as means where large",
                [tile("", _drawn(weight))],
                scale=[_drawn(weight)],
                signed=True,
            ),
            bars,
            maps_picture("after", seen.y, seen),
            histogram("values before and after", [("before", x), ("after", y)]),
        ),
        (
            before_and_after(
                x, y, Row("exactly 0", (f"{zero:.1%}", f"{float((y == 0).double().mean()):.1%}"))
            ),
            Numbers(
                f"output {best} for {seen.sample(0)}",
                ("",),
                (
                    Row(f"sum of the {len(shown)} largest parts", (float(parts[shown].sum()),)),
                    Row(f"the other {len(parts) - len(shown):,}", (float(parts[order[_LARGEST:]].sum()),)),
                    Row("bias", (base,)),
                    Row("the output's value", (float(y[0, best]),)),
                ),
            ),
        ),
    )


def _half(parts: torch.Tensor) -> int:
    """How many parts, the largest first, make half of the sum of magnitudes."""
    sizes = parts.abs().double().sort(descending=True).values.cumsum(0)
    return int((sizes < sizes[-1] / 2).sum()) + 1


def _drawn(weight: torch.Tensor) -> torch.Tensor:
    """At most 64 × 64: means of blocks for larger ones."""
    rows, columns = (min(size, 64) for size in weight.shape)
    return torch.nn.functional.adaptive_avg_pool2d(weight[None, None].float(), (rows, columns))[0, 0]
