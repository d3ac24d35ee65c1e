"""Why a constructor raised: the test in front of the `raise`, or the index that a list does not have, with the numbers in it."""

from __future__ import annotations

import ast
import linecache
from functools import lru_cache
from types import FrameType, TracebackType
from typing import Any

from nnwhy.facts.place import Place
from nnwhy.facts.written import Computed, Fixed, Literal, Origin, Refusal, worth
from nnwhy.trace.places import place_of
from nnwhy.trace.written import origin_of


def refusal_of(error: BaseException) -> Refusal | None:
    """The innermost test that the exception shows not to have passed; None where no such test is seen."""
    seen: list[TracebackType] = []
    traceback = error.__traceback__
    while traceback is not None:
        seen.append(traceback)
        traceback = traceback.tb_next
    for step in reversed(seen):
        found = _in_frame(step.tb_frame, step.tb_lasti, step.tb_lineno, error)
        if found is not None:
            return found
    return None


def numbers_of(error: BaseException) -> dict[str, Origin]:
    """The numbers with an origin among the arguments and variables of the frames that the exception passed, innermost first."""
    found: dict[str, Origin] = {}
    frames: list[FrameType] = []
    traceback = error.__traceback__
    while traceback is not None:
        frames.append(traceback.tb_frame)
        traceback = traceback.tb_next
    for depth, frame in enumerate(reversed(frames)):
        for name, value in frame.f_locals.items():
            for index, item in enumerate(value if isinstance(value, tuple | list) else (value,)):
                origin = origin_of(item)
                if origin is not None:
                    found[f"{name}:{depth}:{index}"] = origin
    return found


def _in_frame(frame: FrameType, instruction: int, line: int, error: BaseException) -> Refusal | None:
    tree = _tree(frame.f_code.co_filename)
    if tree is None:
        return None
    found = _element(frame, instruction, tree, error)
    if found is not None:
        return found
    test = _guard(tree, line)
    if test is None:
        return None
    numbers = {atom: value for atom in _atoms(test) if (value := _value(atom, frame)) is not None}
    return Refusal(ast.unparse(test), numbers) if numbers else None


@lru_cache(maxsize=8)
def _tree(path: str) -> ast.Module | None:
    lines = linecache.getlines(path)
    try:
        return ast.parse("".join(lines)) if lines else None
    except (SyntaxError, ValueError):
        return None


def _guard(tree: ast.Module, line: int) -> ast.expr | None:
    """The condition under which the statement at `line` raises: of the `if` around a `raise`, the `assert`, `torch._assert(…)`."""
    inner: ast.If | None = None
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert) and node.lineno <= line <= (node.end_lineno or 0):
            return ast.UnaryOp(ast.Not(), node.test)
        if (
            isinstance(node, ast.Call)
            and node.lineno <= line <= (node.end_lineno or 0)
            and ast.unparse(node.func) in ("torch._assert", "_assert")
            and node.args
        ):
            return ast.UnaryOp(ast.Not(), node.args[0])
        if isinstance(node, ast.If) and any(
            isinstance(part, ast.Raise) and part.lineno <= line <= (part.end_lineno or 0)
            for part in node.body
        ):
            inner = node
    return inner.test if inner is not None else None


def _element(frame: FrameType, instruction: int, tree: ast.Module, error: BaseException) -> Refusal | None:
    """The index for `things[index]` that raised IndexError; the divisor where it is zero."""
    place = place_of(frame.f_code, instruction)
    if place is None or not isinstance(error, IndexError | ZeroDivisionError):
        return None
    for node in ast.walk(tree):
        if not isinstance(node, ast.Subscript | ast.BinOp) or node.lineno != place.line:
            continue
        if (node.col_offset + 1, (node.end_col_offset or 0) + 1) != (place.column, place.end_column):
            continue
        if isinstance(node, ast.Subscript) and isinstance(error, IndexError):
            try:
                length = len(eval(ast.unparse(node.value), frame.f_globals, frame.f_locals))
            except Exception:
                return None
            index = _origin(node.slice, frame)
            return Refusal(f"not -{length} <= index < {length}", {"index": index}) if index else None
        if isinstance(node, ast.BinOp) and isinstance(error, ZeroDivisionError):
            divisor = _origin(node.right, frame)
            return Refusal("divisor == 0", {"divisor": divisor}) if divisor else None
    return None


def _origin(node: ast.expr, frame: FrameType) -> Origin | None:
    """The origin of an expression of names, literals and arithmetic."""
    if isinstance(node, ast.Constant) and type(node.value) is int:
        code = frame.f_code
        ends = (node.end_lineno or node.lineno, (node.end_col_offset or 0) + 1)
        return Literal(Place(code.co_filename, node.lineno, node.col_offset + 1, *ends), node.value)
    if isinstance(node, ast.BinOp):
        left, right = _origin(node.left, frame), _origin(node.right, frame)
        sign = _SIGNS.get(type(node.op))
        if left is None or right is None or sign is None:
            return None
        made = Computed(sign, (left, right), 0)
        return Computed(sign, (left, right), worth(made, {}))
    return _value(ast.unparse(node), frame)


_SIGNS: dict[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.FloorDiv: "//", ast.Mod: "%", ast.LShift: "<<",
}  # fmt: skip


def _atoms(test: ast.expr) -> list[str]:
    """The names, attributes and elements in a test, as written."""
    found: list[str] = []
    todo: list[ast.AST] = [test]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Name | ast.Attribute | ast.Subscript | ast.Call):
            found.append(ast.unparse(node))
        else:
            todo.extend(ast.iter_child_nodes(node))
    return list(dict.fromkeys(found))


def _value(atom: str, frame: FrameType) -> Origin | None:
    """What a name or an attribute is worth there; a call is not repeated, but for `len`."""
    if "(" in atom and not atom.startswith("len("):
        return None
    try:
        value: Any = eval(atom, frame.f_globals, frame.f_locals)
    except Exception:
        return None
    return origin_of(value) or (Fixed(value) if isinstance(value, int | float) else None)
