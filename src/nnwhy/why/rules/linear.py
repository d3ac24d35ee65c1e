"""Linear and bilinear maps, whose weights say how many features come out."""

from __future__ import annotations

from nnwhy.why.registry import Axis, rule
from nnwhy.why.site import Site


@rule("linear")
def linear(site: Site) -> tuple[Axis, ...]:
    """(…, in_features) → (…, out_features); the weight is (out_features, in_features)."""
    x, weight = site.sizes("input"), site.sizes("weight")
    return (*x[:-1], weight[0]) if len(weight) == 2 else x[:-1]


@rule("bilinear")
def bilinear(site: Site) -> tuple[Axis, ...]:
    """(…, in1_features) and (…, in2_features) → (…, out_features)."""
    return (*site.sizes("input1")[:-1], site.sizes("weight")[0])
