"""Another size for the input, where the user's file shows how the input is made: `torch.rand(1, 3, 32, 32)`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from nnwhy.checks.basis.definitions import constant
from nnwhy.checks.basis.editing import labelled
from nnwhy.checks.basis.inserting import input_specs
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.ways import ways_to_set_text
from nnwhy.facts.finding import Edit, Fix
from nnwhy.facts.source import SourceArgument, SourceCall

_MAKERS = ("torch.rand", "torch.randn", "torch.zeros", "torch.ones", "torch.empty")


def resized(subject: Subject, sizes: Mapping[tuple[int, int], int]) -> list[Fix]:
    """Fixes that give input axes (tensor, axis) other sizes where the file makes a tensor of just the input's shape."""
    if subject.trace is None:
        return []
    found: list[Fix] = []
    first = next((t for t in subject.trace.tensors if t.origin.kind == "input"), None)
    if first is None or any(tensor != first.id for tensor, _ in sizes):
        return []
    new = {axis: size for (_, axis), size in sizes.items()}
    for _, arguments in _makers(subject, first.shape):
        edits: list[Edit] = []
        for axis, size in new.items():
            ways = ways_to_set_text(subject, arguments[axis].place, first.shape[axis], size)
            edits.extend(ways[0].edits if ways else ())
        if edits:
            specs = input_specs(
                subject, lambda shape: tuple(new.get(axis, size) for axis, size in enumerate(shape))
            )
            fix = labelled(subject, list(dict.fromkeys(edits)), means="another size of the input")
            found.append(Fix(fix.label, fix.edits, fix.means, fix.safe, None, specs))
    return found


def _makers(subject: Subject, shape: tuple[int, ...]) -> Iterator[tuple[SourceCall, list[SourceArgument]]]:
    for source in subject.sources.values():
        for call in source.calls:
            arguments = [argument for argument in call.arguments if not argument.name]
            if call.resolved not in _MAKERS or len(arguments) != len(shape):
                continue
            values = [constant(source, argument.text, argument.place) for argument in arguments]
            if all(value in (size, None) for value, size in zip(values, shape, strict=True)) and any(values):
                yield call, arguments
