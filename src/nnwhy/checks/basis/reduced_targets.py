"""A target that lost an axis on its way to the loss: `labels.argmax(1)` of labels that are class indices already."""

from __future__ import annotations

import ast

from nnwhy.checks.basis.bindings import bindings
from nnwhy.checks.basis.definitions import parsed
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.targets import wanted_target
from nnwhy.checks.basis.written_calls import WrittenTensor
from nnwhy.checks.basis.written_shapes import written_tensor
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceCall
from nnwhy.facts.trace import Tensor

_TAKING = (
    "argmax",
    "argmin",
    "amax",
    "amin",
    "sum",
    "mean",
    "squeeze",
    "flatten",
    "view",
    "reshape",
    "ravel",
)
_KEEPING = ("long", "int", "float", "to", "cpu", "cuda")


def needless_reduction(
    subject: Subject, kind: str, prediction: Tensor | WrittenTensor, target: Place
) -> tuple[SourceCall, Place] | None:
    """The call that takes axes from the target, and what it is applied to, where that fits the loss as it is; else None."""
    place = target
    for _ in range(4):
        call = subject.source_call(place)
        if call is None:
            source = subject.sources.get(place.path)
            text = source.at(place) if source is not None else ""
            if source is None or not isinstance(parsed(text), ast.Name):
                return None
            found = next(bindings(source, text, place), None)
            if found is None or found.kind != "value" or found.path or found.place == place:
                return None
            place = found.place
            continue
        name = call.function.rpartition(".")[2]
        data = _data(call)
        if data is None:
            return None
        if name in _KEEPING:
            place = data
            continue
        before = written_tensor(subject, data) if name in _TAKING else None
        fits = before is not None and wanted_target(kind, prediction, before) == (None, "")
        return (call, data) if fits else None
    return None


def _data(call: SourceCall) -> Place | None:
    """The data of `x.argmax(1)` or `torch.argmax(x, 1)`."""
    if call.receiver is not None and not call.resolved.startswith("torch."):
        return call.receiver
    return next((a.place for a in call.arguments if a.name in ("", "input") and not a.starred), None)
