"""Shapes of tensors that the user's code makes before or behind the network, by syntax: `torch.randint(0, 4, (1, 256, 256)).float()`."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from math import prod

from nnwhy.checks.basis.definitions import constant, function_at
from nnwhy.checks.basis.loss_flow import definition_before, given_for, maker_of
from nnwhy.checks.basis.operands import inside
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceCall, SourceFacts
from nnwhy.facts.value import tensors_in

_FACTORIES = {
    "rand": "float32", "randn": "float32", "zeros": "float32", "ones": "float32", "empty": "float32", "randint": "int64",
    "full": "float32",
}  # fmt: skip
_KINDS = {
    "float": "float32",
    "long": "int64",
    "int": "int32",
    "double": "float64",
    "half": "float16",
    "bool": "bool",
}
_SAME = (
    "to",
    "cuda",
    "cpu",
    "detach",
    "clone",
    "contiguous",
    "requires_grad_",
    "softmax",
    "sigmoid",
    "relu",
    "clamp",
    "log",
    "exp",
    "log_softmax",
)


@dataclass(frozen=True, slots=True)
class WrittenTensor:
    """The shape and kind of a tensor, as far as the code shows them. `below`: its whole numbers are drawn below this one."""

    shape: tuple[int, ...]
    dtype: str
    below: int | None = None


def written_tensor(subject: Subject, place: Place, depth: int = 12) -> WrittenTensor | None:
    """The tensor that the expression at `place` gives; None where that is not sure."""
    source = subject.sources[place.path]
    call = subject.source_call(place)
    if depth == 0:
        return None
    if call is not None:
        return _of_call(subject, source, call, depth)
    text = source.at(place)
    if not text.isidentifier():
        return None
    found = definition_before(source, text, place)
    if found is None:
        return _of_part(subject, source, text, place, depth)
    if found.kind == "assignment" and found.place is not None:
        return written_tensor(subject, found.place, depth - 1)
    given = given_for(source, found)
    return written_tensor(subject, given, depth - 1) if given is not None else None


def _of_call(subject: Subject, source: SourceFacts, call: SourceCall, depth: int) -> WrittenTensor | None:
    name = call.function.rpartition(".")[2]
    function = call.resolved.startswith("torch.") and "(" not in call.resolved
    if function and name in _FACTORIES and call.resolved == f"torch.{name}":
        return _made(source, call, name)
    if maker_of(subject, source, call) == "network":
        return _result(subject, call, 0, depth)
    if function or call.receiver is None or call.function.startswith("self."):
        return None
    before = written_tensor(subject, call.receiver, depth - 1)
    after = _through(source, call, name, before) if before is not None else None
    return (
        replace(after, below=before.below)
        if after is not None and before is not None and name != "argmax"
        else after
    )


def _made(source: SourceFacts, call: SourceCall, name: str) -> WrittenTensor | None:
    given = [a for a in call.arguments if not a.name]
    if any(a.starred for a in call.arguments):
        return None
    kind = next((a.text.rpartition(".")[2] for a in call.arguments if a.name == "dtype"), _FACTORIES[name])
    kind = {"long": "int64", "float": "float32", "double": "float64", "int": "int32"}.get(kind, kind)
    sized = next((a for a in call.arguments if a.name == "size"), None)
    if name in ("randint", "full"):
        tuples = [a for a in given if a.text.startswith(("(", "["))]
        sized = sized or (tuples[0] if len(tuples) == 1 else None)
        if sized is None:
            return None
    if sized is not None or (len(given) == 1 and given[0].text.startswith(("(", "["))):
        place = (sized or given[0]).place
        tree = _parsed(source.at(place))
        if not isinstance(tree, ast.Tuple | ast.List):
            return None
        sizes = [_number(source, inside(place, part)) for part in tree.elts]
    else:
        sizes = [_number(source, a.place) for a in given]
    shape = tuple(size for size in sizes if size is not None)
    if len(shape) != len(sizes):
        return None
    bounds = [a for a in given if not a.text.startswith(("(", "["))]
    below = _number(source, bounds[-1].place) if name == "randint" and bounds else None
    return WrittenTensor(shape, kind, below)


def _through(source: SourceFacts, call: SourceCall, name: str, before: WrittenTensor) -> WrittenTensor | None:
    """What a method makes of a shape."""
    shape, numbers = before.shape, [_number(source, a.place) for a in call.arguments if not a.name]
    rank = len(shape)
    if name in _KINDS and not numbers:
        return WrittenTensor(shape, _KINDS[name])
    if name in _SAME and not any("torch." in a.text for a in call.arguments):
        return before
    axes = [number for number in numbers if number is not None]
    if len(axes) != len(numbers):
        return None
    if name == "unsqueeze" and len(axes) == 1 and -rank - 1 <= axes[0] <= rank:
        at = axes[0] % (rank + 1)
        return WrittenTensor((*shape[:at], 1, *shape[at:]), before.dtype)
    if name == "squeeze":
        gone = {axis % rank for axis in axes if -rank <= axis < rank} if axes else set(range(rank))
        return WrittenTensor(tuple(s for i, s in enumerate(shape) if i not in gone or s != 1), before.dtype)
    if name in ("view", "reshape") and axes and axes.count(-1) <= 1:
        rest = prod(axis for axis in axes if axis != -1)
        return (
            WrittenTensor(tuple(prod(shape) // rest if axis == -1 else axis for axis in axes), before.dtype)
            if rest
            else None
        )
    if name == "flatten" and len(axes) <= 1 and not any(a.name for a in call.arguments):
        first = axes[0] if axes else 0
        return (
            WrittenTensor((*shape[:first], prod(shape[first:])), before.dtype) if 0 <= first < rank else None
        )
    if name == "argmax" and len(axes) == 1 and -rank <= axes[0] < rank:
        gone_axis = axes[0] % rank
        return WrittenTensor(shape[:gone_axis] + shape[gone_axis + 1 :], "int64")
    if name == "permute" and sorted(axis % rank for axis in axes) == list(range(rank)):
        return WrittenTensor(tuple(shape[axis % rank] for axis in axes), before.dtype)
    if name == "transpose" and len(axes) == 2:
        order = list(range(rank))
        order[axes[0]], order[axes[1]] = order[axes[1]], order[axes[0]]
        return WrittenTensor(tuple(shape[axis] for axis in order), before.dtype)
    return None


def _of_part(
    subject: Subject, source: SourceFacts, name: str, place: Place, depth: int
) -> WrittenTensor | None:
    """`scores, edges = net(x)`: the part of the network's result that goes by the name."""
    function = function_at(source, place)
    scope = function.name if function else ""
    held = [
        a for a in source.assignments
        if a.target == name and a.scope == scope and (a.place.line, a.place.column) < (place.line, place.column)
    ]  # fmt: skip
    if len(held) != 1 or held[0].form != "item":
        return None
    tree = _statement(source.at(held[0].place))
    call = subject.source_call(held[0].value)
    if call is None or not isinstance(tree, ast.Assign) or not isinstance(tree.targets[0], ast.Tuple):
        return None
    names = [ast.unparse(part) for part in tree.targets[0].elts]
    if maker_of(subject, source, call) != "network" or any(part.startswith("*") for part in names):
        return None
    return _result(subject, call, names.index(name), depth, len(names))


def _result(
    subject: Subject, call: SourceCall, index: int, depth: int, parts: int = 1
) -> WrittenTensor | None:
    """A tensor of the pass's result, where the network gets the shape here that it got in the pass (the batch aside)."""
    trace = subject.trace
    if (
        trace is None
        or trace.failures
        or len(trace.inputs) == 0
        or not call.arguments
        or call.arguments[0].name
    ):
        return None
    results, given = list(tensors_in(trace.result)), list(tensors_in(trace.inputs[0].value))
    here = written_tensor(subject, call.arguments[0].place, depth - 1)
    if len(results) != parts or len(given) != 1 or here is None:
        return None
    there = trace.tensors[given[0]].shape
    if len(here.shape) != len(there) or here.shape[1:] != there[1:] or not there:
        return None
    made = trace.tensors[results[index]]
    shape = list(made.shape)
    for axis in range(len(shape)):
        root = subject.root(made.id, axis)
        if (root.tensor, root.axis) == (given[0], 0):
            shape[axis] = here.shape[0]
    return WrittenTensor(tuple(shape), made.dtype)


def _number(source: SourceFacts, place: Place | None) -> int | None:
    return constant(source, source.at(place), place) if place is not None else None


def _parsed(text: str) -> ast.expr | None:
    try:
        return ast.parse(text.strip(), mode="eval").body if text.isascii() else None
    except (SyntaxError, ValueError):
        return None


def _statement(text: str) -> ast.stmt | None:
    try:
        return ast.parse(text).body[0] if text.isascii() else None
    except (SyntaxError, ValueError, IndexError):
        return None
