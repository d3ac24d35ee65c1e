"""A loss that compares element by element raises because the network's result has another size than its target: what in the network
would give it that size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import FrameType
from typing import Any

import torch
from torch import nn

from nnwhy.api.rebuild import Rebuilder
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.loss_broadcast import unlike_target
from nnwhy.facts.finding import Finding, Fix, Proof
from nnwhy.facts.session import LossCall
from nnwhy.facts.source import SourceFacts
from nnwhy.fix.texts import changed_texts
from nnwhy.watch.constructed import Constructed


def in_result(
    loss: LossCall,
    last_pass: tuple[nn.Module, tuple[Any, ...], dict[str, Any]],
    subject: Subject,
    frames: list[FrameType],
    constructed: Constructed | None,
) -> tuple[Finding, ...]:
    """The finding, the fixes that give the wanted size first; () where there are none, or the last pass did not give the loss its
    prediction.

    `subject` is the last pass of the network that was trained.
    """
    wanted = loss.target.shape
    finding = unlike_target(subject, loss.function, loss.prediction.shape, wanted, loss.place)
    if finding is None or not finding.fixes:
        return ()
    module, args, kwargs = last_pass
    places = constructed.places(module) if constructed is not None else ()
    rebuilder = Rebuilder(module, places, frames, subject.sources)
    tried = [_tried(fix, rebuilder, args, kwargs, wanted, subject.sources) for fix in finding.fixes]
    holding = [fix for fix in tried if fix.proof is not None]
    return (replace(finding, fixes=(*holding, *(fix for fix in tried if fix.proof is None))),)


def _tried(
    fix: Fix,
    rebuilder: Rebuilder,
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    wanted: tuple[int, ...],
    sources: Mapping[str, SourceFacts],
) -> Fix:
    try:
        network = rebuilder.built(changed_texts(sources, fix.edits))
        with torch.no_grad():
            result = network(*args, **kwargs) if network is not None else None
    except Exception:
        return fix
    given = isinstance(result, torch.Tensor) and tuple(result.shape) == wanted
    return replace(fix, proof=Proof(True, (), False)) if given else fix
