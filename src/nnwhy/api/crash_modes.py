"""A batch norm that meets a single sample where gradients are switched off: the network is asked, not trained, and its mode is
that of training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from nnwhy.checks.basis.editing import is_name
from nnwhy.checks.training.basis.watched import Watched
from nnwhy.facts.finding import Finding, Fix
from nnwhy.facts.session import Session
from nnwhy.facts.source import SourceFacts

if TYPE_CHECKING:
    from nnwhy.watch.watching import Watch


def with_evaluation(finding: Finding, watch: Watch | None, sources: Mapping[str, SourceFacts]) -> Finding:
    """The finding, and where it is about such a batch norm the fix that puts the network into evaluation mode for the pass."""
    last = watch.forwards[-1] if watch is not None and watch.forwards else None
    if finding.check != "norm-batch-of-one" or last is None or last.gradients or last.spot is None:
        return finding
    watched = Watched(Session(), sources)
    place = last.spot.place
    call, statement = watched.call(place), watched.statement(place)
    if call is None or statement is None or watched.text(statement).startswith("return"):
        return finding
    name = call.function
    if not is_name(name):
        return finding
    edits = (*watched.before(place, f"{name}.eval()"), *watched.after(place, f"{name}.train()"))
    fix = Fix(f"{name}.eval()", edits, f"and {name}.train() behind it: the running statistics for this pass")
    also = tuple(dict.fromkeys([*finding.also, *([place] if place else [])]))
    reason = "gradients are off in this pass: the network is asked, not trained, and it is in training mode"
    others = (replace(other, proof=None) for other in finding.fixes)  # they hold, and are not what was meant
    return replace(finding, because=(*finding.because, reason), fixes=(fix, *others), also=also)
