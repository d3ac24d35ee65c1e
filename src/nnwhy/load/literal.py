"""Expressions of the user's that are read, not run: literals, names that are known, and constructor calls on them."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any

from nnwhy.errors import TargetError


class Unreadable(Exception):
    """The expression needs more than reading; the text names the part."""


_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
_PLAIN = {"dict": dict, "list": list, "tuple": tuple, "set": set, "int": int, "float": float, "len": len, "range": range,
          "min": min, "max": max, "bool": bool, "str": str, "sum": sum}  # fmt: skip
_LARGEST = 1 << 64


def read(node: ast.expr, names: Mapping[str, Any]) -> Any:
    """The value of an expression. Names are looked up in `names`; only classes and a few plain functions are called.

    Raises Unreadable.
    """
    match node:
        case ast.Constant():
            return node.value
        case ast.Tuple() | ast.List() | ast.Set():
            items = [read(item, names) for item in node.elts]
            return {ast.Tuple: tuple, ast.List: list, ast.Set: set}[type(node)](items)
        case ast.Dict():
            return _dictionary(node, names)
        case ast.UnaryOp(op=ast.USub()):
            return -_number(read(node.operand, names), node)
        case ast.UnaryOp(op=ast.Not()):
            return not read(node.operand, names)
        case ast.BinOp():
            return _arithmetic(node, names)
        case ast.Name():
            if node.id in names:
                return names[node.id]
            if node.id in _PLAIN:
                return _PLAIN[node.id]
            raise Unreadable(node.id)
        case ast.Attribute():
            try:
                return getattr(read(node.value, names), node.attr)
            except AttributeError:
                raise Unreadable(ast.unparse(node)) from None
        case ast.Subscript():
            try:
                return read(node.value, names)[read(node.slice, names)]
            except (TypeError, KeyError, IndexError):
                raise Unreadable(ast.unparse(node)) from None
        case ast.IfExp():
            return read(node.body if read(node.test, names) else node.orelse, names)
        case ast.Call():
            return _constructed(node, names)
        case _:
            raise Unreadable(ast.unparse(node))


def arguments_of(call: ast.Call, names: Mapping[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The positional and keyword arguments of a call. Raises Unreadable."""
    args: list[Any] = []
    kwargs: dict[str, Any] = {}
    for part in call.args:
        if isinstance(part, ast.Starred):
            args.extend(read(part.value, names))
        else:
            args.append(read(part, names))
    for keyword in call.keywords:
        if keyword.arg is None:
            kwargs.update(read(keyword.value, names))
        else:
            kwargs[keyword.arg] = read(keyword.value, names)
    return tuple(args), kwargs


def parsed_arguments(text: str) -> ast.Call:
    """The call that `text` ("10, hidden=128") is the inside of. Raises TargetError where it is no argument list."""
    try:
        call = ast.parse(f"f({text})", mode="eval").body
    except (SyntaxError, ValueError):
        raise TargetError(
            f"({text}) is no list of arguments; write it as in Python: hidden=128, classes=10"
        ) from None
    if not isinstance(call, ast.Call) or ast.unparse(call.func) != "f":
        raise TargetError(f"({text}) is no list of arguments; write it as in Python: hidden=128, classes=10")
    return call


def _dictionary(node: ast.Dict, names: Mapping[str, Any]) -> dict[Any, Any]:
    made: dict[Any, Any] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            made.update(read(value, names))
        else:
            made[read(key, names)] = read(value, names)
    return made


def _arithmetic(node: ast.BinOp, names: Mapping[str, Any]) -> Any:
    left, right = read(node.left, names), read(node.right, names)
    function = _OPERATORS.get(type(node.op))
    if function is None:
        raise Unreadable(ast.unparse(node))
    if isinstance(node.op, ast.Pow | ast.Mult):
        for side in (left, right):
            if isinstance(side, int) and abs(side) > (
                64 if isinstance(node.op, ast.Pow) and side is right else _LARGEST
            ):
                raise Unreadable(ast.unparse(node))
    try:
        return function(left, right)
    except (TypeError, ArithmeticError):
        raise Unreadable(ast.unparse(node)) from None


def _number(value: Any, node: ast.expr) -> Any:
    if isinstance(value, int | float | complex):
        return value
    raise Unreadable(ast.unparse(node))


def _constructed(node: ast.Call, names: Mapping[str, Any]) -> Any:
    """A class called: a configuration, an activation, a block that the network is given."""
    function = read(node.func, names)
    if not isinstance(function, type) and function not in _PLAIN.values():
        raise Unreadable(ast.unparse(node))
    args, kwargs = arguments_of(node, names)
    try:
        return function(*args, **kwargs)
    except Exception:
        raise Unreadable(ast.unparse(node)) from None
