"""What a name stands for where it is read: by assignment, unpacking, loop, or what a call gives for a parameter."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from nnwhy.checks.basis.definitions import constant, definition, function_at, parsed
from nnwhy.checks.basis.editing import contains
from nnwhy.checks.basis.operands import inside
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceAssignment, SourceCall, SourceFacts

_CONSTRUCTORS = ("__init__", "__call__", "forward")


@dataclass(frozen=True, slots=True)
class Binding:
    """The name is (a part of) the value of the expression at `place`, or of each of its elements in turn where it is a
    "loop" over it. `path` says which part, by positions: (1, 0) for y in `_, (y, z)`."""

    kind: Literal["value", "loop"]
    place: Place
    path: tuple[int, ...] = ()


def bindings(source: SourceFacts, name: str, place: Place) -> Iterator[Binding]:
    """What `name` stands for at `place`; several where a function is called several times."""
    nearest = _nearest(source, name, place)
    if nearest is not None:
        path = _path(source, nearest, name) if nearest.form in ("item", "for") else ()
        if path is not None and nearest.form != "augmented":
            yield Binding("loop" if nearest.form == "for" else "value", nearest.value, path)
        return
    found = definition(source, name, place)
    if found is None:
        return
    if found.kind in ("assignment", "loop") and found.place is not None:
        if not contains(found.place, place):
            yield Binding("loop" if found.kind == "loop" else "value", found.place)
        return
    given = list(given_for(source, found.function, found.name, found.position))
    for argument in given:
        yield Binding("value", argument)
    if not given and found.place is not None:
        yield Binding("value", found.place)


def number_at(source: SourceFacts, place: Place | None, depth: int = 5) -> int | None:
    """The whole number that the expression at `place` is worth: constants, defaults and what is given for parameters, and
    entries of dictionaries that the file writes down (`CONFIG["batch_size"]`); None where that is not sure."""
    if place is None or depth == 0:
        return None
    number = constant(source, source.at(place), place)
    if number is not None:
        return number
    try:
        tree = ast.parse(source.at(place).strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return None
    if (
        isinstance(tree, ast.Subscript)
        and isinstance(tree.slice, ast.Constant)
        and isinstance(tree.slice.value, str)
    ):
        return number_at(source, entry(source, inside(place, tree.value), tree.slice.value), depth - 1)
    if isinstance(tree, ast.Name | ast.Attribute):
        values = [
            b.place for b in bindings(source, ast.unparse(tree), place) if b.kind == "value" and not b.path
        ]
        if isinstance(tree, ast.Attribute) and not values:
            values = list(_setting(source, tree, place))
        return next((found for v in values if (found := number_at(source, v, depth - 1)) is not None), None)
    return None


def _setting(source: SourceFacts, tree: ast.Attribute, place: Place) -> Iterator[Place]:
    """Where the file writes what `args.batch_size` is by itself: an argument's default of an argparse parser, an attribute of
    the class that `args` is made of (or is), or an argument of that call."""
    base = inside(place, tree.value)
    if base is None or not isinstance(tree.value, ast.Name) or tree.value.id == "self":
        return
    options = [call for call in source.calls if call.function.endswith(".add_argument")]
    for call in options:
        names = [a.text.strip("'\"").lstrip("-").replace("-", "_") for a in call.arguments if not a.name]
        chosen = next((a.text.strip("'\"") for a in call.arguments if a.name == "dest"), "")
        if tree.attr in (chosen, *names):
            yield from (a.place for a in call.arguments if a.name == "default")
    texts = [source.at(b.place) for b in bindings(source, tree.value.id, base)] or [tree.value.id]
    for text in texts:
        made = parsed(text)
        called = made.func if isinstance(made, ast.Call) else made
        name = ast.unparse(called) if called is not None else ""
        yield from (
            a.value for a in source.assignments
            if (a.scope == name and a.target == tree.attr) or (a.scope == f"{name}.__init__" and a.target == f"self.{tree.attr}")
        )  # fmt: skip


def entry(source: SourceFacts, place: Place | None, key: str, depth: int = 4) -> Place | None:
    """Where the file writes the value of a dictionary's entry: `{"batch_size": 4}` or `dict(batch_size=4)`, by name or itself."""
    if place is None or depth == 0:
        return None
    text = source.at(place)
    try:
        tree = ast.parse(text, mode="eval").body if text.isascii() else None
    except (SyntaxError, ValueError):
        return None
    if isinstance(tree, ast.Dict):
        pairs = zip(tree.keys, tree.values, strict=True)
        written = [value for name, value in pairs if isinstance(name, ast.Constant) and name.value == key]
        return inside(place, written[0]) if written else None
    if (
        isinstance(tree, ast.Subscript)
        and isinstance(tree.slice, ast.Constant)
        and isinstance(tree.slice.value, str)
    ):
        return entry(
            source, entry(source, inside(place, tree.value), tree.slice.value, depth - 1), key, depth - 1
        )
    if isinstance(tree, ast.Call) and ast.unparse(tree.func) == "dict":
        return next((inside(place, k.value) for k in tree.keywords if k.arg == key), None)
    if isinstance(tree, ast.Name | ast.Attribute):
        values = (
            b.place for b in bindings(source, ast.unparse(tree), place) if b.kind == "value" and not b.path
        )
        return next((found for v in values if (found := entry(source, v, key, depth - 1)) is not None), None)
    return None


def given_for(source: SourceFacts, function: str, name: str, position: int) -> Iterator[Place]:
    """What the calls of a function in its file give for one of its parameters."""
    owner, _, method = function.rpartition(".")
    inside = bool(owner) and any(cls.name == owner for cls in source.classes)
    for call in source.calls:
        if any(argument.starred for argument in call.arguments) or not _calls(
            source, call, owner, method, inside
        ):
            continue
        for argument in call.arguments:
            if argument.name == name or (not argument.name and argument.index == position - inside):
                yield argument.place


def _calls(source: SourceFacts, call: SourceCall, owner: str, method: str, inside: bool) -> bool:
    """Whether it is a call of that function, or of that method of that class."""
    if not inside:
        return call.function == (f"{owner}.{method}" if owner else method)
    if method == "__init__":
        return call.function == owner
    text = call.function if method in _CONSTRUCTORS else ""
    receiver, dot, last = call.function.rpartition(".")
    if dot and last == method:
        text = receiver
    if not text:
        return False
    if text == "self":
        return call.scope.startswith(f"{owner}.")
    if text.startswith(f"{owner}("):
        return method != last or bool(dot)
    made = [a for a in source.assignments if a.target == text and a.text.startswith(f"{owner}(")]
    return bool(made)


def _nearest(source: SourceFacts, name: str, place: Place) -> SourceAssignment | None:
    """The nearest statement before `place` in its function, or loop around it, that gives the name its value."""
    if "." in name:
        return None
    function = function_at(source, place)
    scope = function.name if function else ""
    found: SourceAssignment | None = None
    for assignment in source.assignments:
        if assignment.scope != scope or name not in assignment.target:
            continue
        around = (
            assignment.form == "for"
            and contains(assignment.place, place)
            and not contains(assignment.value, place)
        )
        earlier = (assignment.place.end_line, assignment.place.end_column) <= (place.line, place.column)
        if (around or (earlier and assignment.form != "for")) and name in _names(assignment.target):
            found = assignment
    return found


def _names(target: str) -> list[str]:
    try:
        tree = ast.parse(target, mode="eval")
    except (SyntaxError, ValueError):
        return []
    return [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]


def _path(source: SourceFacts, assignment: SourceAssignment, name: str) -> tuple[int, ...] | None:
    """Where the name stands in the target of the statement."""
    header = source.at(assignment.place)
    if assignment.form == "for":  # its body may be long: one line is enough
        header = header[: header.find(assignment.text) + len(assignment.text)] + ": pass"
    try:
        (statement,) = ast.parse(header).body
    except (SyntaxError, ValueError):
        return None
    if isinstance(statement, ast.For):
        return _position(statement.target, name)
    if isinstance(statement, ast.Assign):
        return next((path for t in statement.targets if (path := _position(t, name)) is not None), None)
    return None


def _position(target: ast.expr, name: str) -> tuple[int, ...] | None:
    if isinstance(target, ast.Name):
        return () if target.id == name else None
    if isinstance(target, ast.Tuple | ast.List):
        for index, part in enumerate(target.elts):
            if isinstance(part, ast.Starred):
                return None
            below = _position(part, name)
            if below is not None:
                return (index, *below)
    return None
