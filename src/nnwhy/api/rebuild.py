"""A network built once more from edited source, in the process that made it: by the very expression that made it.

Only definitions (classes, functions, imports) and constants are run again, in a copy of the file's names; the rest of the
script is not.
"""

from __future__ import annotations

import ast
import contextlib
import io
import os
import sys
from collections.abc import Iterator, Mapping
from functools import cached_property
from types import FrameType
from typing import Any

from torch import nn

from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceFacts
from nnwhy.trace.untouched import untouched

_MOST_PARAMETERS = 100_000_000


class Rebuilder:
    """Knows which expression made a network, and in which names it stood.

    `constructed` is where that is, innermost first; `frames` are the frames of the crash, for the names inside functions.
    """

    def __init__(
        self,
        module: nn.Module,
        constructed: tuple[Place, ...],
        frames: list[FrameType],
        sources: Mapping[str, SourceFacts],
    ) -> None:
        self._module = module
        self._sources = sources
        self._frames = frames
        self._place = constructed[0] if constructed else self._assigned()

    def built(self, texts: Mapping[str, str]) -> nn.Module | None:
        """The network from these texts (by path); None where it cannot be built from them."""
        return self._build(texts) if self.able else None

    @cached_property
    def able(self) -> bool:
        """Whether the expression that made the network can be run again, and makes the network as it is now."""
        if self._place is None or sum(p.numel() for p in self._module.parameters()) > _MOST_PARAMETERS:
            return False
        unchanged = self._build({})
        return unchanged is not None and str(unchanged) == str(self._module)

    def _build(self, texts: Mapping[str, str]) -> nn.Module | None:
        place = self._place
        assert place is not None
        source = self._sources.get(place.path)
        if source is None:
            return None
        expression = _same_call(source.text, texts.get(place.path, source.text), place)
        if expression is None:
            return None
        with untouched(self._module), contextlib.redirect_stdout(io.StringIO()):
            names = self._names(place, texts)
            try:
                made = eval(compile(ast.Expression(expression), place.path, "eval"), names)
            except Exception:
                return None
        if not isinstance(made, nn.Module):
            return None
        made.train(self._module.training)
        return made

    def _names(self, place: Place, texts: Mapping[str, str]) -> dict[str, Any]:
        """The names that the expression sees, with the definitions of all given texts run again."""
        renewed: dict[str, dict[str, Any]] = {}
        for path in {*texts, place.path}:
            module = _module_of(path, self._frames)
            if module is not None:
                names = dict(module)
                _define(texts.get(path, self._sources[path].text), path, names)
                renewed[path] = names
        names = renewed.get(place.path, {})
        for path, others in renewed.items():
            if path != place.path:
                fresh = {
                    name: value
                    for name, value in others.items()
                    if getattr(value, "__module__", None) == others.get("__name__")
                }
                names.update({name: value for name, value in fresh.items() if name in names})
        if place.function != "<module>":
            frame = next(
                (
                    f
                    for f in self._frames
                    if f.f_code.co_qualname == place.function and f.f_code.co_filename == place.path
                ),
                None,
            )
            if frame is not None:
                defined = {name for name, value in names.items() if isinstance(value, type)}
                names.update({name: value for name, value in frame.f_locals.items() if name not in defined})
        return names

    def _assigned(self) -> Place | None:
        """The call whose result is bound to the name that holds the network, where its making was not seen."""
        for frame in self._frames:
            held = [
                (name, value)
                for name, value in (*frame.f_locals.items(), *frame.f_globals.items())
                if value is self._module
            ]
            source = self._sources.get(frame.f_code.co_filename)
            for name, _ in held:
                for assignment in source.assignments if source else ():
                    if assignment.target == name and assignment.form == "Call":
                        where = assignment.value
                        scope = assignment.scope or "<module>"
                        return Place(
                            where.path, where.line, where.column, where.end_line, where.end_column, scope
                        )
        return None


def _define(text: str, path: str, names: dict[str, Any]) -> None:
    """Run the definitions and the plain constants of a text."""
    for node in ast.parse(text).body:
        constant = (
            isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None and _plain(node.value)
        )
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) or constant:
            with contextlib.suppress(Exception):
                exec(compile(ast.Module([node], []), path, "exec"), names)


def _plain(node: ast.expr) -> bool:
    return not any(
        isinstance(part, ast.Call | ast.Await | ast.Yield | ast.NamedExpr) for part in ast.walk(node)
    )


def _module_of(path: str, frames: list[FrameType]) -> dict[str, Any] | None:
    for module in [sys.modules.get("__main__"), *list(sys.modules.values())]:
        file = getattr(module, "__file__", None)
        if file and os.path.realpath(file) == os.path.realpath(path):
            return vars(module)  # type: ignore[arg-type]
    found = next((frame.f_globals for frame in frames if frame.f_code.co_filename == path), None)
    if found is None and not os.path.exists(path):
        found = vars(sys.modules["__main__"])  # another cell of the notebook
    return found


def _same_call(before: str, after: str, place: Place) -> ast.expr | None:
    """The call at `place` of the text before, as it stands in the text after: the same one in the order of calls to it."""
    old = list(_calls(before))
    index = next((i for i, call in enumerate(old) if _at(call, before, place)), None)
    if index is None:
        return None
    name = ast.unparse(old[index].func)
    number = sum(ast.unparse(call.func) == name for call in old[:index])
    same = [call for call in _calls(after) if ast.unparse(call.func) == name]
    return same[number] if number < len(same) else None


def _calls(text: str) -> Iterator[ast.Call]:
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    yield from sorted(found, key=lambda node: (node.lineno, node.col_offset, -(node.end_col_offset or 0)))


def _at(call: ast.Call, text: str, place: Place) -> bool:
    line = text.split("\n")[call.lineno - 1].encode()
    column = len(line[: call.col_offset].decode(errors="replace")) + 1
    end_line = text.split("\n")[(call.end_lineno or call.lineno) - 1].encode()
    end = len(end_line[: call.end_col_offset].decode(errors="replace")) + 1
    return (call.lineno, column, call.end_lineno, end) == (
        place.line,
        place.column,
        place.end_line,
        place.end_column,
    )
