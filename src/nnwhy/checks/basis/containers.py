"""Plain lists and dictionaries of layers as written, and torch's containers in their place."""

from __future__ import annotations

import ast

from nnwhy.checks.basis.editing import contains
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceAssignment, SourceFacts


def wrapped(text: str, prefix: str, *, outermost: bool) -> str:
    """An expression with torch's container around every list, tuple and dictionary in it that has a layer in it; the
    outermost only where asked for. `prefix` stands before the containers' names ("nn.")."""
    if not text.isascii() or "\n" in text:
        return text
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError):
        return text
    marks: list[tuple[int, int, str]] = []
    todo: list[tuple[ast.AST, bool]] = [(tree, outermost)]
    while todo:
        node, counts = todo.pop()
        if isinstance(node, ast.Call):
            continue
        listed = isinstance(node, ast.List | ast.ListComp | ast.Tuple)
        keyed = isinstance(node, ast.Dict | ast.DictComp)
        if (listed or keyed) and counts and any(isinstance(part, ast.Call) for part in ast.walk(node)):
            kind = "ModuleDict" if keyed else "ModuleList"
            marks += [(node.col_offset, 1, f"{prefix}{kind}("), (node.end_col_offset or 0, 0, ")")]
        todo += [(part, counts or listed or keyed) for part in ast.iter_child_nodes(node)]
    for position, _, mark in sorted(marks, reverse=True):
        text = f"{text[:position]}{mark}{text[position:]}"
    return text


def subscripts(source: SourceFacts, holder: SourceAssignment) -> list[Place]:
    """The places of the keys in `self.heads[key]` wherever the holder's class writes it, words that are strings already aside."""
    owner = holder.scope.partition(".")[0]
    cls = next((c for c in source.classes if c.name == owner), None)
    try:
        tree = ast.parse(source.text)
    except (SyntaxError, ValueError):
        return []
    found: list[Place] = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Subscript) or ast.unparse(node.value) != holder.target:
            continue
        key, line = node.slice, source.line(node.lineno)
        place = Place(
            holder.place.path,
            key.lineno,
            key.col_offset + 1,
            key.end_lineno or key.lineno,
            (key.end_col_offset or 0) + 1,
        )
        if not line.isascii() or cls is None or not contains(cls.place, place):
            return []
        if not (isinstance(key, ast.Constant) and isinstance(key.value, str)):
            found.append(place)
    return found
