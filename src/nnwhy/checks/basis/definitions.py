"""Where a name in the user's source gets its value, by syntax alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceAssignment, SourceFacts, SourceFunction

DefinitionKind = Literal["assignment", "loop", "parameter", "default"]


@dataclass(frozen=True, slots=True)
class Definition:
    """`name` gets its value at `place` (an expression, `text`); for a parameter without default there is no place.

    `uses` counts the readings of the name that this definition serves, as far as the file shows.
    """

    kind: DefinitionKind
    name: str
    place: Place | None
    text: str
    function: str = ""
    position: int = 0
    uses: int = 1


def definition(source: SourceFacts, name: str, place: Place) -> Definition | None:
    """The definition of `name` ("planes", "self.planes", "Net.expansion") that holds at `place`; None where the file does not show it."""
    if name.startswith("self."):
        return _attribute(source, name, place)
    function = function_at(source, place)
    while True:
        scope = function.name if function else ""
        found = _assigned(source, name, scope, place)
        if found is not None:
            kind: DefinitionKind = "loop" if found.form == "for" else "assignment"
            return Definition(kind, name, found.value, found.text, scope, uses=_uses(source, name, scope))
        if function is not None:
            for position, parameter in enumerate(function.parameters):
                if parameter.name == name:
                    return Definition(
                        "default" if parameter.default else "parameter", name, parameter.default, parameter.text,
                        function.name, position, _uses(source, name, scope),
                    )  # fmt: skip
        if function is None:
            return None
        function = _enclosing(source, function)


def function_at(source: SourceFacts, place: Place) -> SourceFunction | None:
    """The innermost function that a place lies in."""
    around = [function for function in source.functions if _contains(function.place, place)]
    return max(around, key=lambda function: (function.place.line, function.place.column), default=None)


def parsed(text: str) -> ast.expr | None:
    """An expression's syntax; None where it is none, or not in ASCII, whose columns would not be ours."""
    try:
        return ast.parse(text.strip(), mode="eval").body if text.isascii() else None
    except (SyntaxError, ValueError):
        return None


def names_in(text: str) -> Iterator[str]:
    """The names and attributes in an expression, as written."""
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError):
        return
    todo: list[ast.AST] = [tree.body]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Name | ast.Attribute):
            yield ast.unparse(node)
        else:
            todo.extend(ast.iter_child_nodes(node))


def constant(source: SourceFacts, text: str, place: Place, depth: int = 4) -> int | None:
    """The whole number that an expression is worth where its names are constants of the file; None where that is not sure."""
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return None
    return _constant(source, tree, place, depth)


def _constant(source: SourceFacts, tree: ast.expr, place: Place, depth: int) -> int | None:
    from nnwhy.checks.basis.rewriting import Expression

    if isinstance(tree, ast.Constant):
        return tree.value if type(tree.value) is int else None
    if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.USub):
        inner = _constant(source, tree.operand, place, depth)
        return None if inner is None else -inner
    if isinstance(tree, ast.BinOp):
        left, right = _constant(source, tree.left, place, depth), _constant(source, tree.right, place, depth)
        if left is None or right is None:
            return None
        text = f"({left}){_SIGNS.get(type(tree.op), '?')}({right})"
        try:
            return Expression(text, ast.parse(text, mode="eval").body, {}).value({})
        except SyntaxError:
            return None
    if isinstance(tree, ast.Name | ast.Attribute) and depth > 0:
        found = definition(source, ast.unparse(tree), place)
        if found is None or found.place is None or found.kind not in ("assignment",):
            return None
        return constant(source, found.text, found.place, depth - 1)
    return None


_SIGNS: dict[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.FloorDiv: "//", ast.Div: "/", ast.Pow: "**", ast.Mod: "%",
}  # fmt: skip


def _assigned(source: SourceFacts, name: str, scope: str, place: Place) -> SourceAssignment | None:
    """The last plain assignment before `place` in that scope; none where something adds to it in between."""
    found: SourceAssignment | None = None
    for assignment in source.assignments:
        if assignment.target != name or assignment.scope != scope:
            continue
        loop = assignment.form == "for" and _contains(assignment.place, place)
        if (
            not loop
            and (assignment.place.line, assignment.place.column) >= (place.line, place.column)
            and scope
        ):
            continue
        if assignment.form in ("augmented", "item"):
            return None
        found = assignment
    return found


def _attribute(source: SourceFacts, name: str, place: Place) -> Definition | None:
    function = function_at(source, place)
    owner = function.name.rpartition(".")[0] if function else ""
    found = [
        assignment
        for assignment in source.assignments
        if assignment.target == name and assignment.scope.rpartition(".")[0] == owner and owner
    ]
    attribute = name.removeprefix("self.")
    found += [a for a in source.assignments if a.target == attribute and a.scope == owner and owner]
    if len(found) != 1 or found[0].form in ("augmented", "item"):
        return None
    uses = sum(use.text == name and use.scope.startswith(owner) for use in source.uses)
    return Definition("assignment", name, found[0].value, found[0].text, found[0].scope, uses=uses)


def _enclosing(source: SourceFacts, function: SourceFunction) -> SourceFunction | None:
    name = function.name.rpartition(".")[0]
    while name:
        for other in source.functions:
            if other.name == name and _contains(other.place, function.place):
                return other
        name = name.rpartition(".")[0]
    return None


def _uses(source: SourceFacts, name: str, scope: str) -> int:
    return sum(use.text == name and (not scope or use.scope.startswith(scope)) for use in source.uses)


def _contains(outer: Place, inner: Place) -> bool:
    return (
        outer.path == inner.path
        and (outer.line, outer.column) <= (inner.line, inner.column)
        and (inner.end_line, inner.end_column) <= (outer.end_line, outer.end_column)
    )
