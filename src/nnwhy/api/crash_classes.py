"""Labels beyond the network's scores, in a crash: the number that would make it a score for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from nnwhy.api.examination import read_classes
from nnwhy.checks.basis.editing import labelled
from nnwhy.checks.basis.settings import setting_of
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.ways import ways_to_set
from nnwhy.facts.expression import Argument
from nnwhy.facts.finding import Finding
from nnwhy.facts.session import LossCall
from nnwhy.facts.source import SourceFacts
from nnwhy.facts.value import tensors_in
from nnwhy.trace import record

if TYPE_CHECKING:
    from nnwhy.watch.watching import Watch


def with_more_classes(
    finding: Finding, loss: LossCall, watch: Watch | None, sources: Mapping[str, SourceFacts]
) -> Finding:
    """The finding on labels out of range with the edits that give the last layer a score for each, where the network's own
    argument makes the number of scores."""
    last = watch.not_finite.last_pass if watch is not None else None
    highest = loss.target.maximum
    if finding.check != "labels-out-of-range" or watch is None or last is None or highest is None:
        return finding
    module, args, kwargs = last
    files = dict(sources)
    read_classes(module, files)
    trace = record(module, args, kwargs, constructions=watch.constructed.all())
    results = list(tensors_in(trace.result)) if not trace.failures else []
    classes = loss.prediction.shape[min(1, len(loss.prediction.shape) - 1)]
    subject = Subject(files, trace)
    for result in results[:1]:
        shape = subject.shape(result)
        axis = next((a for a in (1, len(shape) - 1) if 0 < a < len(shape) and shape[a] == classes), None)
        if axis is None or highest < classes:
            continue
        root = subject.root(result, axis)
        argument = subject.derivations.size(root.tensor, root.axis).expression
        if isinstance(argument, Argument):
            count = int(highest) + 1
            ways = ways_to_set(subject, setting_of(subject, argument), count)
            fixes = [
                labelled(subject, way.edits, means=f"a score for each of {count} classes") for way in ways
            ]
            kept = [fix for fix in finding.fixes if fix.edits]
            return replace(finding, fixes=(*kept, *fixes, *(f for f in finding.fixes if not f.edits)))
    return finding
