"""Scores for every position, and one label a sample: the mean over the positions."""

from __future__ import annotations

from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.targets import CLASS_LOSSES
from nnwhy.checks.basis.written_calls import WrittenTensor
from nnwhy.facts.expression import Argument
from nnwhy.facts.trace import Tensor
from nnwhy.facts.value import tensors_in

AVERAGED = "the mean over the positions: one score for each class and sample"


def averaged_positions(
    subject: Subject, kind: str, x: Tensor | WrittenTensor, y: Tensor | WrittenTensor
) -> str:
    """The method that makes scores of samples from those of positions, where each sample has one label; "" elsewhere."""
    if kind not in CLASS_LOSSES or len(x.shape) < 3 or y.shape != x.shape[:1]:
        return ""
    if len(x.shape) == 3:
        axis = _positions(subject, x)
        return f".mean({axis})" if axis is not None else ""
    return f".mean(({', '.join(map(str, range(2, len(x.shape))))}))"


def _positions(subject: Subject, x: Tensor | WrittenTensor) -> int | None:
    """The axis of the positions in scores of three axes: the one whose size is that of an input, where a layer's argument
    says how many classes there are."""
    trace = subject.trace
    results = list(tensors_in(trace.result)) if trace is not None and not trace.failures else []
    scores = (
        x.id if isinstance(x, Tensor) else next((t for t in results if subject.shape(t) == x.shape), None)
    )
    if scores is None:
        return None
    of_layer = [
        isinstance(subject.derivations.size(root.tensor, root.axis).expression, Argument)
        for root in (subject.root(scores, axis) for axis in (1, 2))
    ]
    return {(False, True): 1, (True, False): 2}.get((of_layer[0], of_layer[1]))
