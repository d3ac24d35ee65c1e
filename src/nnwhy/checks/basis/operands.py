"""The operands of a call as written: of `a + b`, `a @ b`, `torch.add(a, b)`, `a.matmul(b)`, `torch.cat([a, b], 1)`."""

from __future__ import annotations

import ast

from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.place import Place
from nnwhy.facts.trace import Call


def operands(subject: Subject, call: Call) -> tuple[Place, ...]:
    """The places of the tensors' expressions, in order; () where they cannot be told apart."""
    place = call.place
    text = subject.text(place)
    if not text or place is None or not text.isascii():
        return ()
    tree = _parsed(text)
    if isinstance(tree, ast.BinOp):
        return tuple(found for part in (tree.left, tree.right) if (found := inside(place, part)))
    if isinstance(tree, ast.AugAssign):
        return tuple(found for part in (tree.target, tree.value) if (found := inside(place, part)))
    if isinstance(tree, ast.Call):
        arguments = [part for part in tree.args if not isinstance(part, ast.Starred)]
        if len(arguments) >= 1 and isinstance(arguments[0], ast.List | ast.Tuple):
            parts: list[ast.expr] = arguments[0].elts
        elif isinstance(tree.func, ast.Attribute) and len(arguments) == 1:
            parts = [tree.func.value, arguments[0]]
        else:
            parts = arguments[:2]
        if any(isinstance(part, ast.Starred) for part in parts):
            return ()
        return tuple(found for part in parts if (found := inside(place, part)))
    return ()


def inside(place: Place, node: ast.expr) -> Place | None:
    """The place of a node of the text that stands at `place`."""
    end = node.end_lineno or node.lineno

    def column(line: int, offset: int) -> int:
        return place.column + offset if line == 1 else offset + 1

    return Place(
        place.path, place.line + node.lineno - 1, column(node.lineno, node.col_offset), place.line + end - 1,
        column(end, node.end_col_offset or 0), place.function,
    )  # fmt: skip


def _parsed(text: str) -> ast.AST | None:
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError):
        pass
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError):
        return None
    return body[0] if len(body) == 1 else None
