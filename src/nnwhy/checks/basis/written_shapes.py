"""Shapes of tensors that the user's code makes before or behind the network, by syntax: `torch.randint(0, 4, (1, 256, 256)).float()`."""

from __future__ import annotations

import ast

from nnwhy.checks.basis.bindings import Binding, bindings, number_at
from nnwhy.checks.basis.definitions import parsed
from nnwhy.checks.basis.editing import argument_written
from nnwhy.checks.basis.loss_flow import maker_of
from nnwhy.checks.basis.operands import inside
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.written_calls import NUMBER, Value, WrittenTensor, broadcast, part, reduced, through
from nnwhy.checks.basis.written_factories import made
from nnwhy.facts.expression import Argument, Constant, Size, leaves
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceCall, SourceFacts
from nnwhy.facts.value import tensors_in

_MOST = 16


def written_tensor(subject: Subject, place: Place) -> WrittenTensor | None:
    """The tensor that the expression at `place` gives; None where that is not sure."""
    found = written_value(subject, place)
    return found if isinstance(found, WrittenTensor) and found.dtype != NUMBER else None


def written_value(subject: Subject, place: Place, depth: int = _MOST) -> Value:
    """The tensor, or tuple of such, that the expression at `place` gives; None where that is not sure."""
    source = subject.sources.get(place.path)
    if depth == 0 or source is None:
        return None
    call = subject.source_call(place)
    if call is not None:
        return _of_call(subject, source, call, depth)
    tree = parsed(source.at(place))
    if isinstance(tree, ast.Name) or (
        isinstance(tree, ast.Attribute) and ast.unparse(tree).startswith("self.")
    ):
        for binding in bindings(source, ast.unparse(tree), place):
            found = _bound(subject, binding, depth)
            if found is not None:
                return found
        return None
    return _of_node(subject, source, place, tree, depth)


def _of_node(subject: Subject, source: SourceFacts, place: Place, tree: ast.expr | None, depth: int) -> Value:
    def value(node: ast.expr) -> Value:
        where = inside(place, node)
        return written_value(subject, where, depth - 1) if where is not None else None

    if isinstance(tree, ast.Tuple | ast.List) and len(tree.elts) <= 64:
        return tuple(value(node) for node in tree.elts)
    if isinstance(tree, ast.Constant) and type(tree.value) in (int, float):
        return WrittenTensor((), NUMBER)
    if isinstance(tree, ast.UnaryOp) and not isinstance(tree.op, ast.Not):
        return value(tree.operand)
    if isinstance(tree, ast.BinOp):
        left, right = value(tree.left), value(tree.right)
        division = isinstance(tree.op, ast.Div)
        return None if isinstance(tree.op, ast.MatMult) else broadcast(left, right, division=division)
    if isinstance(tree, ast.Compare) and len(tree.comparators) == 1:
        return broadcast(value(tree.left), value(tree.comparators[0]), dtype="bool")
    if isinstance(tree, ast.Attribute):
        whole = value(tree.value)
        if isinstance(whole, tuple) and len(whole) == 2:
            return {"values": whole[0], "indices": whole[1]}.get(tree.attr)
        return whole if tree.attr == "data" else None
    if isinstance(tree, ast.Subscript):
        return part(value(tree.value), tree.slice, lambda node: number_at(source, inside(place, node)))
    return None


def elements(subject: Subject, place: Place, depth: int = _MOST) -> Value:
    """What a loop over the expression at `place` gets in its first turn."""
    from nnwhy.checks.basis.written_data import batch

    source = subject.sources.get(place.path)
    if depth == 0 or source is None:
        return None
    call = subject.source_call(place)
    if call is not None:
        name = call.function.rpartition(".")[2]
        given = [a.place for a in call.arguments if not a.name]
        if name == "DataLoader":
            return batch(subject, call, depth - 1)
        if name == "zip":
            return tuple(elements(subject, argument, depth - 1) for argument in given)
        if name in ("enumerate", "tqdm", "iter", "list") and given:
            inner = elements(subject, given[0], depth - 1)
            return (WrittenTensor((), NUMBER), inner) if name == "enumerate" else inner
        if name == "range":
            return WrittenTensor((), NUMBER)
        if name == "split" and call.arguments:
            whole = (
                call.receiver
                if call.receiver is not None and not call.resolved.startswith("torch.")
                else given[0]
            )
            size, tensor = (
                number_at(source, call.arguments[-1].place),
                written_value(subject, whole, depth - 1),
            )
            if size is None or not isinstance(tensor, WrittenTensor) or not tensor.shape:
                return None
            return tensor.shaped((min(size, tensor.shape[0]), *tensor.shape[1:]))
    tree = parsed(source.at(place))
    if isinstance(tree, ast.Tuple | ast.List) and tree.elts:
        where = inside(place, tree.elts[0])
        return written_value(subject, where, depth - 1) if where is not None else None
    if isinstance(tree, ast.ListComp | ast.GeneratorExp):
        where = inside(place, tree.elt)
        return written_value(subject, where, depth - 1) if where is not None else None
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Mult):
        where = inside(place, tree.left)
        return elements(subject, where, depth - 1) if where is not None else None
    if isinstance(tree, ast.Subscript):
        return _of_dictionary(subject, source, place, tree, depth)
    if isinstance(tree, ast.Name | ast.Attribute):
        for binding in bindings(source, ast.unparse(tree), place):
            if binding.kind == "value" and not binding.path:
                found = elements(subject, binding.place, depth - 1)
                if found is not None:
                    return found
        return None
    whole = written_value(subject, place, depth - 1)
    return whole.shaped(whole.shape[1:]) if isinstance(whole, WrittenTensor) and whole.shape else None


def _of_dictionary(
    subject: Subject, source: SourceFacts, place: Place, tree: ast.Subscript, depth: int
) -> Value:
    """`for x, y in loaders[phase]`: by the dictionary's first entry."""
    where = inside(place, tree.value)
    if where is None:
        return None
    for binding in bindings(source, ast.unparse(tree.value), where):
        written = parsed(source.at(binding.place))
        if isinstance(written, ast.Dict) and written.values and not binding.path:
            value = inside(binding.place, written.values[0])
            return elements(subject, value, depth - 1) if value is not None else None
    return None


def _bound(subject: Subject, binding: Binding, depth: int) -> Value:
    call = subject.source_call(binding.place)
    if (
        call is not None
        and binding.kind == "value"
        and binding.path
        and maker_of(subject, subject.sources[call.place.path], call) == "network"
    ):
        return _result(subject, call, binding.path, depth)
    found = (elements if binding.kind == "loop" else written_value)(subject, binding.place, depth - 1)
    for index in binding.path:
        found = found[index] if isinstance(found, tuple) and index < len(found) else None
    return found


def _of_call(subject: Subject, source: SourceFacts, call: SourceCall, depth: int) -> Value:
    if maker_of(subject, source, call) == "network":
        return _result(subject, call, (), depth)

    def value(place: Place) -> Value:
        return written_value(subject, place, depth - 1)

    def number(place: Place | None) -> int | None:
        return number_at(source, place)

    if call.resolved.startswith("torch.") and "(" not in call.resolved:
        return made(call, value, number, source)
    if call.receiver is None or source.at(call.receiver) == "self":
        return None
    before, name = value(call.receiver), call.function.rpartition(".")[2]
    if not isinstance(before, WrittenTensor):
        return None
    if name in ("max", "min"):
        return reduced(call, before, number)
    if name == "gather":
        index = argument_written(call, "index", 1)
        chosen = value(index) if index is not None else None
        return WrittenTensor(chosen.shape, before.dtype) if isinstance(chosen, WrittenTensor) else None
    return through(call, before, number)


def _result(subject: Subject, call: SourceCall, path: tuple[int, ...], depth: int) -> Value:
    """A tensor of the pass's result, where the network gets the shape here that it got in the pass (the batch aside), or the
    sizes of the result do not depend on that."""
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
    here = written_value(subject, call.arguments[0].place, depth - 1)
    if (
        len(path) > 1
        or (len(results) != 1) != bool(path)
        or len(given) != 1
        or not isinstance(here, WrittenTensor)
    ):
        return None
    there = trace.tensors[given[0]].shape
    if len(here.shape) != len(there) or not there:
        return None
    result = trace.tensors[results[path[0] if path else 0]]
    shape: list[int] = []
    for axis, size in enumerate(result.shape):
        root = subject.root(result.id, axis)
        batch = (root.tensor, root.axis) == (given[0], 0) or _of_batch(subject, result.id, axis, given[0])
        if not batch and here.shape[1:] != there[1:] and not _fixed(subject, result.id, axis):
            return None
        if batch and size % there[0]:
            return None
        shape.append(size // there[0] * here.shape[0] if batch else size)
    return WrittenTensor(tuple(shape), result.dtype)


def _of_batch(subject: Subject, tensor: int, axis: int, given: int) -> bool:
    """Whether the size of an axis is computed from the batch of the input, as in `x.view(-1, 784)`. A first axis as long as the
    batch, of which it is not known what it comes from, is taken for it."""
    size = subject.derivations.closed(tensor, axis)
    batch = (given, 0)
    if size is None:
        return axis == 0 and subject.shape(tensor)[0] == subject.shape(given)[0]
    return any(isinstance(leaf, Size) and (leaf.tensor, leaf.axis) == batch for leaf in leaves(size))


def _fixed(subject: Subject, tensor: int, axis: int) -> bool:
    """Whether the size of an axis is the same whatever the input's sizes are: a layer's argument."""
    size = subject.derivations.closed(tensor, axis)
    return size is not None and all(isinstance(leaf, Argument | Constant) for leaf in leaves(size))
