"""Layers that forward makes, made once in `__init__`: sizes that forward reads from its tensors become the numbers that they were."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from nnwhy.checks.basis.definitions import names_in
from nnwhy.checks.basis.editing import contains, labelled, new_statement
from nnwhy.checks.basis.layers import class_at, constructor_of, free_attribute, is_layer
from nnwhy.checks.basis.subject import Subject, integer
from nnwhy.facts.finding import Edit, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceAssignment, SourceCall, SourceFacts
from nnwhy.facts.trace import Module


def whole_layer(source: SourceFacts, call: SourceCall) -> SourceCall:
    """The outermost call that makes a layer around this one, as `nn.Sequential(…)` around its parts."""
    around = [
        other for other in source.calls
        if other.scope == call.scope and is_layer(other.resolved) and contains(other.place, call.place)
    ]  # fmt: skip
    return min(around, key=lambda one: (one.place.line, one.place.column), default=call)


def only_once(source: SourceFacts, call: SourceCall) -> bool:
    """Whether the call stands under a test of an attribute that is set beside it: `if self.fc is None: self.fc = …`."""
    for node in ast.walk(ast.parse(source.text)):
        if not isinstance(node, ast.If) or not node.body:
            continue
        if not node.body[0].lineno <= call.place.line <= (node.body[-1].end_lineno or 0):
            continue
        test = ast.unparse(node.test)
        assigned = [
            target.attr
            for part in node.body
            for statement in ast.walk(part)
            if isinstance(statement, ast.Assign)
            for target in statement.targets
            if isinstance(target, ast.Attribute)
        ]
        if any(re.search(rf"\b{name}\b", test) for name in assigned):
            return True
    return False


def made_once(subject: Subject, call: SourceCall, modules: Sequence[Module]) -> Fix | None:
    """The layer made in `__init__`, None where it is made of what forward alone knows. `modules` are those made in the call."""
    source = subject.sources[call.place.path]
    cls = class_at(source, call.place)
    constructor = constructor_of(source, cls) if cls else None
    told = _with_numbers(subject, source, call, modules)
    if cls is None or constructor is None or told is None:
        return None
    text, numbers = told
    means = "made once, in __init__"
    if numbers:
        means += f"; {' and '.join(f'{old} was {new}' for old, new in numbers.items())} here"
    kept = next((a for a in source.assignments if a.value == call.place and _alone(source, a)), None)
    if kept is not None:
        gone = Place(kept.place.path, kept.place.line, 1, kept.value.end_line + 1, 1)
        edits = [Edit(gone, ""), new_statement(source, constructor, f"{kept.target} = {text}")]
        return labelled(subject, edits, means=means, label=f"{kept.target} = {text}")
    kind = call.function.rpartition(".")[2]
    attribute = free_attribute(source, cls, re.sub(r"[123]d$", "", kind).lower())
    edits = [
        Edit(call.place, f"self.{attribute}"), new_statement(source, constructor, f"self.{attribute} = {text}"),
    ]  # fmt: skip
    return labelled(subject, edits, means=means)


def _with_numbers(
    subject: Subject, source: SourceFacts, call: SourceCall, modules: Sequence[Module]
) -> tuple[str, dict[str, int]] | None:
    """The call's text with numbers for the arguments that use what forward alone knows, and what they stand for."""
    local = _local(subject, source, call)
    numbers: dict[str, int] = {}
    places: list[tuple[Place, int]] = []
    for module in modules:
        for name, place in module.argument_places.items():
            text = source.at(place) if contains(call.place, place) else ""
            if not _uses(text, local) or any(place == told for told, _ in places):
                continue
            value = integer(module.arguments.get(name))
            if value is None or numbers.get(text, value) != value:
                return None
            numbers[text] = value
            places.append((place, value))
    text = source.at(call.place)
    for place, value in sorted(places, key=lambda pair: (pair[0].line, pair[0].column), reverse=True):
        start, end = (
            _offset(text, call.place, place.line, place.column),
            _offset(text, call.place, place.end_line, place.end_column),
        )
        text = f"{text[:start]}{value}{text[end:]}"
    return None if _uses(text, local) else (text, numbers)


def _offset(text: str, outer: Place, line: int, column: int) -> int:
    """Where a place of the file lies in the text of the call around it."""
    if line == outer.line:
        return column - outer.column
    before = text.split("\n")[: line - outer.line]
    return sum(len(one) + 1 for one in before) + column - 1


def _local(subject: Subject, source: SourceFacts, call: SourceCall) -> set[str]:
    local = {one.target for one in source.assignments if one.scope == call.scope}
    forward = subject.functions.get(call.scope)
    if forward is not None:
        local |= {parameter.name for parameter in forward.parameters if parameter.name != "self"}
    return {name for name in local if not name.startswith("self.")}


def _uses(text: str, local: set[str]) -> bool:
    return any(name.partition(".")[0] in local for name in names_in(text))


def _alone(source: SourceFacts, assignment: SourceAssignment) -> bool:
    """Whether `self.x = …` is a statement of forward's own, with nothing else on its lines, that can go."""
    place, value = assignment.place, assignment.value
    if not assignment.target.startswith("self.") or assignment.form != "Call":
        return False
    before = source.line(place.line)[: place.column - 1]
    behind = source.line(value.end_line)[value.end_column - 1 :]
    if before.strip() or behind.strip():
        return False
    return any(
        isinstance(node, ast.FunctionDef)
        and len(node.body) > 1
        and any(one.lineno == place.line for one in node.body)
        for node in ast.walk(ast.parse(source.text))
    )
