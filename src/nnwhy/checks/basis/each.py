"""One fixed item of a list, in a loop over that list: `[zeros(n, sizes[0]) for size in sizes]`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.place import Place

Loop = ast.For | ast.comprehension


def of_each(subject: Subject, place: Place) -> str:
    """What to write for `sizes[0]` at `place`, so that every turn of the loop around it takes its own item; "" where there is none."""
    source = subject.sources.get(place.path)
    text = subject.text(place)
    if source is None or not source.text.isascii():
        return ""
    try:
        item, tree = ast.parse(text, mode="eval").body, ast.parse(source.text)
    except (SyntaxError, ValueError):
        return ""
    if not isinstance(item, ast.Subscript) or not isinstance(item.slice, ast.Constant):
        return ""
    whole = ast.unparse(item.value)
    for loop in _around(tree, place):
        target, over = loop.target, loop.iter
        if isinstance(target, ast.Name) and ast.unparse(over) == whole:
            return target.id
        if isinstance(target, ast.Name) and ast.unparse(over) == f"range(len({whole}))":
            return f"{whole}[{target.id}]"
        pair = target.elts if isinstance(target, ast.Tuple) else []
        if ast.unparse(over) == f"enumerate({whole})" and len(pair) == 2 and isinstance(pair[1], ast.Name):
            return pair[1].id
    return ""


def _around(tree: ast.AST, place: Place) -> Iterator[Loop]:
    """The loops whose every turn evaluates the expression at `place`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.For) and any(_holds(part, place) for part in node.body):
            yield node
        elif isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp) and _holds(node.elt, place):
            yield from node.generators


def _holds(node: ast.stmt | ast.expr, place: Place) -> bool:
    start, end = (node.lineno, node.col_offset + 1), (node.end_lineno or 0, (node.end_col_offset or 0) + 1)
    return start <= (place.line, place.column) and (place.end_line, place.end_column) <= end
