"""Where each module was constructed, and with which arguments: seen while a user's file is loaded.

`nn.Module.__new__` is replaced by a recording one for that time. Afterwards a plain pass-through stays there:
deleting the attribute would leave CPython's type slot changed, and every later construction would fail.
"""

from __future__ import annotations

import ast
import inspect
import linecache
import os
import sys
import textwrap
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from types import CodeType
from typing import Any

import torch
from torch import nn

from nnwhy.facts.place import Place
from nnwhy.source import text_at
from nnwhy.trace.places import place_of
from nnwhy.trace.tape import user_frame

_DEPTH = 8
_listeners: list[Constructions] = []


@dataclass
class Constructions:
    """The calls that constructed modules, by the modules' identity; the modules are kept alive so that none is reused."""

    calls: dict[int, list[tuple[CodeType, int]]] = field(
        default_factory=dict[int, list[tuple[CodeType, int]]]
    )
    parameters: dict[int, list[tuple[CodeType, int]]] = field(
        default_factory=dict[int, list[tuple[CodeType, int]]]
    )
    kept: list[Any] = field(default_factory=list[Any])

    def places(self, thing: Any) -> tuple[Place, ...]:
        """Where `thing` (a module or a parameter) was constructed, innermost first; () where it was not seen."""
        frames = self.calls.get(id(thing)) or self.parameters.get(id(thing)) or []
        found = [place_of(code, instruction) for code, instruction in frames]
        return tuple(place for place in found if place is not None)


def _new(cls: Any, *args: Any, **kwargs: Any) -> Any:
    made = object.__new__(cls)
    if _listeners:
        frames = _frames()
        for listener in _listeners:
            listener.calls[id(made)] = frames
            listener.kept.append(made)
    return made


_original_parameter_new = nn.Parameter.__new__


def _new_parameter(cls: Any, *args: Any, **kwargs: Any) -> Any:
    made = _original_parameter_new(cls, *args, **kwargs)
    frames = _frames()
    for listener in _listeners:
        listener.parameters[id(made)] = frames
        listener.kept.append(made)
    return made


def _frames() -> list[tuple[CodeType, int]]:
    frames: list[tuple[CodeType, int]] = []
    frame = user_frame(sys._getframe(2))
    while frame is not None and len(frames) < _DEPTH:
        frames.append((frame.f_code, frame.f_lasti))
        frame = user_frame(frame.f_back)
    return frames


@contextmanager
def watching_constructions() -> Generator[Constructions, None, None]:
    """Records where modules and parameters are constructed within this context."""
    seen = Constructions()
    nn.Module.__new__ = staticmethod(_new)  # type: ignore[method-assign]
    nn.Parameter.__new__ = staticmethod(_new_parameter)  # type: ignore[method-assign]
    _listeners.append(seen)
    try:
        yield seen
    finally:
        _listeners.remove(seen)
        nn.Parameter.__new__ = staticmethod(_original_parameter_new)  # type: ignore[method-assign]


def constructor_arguments(module: nn.Module) -> dict[str, Any]:
    """The constructor's arguments that `module` still holds as attributes, by the constructor's names."""
    arguments: dict[str, Any] = {}
    held = vars(module)
    for name in _constructor_names(type(module)):
        if name in held:
            arguments[name] = held[name]
        elif name == "bias" and "bias" in module._parameters:
            arguments[name] = module._parameters["bias"] is not None
    return arguments


@cache
def _constructor_names(cls: type[nn.Module]) -> tuple[str, ...]:
    """The names of the constructor's arguments; a constructor that only hands `*args` on has those of the class above."""
    for above in cls.__mro__:
        try:
            parameters = list(inspect.signature(above.__init__).parameters.values())[1:]
        except (TypeError, ValueError):
            return ()
        if not parameters or any(p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in parameters):
            kinds = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
            names = [p.name for p in parameters if p.kind not in kinds]
            hidden = (*_WHERE, "mode") if issubclass(cls, nn.RNNBase) else _WHERE
            return tuple(name for name in names if name not in hidden)
    return ()


# What says where numbers lie, not which they are; the mode of a recurrent layer is its class.
_WHERE = ("device", "dtype")


def argument_places(cls: type[nn.Module], place: Place) -> dict[str, Place]:
    """The places of the arguments in the constructing call at `place`; {} where its text is no plain call."""
    call = _call_at(place)
    if call is None:
        return {}
    names = _constructor_names(cls)
    found: dict[str, Place] = {}
    for index, argument in enumerate(call.args):
        if isinstance(argument, ast.Starred):
            break
        if index < len(names):
            found[names[index]] = _shifted(argument, place)
    for keyword in call.keywords:
        if keyword.arg in names:
            found[keyword.arg] = _shifted(keyword.value, place)
    return found


def _call_at(place: Place) -> ast.Call | None:
    text = text_at(place)
    try:
        tree = ast.parse(f"({text})", mode="eval").body
    except (SyntaxError, ValueError):
        return None
    return tree if isinstance(tree, ast.Call) else None


def _shifted(node: ast.expr, place: Place) -> Place:
    """`node` was parsed from the text at `place` behind one opening bracket: back to columns of the file."""

    def column(line: int, offset: int) -> int:
        text = linecache.getline(place.path, place.line + line - 1)
        if line == 1:
            head = text[: place.column - 1]
            return place.column + len(text[len(head) :].encode()[: offset - 1].decode(errors="replace"))
        return len(text.encode()[:offset].decode(errors="replace")) + 1

    end_line, end_offset = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
    return Place(
        place.path,
        place.line + node.lineno - 1,
        column(node.lineno, node.col_offset),
        place.line + end_line - 1,
        column(end_line, end_offset),
        place.function,
    )


def assigned_in_class(owner: nn.Module, name: str) -> Place | None:
    """Where the owner's class assigns `self.<name> = <call>`, from its source: for modules that existed before we came."""
    for cls in type(owner).__mro__:
        if cls is nn.Module:
            break
        found = _assignments(cls).get(name)
        if found:
            return found
    return None


@cache
def _assignments(cls: type) -> dict[str, Place]:
    try:
        lines, first = inspect.getsourcelines(cls)
        path = inspect.getsourcefile(cls) or ""
        tree = ast.parse(textwrap.dedent("".join(lines)))
    except (OSError, TypeError, SyntaxError):
        return {}
    if path.startswith(torch.__path__[0] + os.sep):
        return {}
    indent = len(lines[0]) - len(lines[0].lstrip())
    found: dict[str, Place] = {}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)):
            continue
        for target in node.targets:
            if (
                isinstance(target, ast.Attribute)
                and isinstance(target.value, ast.Name)
                and target.value.id == "self"
            ):
                call = node.value
                found[target.attr] = Place(
                    path,
                    first + call.lineno - 1,
                    call.col_offset + indent + 1,
                    first + (call.end_lineno or call.lineno) - 1,
                    (call.end_col_offset or 0) + indent + 1,
                    f"{cls.__qualname__}.__init__",
                )
    return found
