"""Another size for the input, where the user's file shows how the input is made: `torch.rand(1, 3, 32, 32)`."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from nnwhy.checks.basis.definitions import constant, parsed
from nnwhy.checks.basis.editing import labelled
from nnwhy.checks.basis.inserting import input_specs
from nnwhy.checks.basis.operands import inside
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.ways import ways_to_set_text
from nnwhy.facts.finding import Edit, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceCall, SourceFacts

_MAKERS = ("torch.rand", "torch.randn", "torch.zeros", "torch.ones", "torch.empty", "torch.randint")


def resized(subject: Subject, sizes: Mapping[tuple[int, int], int]) -> list[Fix]:
    """Fixes that give input axes (tensor, axis) other sizes where the file makes a tensor of just the input's shape."""
    if subject.trace is None:
        return []
    found: list[Fix] = []
    first = next((t for t in subject.trace.tensors if t.origin.kind == "input"), None)
    if first is None or any(tensor != first.id for tensor, _ in sizes):
        return []
    new = {axis: size for (_, axis), size in sizes.items()}
    for _, places in _makers(subject, first.shape):
        edits: list[Edit] = []
        for axis, size in new.items():
            ways = ways_to_set_text(subject, places[axis], first.shape[axis], size)
            edits.extend(ways[0].edits if ways else ())
        if edits:
            specs = input_specs(
                subject, lambda shape: tuple(new.get(axis, size) for axis, size in enumerate(shape))
            )
            fix = labelled(subject, list(dict.fromkeys(edits)), means="another size of the input")
            found.append(Fix(fix.label, fix.edits, fix.means, fix.safe, None, specs))
    return found


def _makers(subject: Subject, shape: tuple[int, ...]) -> Iterator[tuple[SourceCall, list[Place]]]:
    """The calls that make a tensor of that shape, the batch aside, and the places of its sizes."""
    for source in subject.sources.values():
        for call in source.calls:
            places = _sizes_written(source, call) if call.resolved in _MAKERS else []
            if len(places) != len(shape):
                continue
            values = [constant(source, source.at(place), place) for place in places]
            pairs = list(zip(values, shape, strict=True))
            if all(value in (size, None) for value, size in pairs[1:]) and any(values[1:]):
                yield call, places


def _sizes_written(source: SourceFacts, call: SourceCall) -> list[Place]:
    """The sizes in a call that makes a tensor: `torch.rand(1, 3, 32, 32)`, `torch.zeros((1, 3, 32, 32))`, `size=…`."""
    plain = [argument for argument in call.arguments if not argument.name]
    named = [argument for argument in call.arguments if argument.name == "size"]
    for argument in (*named, *plain):
        tree = parsed(argument.text)
        if isinstance(tree, ast.Tuple | ast.List):
            found = [inside(argument.place, part) for part in tree.elts]
            return [place for place in found if place is not None]
    if any(argument.starred for argument in plain):
        return []
    return [argument.place for argument in plain] if call.resolved != "torch.randint" else []
