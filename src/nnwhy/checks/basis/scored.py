"""Which tensor of the pass a loss in the user's file gets as its prediction: `logits, boxes = net(x); bce(logits[..., 4:5], y)`."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from nnwhy.checks.basis.bindings import bindings
from nnwhy.checks.basis.definitions import parsed
from nnwhy.checks.basis.endings import ARRANGING
from nnwhy.checks.basis.loss_flow import AppliedLoss, applied_losses, maker_of
from nnwhy.checks.basis.operands import inside
from nnwhy.checks.basis.subject import Subject, integer
from nnwhy.facts.place import Place
from nnwhy.facts.trace import Call
from nnwhy.facts.value import TensorRef, Value

_Step = int | str | tuple[int, int | None]
"""Part of a tuple or dictionary, or a stretch of a tensor's last axis."""


def scored(subject: Subject) -> Iterator[tuple[AppliedLoss, int]]:
    """The losses that get a part of the network's result as it is, each with that tensor. A stretch of the last axis of what
    was joined from several tensors is the one of these that it lies in."""
    trace = subject.trace
    if trace is None:
        return
    for loss in applied_losses(subject):
        if loss.steps:
            continue
        tensor = _part(subject, trace.result, _path(subject, loss.prediction))
        if tensor is not None:
            yield loss, tensor


def of_network(subject: Subject, place: Place) -> bool:
    """Whether the expression at `place` is the network's result, or a part of it."""
    return _path(subject, place) is not None


def _path(subject: Subject, place: Place) -> list[_Step] | None:
    """Which part of the network's result stands at `place`, outermost first; None where it is something else."""
    path: list[_Step] = []
    for _ in range(20):
        source = subject.sources[place.path]
        call = subject.source_call(place)
        tree = None if call is not None else parsed(source.at(place))
        if call is not None:
            if maker_of(subject, source, call) == "network":
                return path[::-1]
            moves = call.function.rpartition(".")[2] in ARRANGING and call.receiver is not None
            if not moves or call.receiver is None:
                return None
            place = call.receiver
        elif isinstance(tree, ast.Subscript):
            step, value = _index(tree.slice), inside(place, tree.value)
            if step is None or value is None:
                return None
            path += step
            place = value
        elif isinstance(tree, ast.Name):
            found = next(bindings(source, tree.id, place), None)
            if found is None or found.kind != "value" or found.place == place:
                return None
            path += reversed(found.path)
            place = found.place
        else:
            return None
    return None


def _index(index: ast.expr) -> list[_Step] | None:
    """`[0]`, `["logits"]` or `[..., 4:5]`; [] for a choice of elements (`[mask]`), None where it is not clear."""
    if isinstance(index, ast.Constant) and isinstance(index.value, int | str):
        return [index.value]
    if isinstance(index, ast.Tuple) and index.elts:
        last, rest = index.elts[-1], index.elts[:-1]
        whole = all(
            isinstance(r, ast.Slice) or (isinstance(r, ast.Constant) and r.value is ...) for r in rest
        )
        if not whole:
            return None
        if isinstance(last, ast.Constant) and isinstance(last.value, int) and last.value >= 0:
            return [(last.value, last.value + 1)]
        if isinstance(last, ast.Slice) and last.step is None:
            low, high = _number(last.lower, 0), _number(last.upper, None)
            return [(low, high)] if low is not None and low >= 0 else None
    return [] if isinstance(index, ast.Name) else None


def _number(node: ast.expr | None, default: int | None) -> int | None:
    if node is None:
        return default
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, int) else -1


def _part(subject: Subject, value: Value, path: list[_Step] | None) -> int | None:
    for step in path or ():
        if isinstance(value, tuple) and isinstance(step, int):
            value = value[step] if -len(value) <= step < len(value) else None
        elif isinstance(value, Mapping) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, TensorRef) and isinstance(step, tuple):
            value = _piece(subject, value.id, *step)
        elif not isinstance(value, TensorRef):
            return None
    return value.id if path is not None and isinstance(value, TensorRef) else None


def _piece(subject: Subject, tensor: int, start: int, stop: int | None) -> Value:
    """The tensor that the last axis of a joined one has from `start` to `stop`, where all of that is from one."""
    call, shape = _joining(subject, tensor), subject.shape(tensor)
    parts = call.arguments.get("tensors") if call is not None else None
    if call is None or not isinstance(parts, tuple) or stop == -1:
        return None
    if integer(call.arguments.get("dim", 0)) not in (-1, len(shape) - 1):
        return None
    first, last = 0, shape[-1] if stop is None else stop
    for part in parts:
        if not isinstance(part, TensorRef):
            return None
        behind = first + subject.shape(part.id)[-1]
        if first <= start and last <= behind:
            return part
        first = behind
    return None


def _joining(subject: Subject, tensor: int) -> Call | None:
    call = subject.maker(tensor)
    return call if call is not None and call.kind == "function" and call.name in ("cat", "concat") else None
