"""A row of numbers for each sample is cut into maps, and more maps than samples come out."""

from __future__ import annotations

from dataclasses import dataclass
from math import isqrt, prod

from nnwhy.checks.basis.subject import Subject, integers
from nnwhy.checks.basis.view_numbers import map_fixes, stated
from nnwhy.facts.finding import Fix
from nnwhy.facts.trace import Call, Tensor
from nnwhy.facts.value import tensors_in

_CONVOLUTIONS = tuple(f"{kind}{rank}d" for kind in ("conv", "conv_transpose") for rank in (1, 2, 3))


@dataclass(frozen=True, slots=True)
class Maps:
    """`rows` maps of the shape `map` came out of a view."""

    rows: int
    map: tuple[int, ...]
    fixes: list[Fix]


def maps_of_one_row(subject: Subject, call: Call, x: Tensor) -> Maps | None:
    """`view(-1, 128, 2, 2)` of (N, 128 · 4 · 4): 4 N maps, of which nobody makes N samples again before the network returns them.

    Only where a square map was stated whose sides would take all that one sample holds.
    """
    wanted = integers(call.arguments.get("shape"))
    if (
        len(x.shape) != 2
        or len(wanted) != 4
        or wanted[0] != -1
        or min(wanted[1:]) < 1
        or wanted[2] != wanted[3]
    ):
        return None
    rows, rest = divmod(prod(x.shape), prod(wanted[1:]))
    times, over = divmod(rows, x.shape[0])
    factor = isqrt(times)
    if rest or over or times < 2 or factor * factor != times or not call.outputs:
        return None
    if not {1, 2, 3} <= set(stated(call, x.shape, wanted)) or not _given_back(
        subject, call, x.shape[0], rows
    ):
        return None
    sides = {2: wanted[2] * factor, 3: wanted[3] * factor}
    return Maps(rows, wanted[1:], map_fixes(subject, call, x.shape, sides))


def _given_back(subject: Subject, call: Call, samples: int, rows: int) -> bool:
    """Whether the maps go through convolutions and come back as a result with as many rows, where the input has `samples`."""
    if subject.trace is None or subject.trace.failures:
        return False
    batches = {subject.shape(tensor)[0] for tensor in subject.inputs() if len(subject.shape(tensor)) > 2}
    results = [subject.shape(tensor) for tensor in tensors_in(subject.trace.result)]
    if batches != {samples} or not any(len(shape) == 4 and shape[0] == rows for shape in results):
        return False
    return any(later.name in _CONVOLUTIONS for later in subject.calls[call.id + 1 :])
