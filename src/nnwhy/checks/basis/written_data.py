"""Data sets and loaders as written: how many samples there are, what one of them is, and how many a batch has."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from nnwhy.checks.basis.bindings import bindings, entry, number_at
from nnwhy.checks.basis.definitions import parsed
from nnwhy.checks.basis.editing import argument_written
from nnwhy.checks.basis.operands import inside
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.written_calls import NUMBER, Value, WrittenTensor
from nnwhy.checks.basis.written_shapes import elements, written_value
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceCall, SourceFacts


@dataclass(frozen=True, slots=True)
class WrittenData:
    """A data set: how many samples it has, None where the code does not show it, and what one of them is."""

    count: int | None
    sample: Value


def batch(subject: Subject, loader: SourceCall, depth: int = 12) -> Value:
    """What a loop over a DataLoader gets: a whole batch of its data set."""
    size, place = batch_size(subject, loader), argument_written(loader, "dataset", 0)
    data = data_at(subject, place, depth - 1) if place is not None else None
    if data is None or size is None or depth <= 0:
        return None
    return _batched(data.sample, size if data.count is None else min(size, data.count))


def batch_size(subject: Subject, loader: SourceCall) -> int | None:
    """The batch size of a DataLoader as written, 1 where none is given."""
    source, place = subject.sources[loader.place.path], argument_written(loader, "batch_size", 1)
    starred = [a.place for a in loader.arguments if a.starred]
    if place is None and starred:
        place = next((found for a in starred if (found := entry(source, a, "batch_size")) is not None), None)
    if place is None:
        return None if starred or any(a.name == "batch_sampler" for a in loader.arguments) else 1
    return number_at(source, place)


def data_at(subject: Subject, place: Place, depth: int = 12) -> WrittenData | None:
    """The data set that the expression at `place` gives."""
    source = subject.sources.get(place.path)
    if depth <= 0 or source is None:
        return None
    call = subject.source_call(place)
    if call is not None:
        return _of_call(subject, source, call, depth)
    tree = parsed(source.at(place))
    if isinstance(tree, ast.Name | ast.Attribute):
        for binding in bindings(source, ast.unparse(tree), place):
            found = (
                data_at(subject, binding.place, depth - 1) if not binding.path
                else _split(subject, binding.place, binding.path, depth) if binding.kind == "value" else None
            )  # fmt: skip
            if found is not None:
                return found
        return None
    if isinstance(tree, ast.List | ast.Tuple):
        return WrittenData(len(tree.elts), elements(subject, place, depth - 1))
    if isinstance(tree, ast.ListComp) and len(tree.generators) == 1 and not tree.generators[0].ifs:
        over = inside(place, tree.generators[0].iter)
        return WrittenData(_turns(subject, source, over), elements(subject, place, depth - 1))
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Mult):
        left, right = inside(place, tree.left), inside(place, tree.right)
        inner, times = data_at(subject, left, depth - 1) if left else None, number_at(source, right)
        if inner is None:
            return None
        return WrittenData(
            inner.count * times if inner.count is not None and times is not None else None, inner.sample
        )
    whole = written_value(subject, place, depth - 1)
    return _rows(whole)


def _of_call(subject: Subject, source: SourceFacts, call: SourceCall, depth: int) -> WrittenData | None:
    name = call.function.rpartition(".")[2]
    given = [a.place for a in call.arguments if not a.name]
    if name == "list" and len(given) == 1:
        return data_at(subject, given[0], depth - 1)
    if name in ("TensorDataset", "zip") and given:
        parts = [_rows(written_value(subject, place, depth - 1)) for place in given]
        known = [part for part in parts if part is not None]
        return (
            WrittenData(known[0].count, tuple(part.sample if part else None for part in parts))
            if known
            else None
        )
    if name == "range":
        return WrittenData(_turns(subject, source, call.place), WrittenTensor((), "int64"))
    if name == "Subset" and given:
        whole = data_at(subject, given[0], depth - 1)
        kept = data_at(subject, given[1], depth - 1) if len(given) > 1 else None
        return WrittenData(kept.count if kept else None, whole.sample if whole else None)
    own = _own(subject, call, depth)
    return own if own is not None else _rows(written_value(subject, call.place, depth - 1))


def _own(subject: Subject, call: SourceCall, depth: int) -> WrittenData | None:
    """A data set of the user's own class: by what `__len__` and `__getitem__` return."""
    length, item = (subject.functions.get(f"{call.function}.{name}") for name in ("__len__", "__getitem__"))
    if length is None or item is None or not length.returns or not item.returns:
        return None
    source = subject.sources[length.place.path]
    count = counted_at(subject, source, length.returns[0], depth)
    return WrittenData(count, _item(subject, source, item.returns[-1], depth))


def counted_at(subject: Subject, source: SourceFacts, place: Place, depth: int = 12) -> int | None:
    """A number, `len(self.x)` or `self.x.shape[0]`, through what the constructor was given."""
    text = source.at(place).strip()
    tree = parsed(text)
    held: ast.expr | None = None
    if isinstance(tree, ast.Call) and ast.unparse(tree.func) == "len" and tree.args:
        held = tree.args[0]
    elif (
        isinstance(tree, ast.Subscript)
        and isinstance(tree.value, ast.Attribute)
        and tree.value.attr == "shape"
    ):
        held = tree.value.value
    if held is not None:
        where = inside(place, held)
        data = data_at(subject, where, depth - 1) if where is not None else None
        return data.count if data is not None else None
    number = number_at(source, place)
    if number is not None or not isinstance(tree, ast.Name | ast.Attribute) or depth <= 0:
        return number
    found = (
        counted_at(subject, source, b.place, depth - 1) for b in bindings(source, text, place) if not b.path
    )
    return next((number for number in found if number is not None), None)


def _item(subject: Subject, source: SourceFacts, place: Place, depth: int) -> Value:
    """One sample: `self.x[i]` has the shape of x without its first axis."""
    tree = parsed(source.at(place))
    if isinstance(tree, ast.Tuple):
        parts = [inside(place, node) for node in tree.elts]
        return tuple(_item(subject, source, part, depth) if part is not None else None for part in parts)
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Mod):
        below = number_at(source, inside(place, tree.right))
        return WrittenTensor((), "int64", below, 0)
    found = written_value(subject, place, depth - 1)
    if isinstance(found, WrittenTensor) and found.dtype == NUMBER:
        return WrittenTensor((), "float64" if "." in source.at(place) else "int64")
    return found


def _split(subject: Subject, place: Place, path: tuple[int, ...], depth: int) -> WrittenData | None:
    """A part of `random_split(data, [900, 100])`."""
    call = subject.source_call(place)
    if call is None or call.function.rpartition(".")[2] != "random_split" or len(call.arguments) < 2:
        return None
    whole = data_at(subject, call.arguments[0].place, depth - 1)
    sizes, source = call.arguments[1].place, subject.sources[place.path]
    tree = parsed(source.at(sizes))
    if not isinstance(tree, ast.List | ast.Tuple) or path[0] >= len(tree.elts):
        return None
    return WrittenData(number_at(source, inside(sizes, tree.elts[path[0]])), whole.sample if whole else None)


def _turns(subject: Subject, source: SourceFacts, place: Place | None) -> int | None:
    call = subject.source_call(place)
    if call is None or call.function != "range":
        return None
    numbers = [counted_at(subject, source, a.place) for a in call.arguments]
    whole = [n for n in numbers if n is not None]
    return len(range(*whole)) if whole and len(whole) == len(numbers) else None


def _rows(whole: Value) -> WrittenData | None:
    if not isinstance(whole, WrittenTensor) or not whole.shape:
        return None
    return WrittenData(whole.shape[0], whole.shaped(whole.shape[1:]))


def _batched(sample: Value, size: int) -> Value:
    if isinstance(sample, tuple):
        return tuple(_batched(part, size) for part in sample)
    return sample.shaped((size, *sample.shape)) if sample is not None else None
