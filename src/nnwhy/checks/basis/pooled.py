"""A pool of fixed size before a flatten, and the adaptive pool that would give the wanted number whatever comes in."""

from __future__ import annotations

from dataclasses import dataclass
from math import isqrt, prod

from nnwhy.checks.basis.editing import labelled
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.expression import Size
from nnwhy.facts.finding import Edit, Fix
from nnwhy.facts.trace import Call

_POOL = {"avg_pool2d": "AdaptiveAvgPool2d", "avg_pool1d": "AdaptiveAvgPool1d", "avg_pool3d": "AdaptiveAvgPool3d",
         "max_pool2d": "AdaptiveMaxPool2d", "max_pool1d": "AdaptiveMaxPool1d", "max_pool3d": "AdaptiveMaxPool3d"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pooling:
    """`whole`: one number for each channel is wanted, so the pool was meant for the whole map, and not to halve it."""

    fix: Fix
    whole: bool


def pooling(subject: Subject, size: Size, wanted: int) -> Pooling | None:
    """Where the flattened map comes straight from an average pool and a smaller map would fit: make that pool adaptive."""
    flat = _flattened(subject, size)
    if flat is None:
        return None
    shape = subject.shape(flat)
    if len(shape) < 3 or wanted % shape[1]:
        return None
    side = _side(wanted // shape[1], len(shape) - 2)
    pool = _pool(subject, flat)
    if side is None or pool is None or not pool.name.startswith("avg_pool") or wanted >= prod(shape[1:]):
        return None
    layer = subject.layer(pool)
    place = layer.constructed[0] if layer and layer.constructed else None
    call = subject.source_call(place)
    if call is None:
        return None
    prefix = call.function.rpartition(".")[0]
    text = f"{prefix + '.' if prefix else ''}{_POOL[pool.name]}({side})"
    map_text = "×".join([str(side)] * (len(shape) - 2))
    means = f"pools to {map_text} whatever the size of the map"
    return Pooling(labelled(subject, [Edit(call.place, text)], means=means), side == 1)


def _flattened(subject: Subject, size: Size) -> int | None:
    """The tensor whose axes were flattened into `size`."""
    root = subject.derivations.resolved(size)
    assert subject.trace is not None
    origin = subject.trace.tensors[root.tensor].origin
    if origin.call is None:
        return None
    call = subject.calls[origin.call]
    if call.name not in ("flatten", "view", "reshape"):
        return None
    return call.inputs[0] if call.inputs else None


def _pool(subject: Subject, tensor: int) -> Call | None:
    assert subject.trace is not None
    for _ in range(6):
        origin = subject.trace.tensors[tensor].origin
        if origin.call is None:
            return None
        call = subject.calls[origin.call]
        if call.name in _POOL:
            return call
        if (
            call.name not in ("dropout", "relu", "contiguous", "feature_dropout", "dropout2d")
            or not call.inputs
        ):
            return None
        tensor = call.inputs[0]
    return None


def _side(area: int, rank: int) -> int | None:
    if rank == 1:
        return area
    side = isqrt(area) if rank == 2 else round(area ** (1 / 3))
    return side if side**rank == area else None
