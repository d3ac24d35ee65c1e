"""A pass of the script repeated aside: what `check` would look at, on the script's own network and data."""

from __future__ import annotations

import math
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from torch import nn

from nnwhy.facts.finding import Mixing
from nnwhy.facts.trace import Trace
from nnwhy.trace import Constructions, record
from nnwhy.trace.evaluating import evaluating
from nnwhy.trace.mixing import find_mixing

_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Repeated:
    """The pass as it was; and, where it is quick, in evaluation mode, and whether it mixes the samples of a batch."""

    trace: Trace
    evaluation: Trace | None = None
    mixing: Mixing | None = None


def repeated(
    module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any], constructions: Constructions
) -> Repeated | None:
    """The pass again; None where the network cannot be run a second time: then it is only watched."""
    with suppress(Exception):
        start = time.perf_counter()
        trace = record(module, args, kwargs, constructions=constructions)
        if trace.failures or time.perf_counter() - start > _SECONDS:
            return Repeated(trace)
        return _in_evaluation(module, args, kwargs, constructions, trace)
    return None


def _in_evaluation(
    module: nn.Module,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    constructions: Constructions,
    trace: Trace,
) -> Repeated:
    evaluation, mixing = None, None
    with suppress(Exception):
        if module.training:
            with evaluating(module):
                evaluation = record(module, args, kwargs, constructions=constructions)
        if trace.complete and trace.how.kind == "real":
            mixing = find_mixing(module, args, kwargs)
    return Repeated(trace, evaluation, mixing)


def flat_norms(trace: Trace) -> tuple[str, ...]:
    """The batch norms that got one value a channel and sample."""
    found: list[str] = []
    for call in trace.calls:
        if call.name == "batch_norm" and call.inputs:
            shape = trace.tensors[call.inputs[0]].shape
            if math.prod(shape[2:]) == 1 and call.module not in found:
                found.append(call.module)
    return tuple(found)
