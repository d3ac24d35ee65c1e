"""Why a constructor raised: the test in front of the `raise`, or the index that a list does not have, with the numbers in it."""

from __future__ import annotations

import ast
import linecache
from functools import lru_cache
from types import FrameType, TracebackType
from typing import Any

from nnwhy.facts.finding import Refusal
from nnwhy.facts.written import Fixed, Origin
from nnwhy.trace.places import place_of
from nnwhy.trace.written import WrittenFloat, WrittenInt, origin_of


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
    test = _index_test(frame, instruction, tree, error) or _guard(tree, line)
    if test is None:
        return None
    numbers = {atom: value for atom in _atoms(test) if (value := _value(atom, frame)) is not None}
    if not any(not isinstance(origin, Fixed) for origin in numbers.values()) and not numbers:
        return None
    return Refusal(ast.unparse(test), numbers)


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


def _index_test(
    frame: FrameType, instruction: int, tree: ast.Module, error: BaseException
) -> ast.expr | None:
    """`index >= length` for `things[index]` that raised IndexError; `divisor == 0` where nothing can be divided by it."""
    if not isinstance(error, IndexError | ZeroDivisionError):
        return None
    place = place_of(frame.f_code, instruction)
    if place is None:
        return None
    for node in ast.walk(tree):
        if not isinstance(node, ast.Subscript | ast.BinOp) or node.lineno != place.line:
            continue
        if (node.col_offset + 1, node.end_col_offset) != (place.column, place.end_column - 1):
            continue
        if isinstance(node, ast.Subscript) and isinstance(error, IndexError):
            try:
                things = eval(ast.unparse(node.value), frame.f_globals, frame.f_locals)
                length = len(things)
            except Exception:
                return None
            index = ast.unparse(node.slice)
            return ast.parse(f"not -{length} <= {index} < {length}", mode="eval").body
        if isinstance(node, ast.BinOp) and isinstance(error, ZeroDivisionError):
            return ast.parse(f"({ast.unparse(node.right)}) == 0", mode="eval").body
    return None


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
    if isinstance(value, WrittenInt | WrittenFloat):
        return value.origin
    return Fixed(value) if type(value) in (int, float, bool) else None
