"""Numbers that remember the literal they were written as: what a file computes its layers' arguments from.

A file that is compiled by `compiled` makes each of its number literals a `WrittenInt` or `WrittenFloat`; their arithmetic, and
calls that turn them into other numbers, return the same kind. Nothing else about the file changes: a call stands where it stood.
"""

from __future__ import annotations

import ast
import builtins
import math
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from nnwhy.facts.place import Place
from nnwhy.facts.written import Computed, Fixed, Literal, Origin, literals

_LITERAL, _CALL = "__nnwhy_literal__", "__nnwhy_call__"
_UNTOUCHED = {"super", "locals", "globals", "vars", "eval", "exec", "isinstance", "len"}
_OPERATORS = {
    "add": "+", "sub": "-", "mul": "*", "truediv": "/", "floordiv": "//", "mod": "%", "pow": "**", "lshift": "<<",
}  # fmt: skip


class WrittenInt(int):
    """A whole number with its origin."""

    origin: Origin

    def __neg__(self) -> int:
        return made(-int(self), "neg", self)

    def __reduce__(self) -> Any:
        """Copies and pickles are plain numbers."""
        return int, (int(self),)

    __hash__ = int.__hash__


class WrittenFloat(float):
    """A fraction with its origin."""

    origin: Origin

    def __neg__(self) -> float:
        return made(-float(self), "neg", self)

    def __ceil__(self) -> int:
        return made(math.ceil(float(self)), "ceil", self)

    def __floor__(self) -> int:
        return made(math.floor(float(self)), "floor", self)

    def __reduce__(self) -> Any:
        """Copies and pickles are plain numbers."""
        return float, (float(self),)

    __hash__ = float.__hash__


def origin_of(thing: Any) -> Origin | None:
    """The origin of a number that has one; a library may make numbers of our kind without."""
    return getattr(thing, "origin", None) if isinstance(thing, WrittenInt | WrittenFloat) else None


def made(value: Any, operator: str, *operands: Any) -> Any:
    """`value` as the result of an operator on numbers of which some have an origin."""
    if type(value) is int:
        result: Any = WrittenInt(value)
    elif type(value) is float and math.isfinite(value):
        result = WrittenFloat(value)
    else:
        return value
    parts = tuple(origin_of(operand) or Fixed(operand) for operand in operands)
    result.origin = Computed(operator, parts, value)
    return result


def _operation(cls: type, plain: type, name: str, sign: str) -> None:
    if not hasattr(plain, f"__{name}__"):
        return
    forward, backward = getattr(plain, f"__{name}__"), getattr(plain, f"__r{name}__")

    def left(self: Any, other: Any) -> Any:
        if type(other) is bool or not isinstance(other, int | float):
            return forward(self, other)
        # a whole number leaves fractions to the fraction, which may be a plain one
        value = (
            getattr(float, f"__{name}__")(float(self), other)
            if isinstance(other, float)
            else forward(self, other)
        )
        return value if value is NotImplemented else made(value, sign, self, other)

    def right(self: Any, other: Any) -> Any:
        if type(other) is bool or not isinstance(other, int | float):
            return backward(self, other)
        value = (
            getattr(float, f"__r{name}__")(float(self), other)
            if isinstance(other, float)
            else backward(self, other)
        )
        return value if value is NotImplemented else made(value, sign, other, self)

    setattr(cls, f"__{name}__", left)
    setattr(cls, f"__r{name}__", right)


for _name, _sign in _OPERATORS.items():
    _operation(WrittenInt, int, _name, _sign)
    _operation(WrittenFloat, float, _name, _sign)


@dataclass
class Writing:
    """`prepared` makes of a file (path, text) what is compiled; `counted` are the literals that loops were counted by."""

    prepared: Callable[[str, str], ast.Module]
    counted: dict[Literal, None] = field(default_factory=dict[Literal, None])


@contextmanager
def writing() -> Generator[Writing]:
    """Files that are compiled from what `prepared` gives can run within this context."""
    places: list[Place] = []

    def literal(value: Any, index: int) -> Any:
        number: Any = WrittenInt(value) if isinstance(value, int) else WrittenFloat(value)
        number.origin = Literal(places[index], value)
        return number

    def prepared(path: str, text: str) -> ast.Module:
        tree = ast.parse(text, path)
        return ast.fix_missing_locations(_Wrap(path, text, places).visit(tree))

    def called(function: Any, /, *args: Any, **kwargs: Any) -> Any:
        if function is range:
            made_by = (part for value in args if (origin := origin_of(value)) for part in literals(origin))
            seen.counted.update(dict.fromkeys(made_by))
        return _called(function, *args, **kwargs)

    seen = Writing(prepared)
    setattr(builtins, _LITERAL, literal)
    setattr(builtins, _CALL, called)
    try:
        yield seen
    finally:
        delattr(builtins, _LITERAL)
        delattr(builtins, _CALL)


def _called(function: Any, /, *args: Any, **kwargs: Any) -> Any:
    """The call, and where it makes a number of numbers with an origin, that number with one."""
    result = function(*args, **kwargs)
    if isinstance(result, bool) or not isinstance(result, int | float):
        return result
    given = [value for value in (*args, *kwargs.values()) if origin_of(value) is not None]
    if not given or any(result is value for value in given):
        return result
    origin = origin_of(result)
    if origin is not None and {part for value in given for part in literals(value.origin)} <= set(
        literals(origin)
    ):
        return result
    known = function in (int, round, math.ceil, math.floor) and len(given) == 1
    plain: Any = int(result) if isinstance(result, int) else float(result)
    return made(plain, function.__name__ if known else "call", *given)


class _Wrap(ast.NodeTransformer):
    def __init__(self, path: str, text: str, places: list[Place]) -> None:
        self._path = path
        self._lines = text.split("\n")
        self._places = places
        self._scope: list[str] = []

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if type(node.value) not in (int, float):
            return node
        place = Place(
            self._path, node.lineno, self._column(node.lineno, node.col_offset), node.end_lineno or node.lineno,
            self._column(node.end_lineno or node.lineno, node.end_col_offset or 0), ".".join(self._scope),
        )  # fmt: skip
        self._places.append(place)
        index = ast.Constant(len(self._places) - 1)
        return ast.copy_location(ast.Call(ast.Name(_LITERAL, ast.Load()), [node, index], []), node)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        self.generic_visit(node)
        if name in _UNTOUCHED or not (node.args or node.keywords):
            return node
        wrapped = ast.Call(ast.Name(_CALL, ast.Load()), [node.func, *node.args], node.keywords)
        return ast.copy_location(wrapped, node)

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        """A call whose result nobody takes stays as it is: it may look at who calls it."""
        if isinstance(node.value, ast.Call):
            self.generic_visit(node.value)
        else:
            self.generic_visit(node)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._function(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        self._scope.append(node.name)
        self.generic_visit(node)
        self._scope.pop()
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        return node

    def visit_Match(self, node: ast.Match) -> ast.AST:
        node.subject = self.visit(node.subject)
        for case in node.cases:
            case.body = [self.visit(statement) for statement in case.body]
        return node

    def _function(self, node: Any) -> ast.AST:
        self._scope.append(node.name)
        returns, node.returns = node.returns, None
        self.generic_visit(node)
        node.returns = returns
        self._scope.pop()
        return node

    def _column(self, line: int, offset: int) -> int:
        text = self._lines[line - 1]
        return (offset if text.isascii() else len(text.encode()[:offset].decode(errors="replace"))) + 1
