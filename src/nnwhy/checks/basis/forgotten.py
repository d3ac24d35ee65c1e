"""A layer that was built for some of the tensors that are joined in front of it: what is missing added where its number comes from."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from nnwhy.checks.basis.definitions import definition, parsed
from nnwhy.checks.basis.operands import inside
from nnwhy.checks.basis.settings import Setting, setting_of
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.ways import Way, argument_at_caller
from nnwhy.facts.expression import Argument, Expression, Operation, Size, evaluate
from nnwhy.facts.finding import Edit
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceFacts

_JOINING = ("cat", "concat", "concatenate")
_DEPTH = 6


def with_the_rest(subject: Subject, setting: Setting, size: Size) -> Way | None:
    """`hidden` as `hidden + 13`, where the size that arrives is joined of parts, and the number fits the first or the last of them.

    None where the number is no expression but written out, or where the parts do not make it up.
    """
    missing, times = _missing(subject, size, setting.value)
    module = subject.modules.get(setting.owner) if setting.owner is not None else None
    if not missing or setting.place is None or module is None:
        return None
    place = _source_of(subject, setting.place, module.constructed, _DEPTH)
    if place is None:
        return None
    text = subject.text(place).strip()
    tree = parsed(text)
    if "\n" in text or not isinstance(tree, ast.BinOp | ast.Name | ast.Attribute | ast.Subscript):
        return None
    if isinstance(tree, ast.BinOp) and not isinstance(tree.op, ast.Add | ast.Sub | ast.Mult | ast.FloorDiv):
        return None
    if times > 1:
        if place != setting.place or (isinstance(tree, ast.BinOp) and not isinstance(tree.op, ast.Mult)):
            return None
        return Way((Edit(place, f"{text} * {times}"),), "here")
    return Way((Edit(place, f"{text} + {_written(subject, missing, place)}"),), "definition")


def _missing(subject: Subject, size: Size, built_for: int) -> tuple[list[Expression], int]:
    """The joined parts that the number leaves out: those behind, or before, the ones that make it up; and how many parts there
    are where it is as long as each of them."""
    root = subject.derivations.resolved(size)
    maker = subject.maker(root.tensor)
    expression = subject.derivations.size(root.tensor, root.axis).expression
    if maker is None or maker.name not in _JOINING or not isinstance(expression, Operation):
        return [], 1
    parts = expression.operands
    values = [evaluate(part) for part in parts]
    if expression.operator != "+" or sum(values) != size.value or len(values) < 2:
        return [], 1
    if set(values) == {built_for}:
        return list(parts[1:]), len(values)
    if len(set(values)) == 1:
        return [], 1
    for cut in range(1, len(values)):
        if sum(values[:cut]) == built_for:
            return list(parts[cut:]), 1
        if sum(values[cut:]) == built_for:
            return list(parts[:cut]), 1
    return [], 1


def _source_of(subject: Subject, place: Place, callers: tuple[Place, ...], depth: int) -> Place | None:
    """Where the number that stands at `place` is worked out, or the name that nobody in the file gives a value."""
    source = subject.sources.get(place.path)
    tree = parsed(source.at(place)) if source is not None else None
    if source is None or tree is None or depth == 0:
        return None
    if isinstance(tree, ast.Subscript):
        return _element(subject, source, tree, place, callers, depth)
    if not isinstance(tree, ast.Name | ast.Attribute):
        return place
    found = definition(source, ast.unparse(tree), place)
    if found is None:
        return place
    if found.kind in ("parameter", "default"):
        given = argument_at_caller(subject, found, callers)
        return place if given is None else _source_of(subject, given[0], given[1], depth - 1)
    if found.kind == "loop" or found.place is None or found.uses > 1:
        return place if found.kind != "loop" else None
    above = _source_of(subject, found.place, callers, depth - 1)
    return above if above is not None and parsed(subject.text(above)) is not None else place


def _element(
    subject: Subject, source: SourceFacts, tree: ast.Subscript, place: Place, callers: tuple[Place, ...], depth: int
) -> Place | None:  # fmt: skip
    """The one element of a list that is no plain number."""
    found = definition(source, ast.unparse(tree.value), place)
    if found is None or found.place is None:
        return None
    whole = parsed(found.text)
    worked_out = [node for node in _elements(whole) if not isinstance(node, ast.Constant)]
    if whole is None or len(worked_out) != 1:
        return None
    where = inside(found.place, worked_out[0])
    return None if where is None else _source_of(subject, where, callers, depth - 1) or where


def _elements(tree: ast.expr | None) -> Iterator[ast.expr]:
    """The elements that are written out in a list or tuple, or in a sum of them."""
    if isinstance(tree, ast.List | ast.Tuple):
        yield from (node for node in tree.elts if not isinstance(node, ast.Starred))
    elif isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Add):
        yield from _elements(tree.left)
        yield from _elements(tree.right)


def _written(subject: Subject, missing: Sequence[Expression], place: Place) -> str:
    """The missing sizes: a name that the same function knows, where it was given to the layer that makes it, else the number."""
    names: list[str] = []
    number = 0
    for part in missing:
        name = _name(subject, part, place)
        if name:
            names.append(name)
        else:
            number += evaluate(part)
    return " + ".join([*names, *([str(number)] if number else [])])


def _name(subject: Subject, part: Expression, place: Place) -> str:
    if isinstance(part, Size):
        root = subject.derivations.resolved(part)
        part = subject.derivations.size(root.tensor, root.axis).expression
    if not isinstance(part, Argument):
        return ""
    made = setting_of(subject, part)
    text = subject.text(made.place).strip()
    source = subject.sources.get(place.path)
    if source is None or made.place is None or not text.isidentifier():
        return ""
    same = made.place.path == place.path and made.place.function == place.function
    return text if same and definition(source, text, place) is not None else ""
