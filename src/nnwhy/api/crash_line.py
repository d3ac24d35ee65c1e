"""A crash in the user's own line, outside of any network: the expression that failed is repeated under the recorder, as if it were a
network of one line, and the checks explain it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import FrameType
from typing import Any

import torch
from torch import nn

from nnwhy.api.crash_frames import crash_of
from nnwhy.checks.basis.running import findings_of
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.source import SourceFacts
from nnwhy.fix.prove import proved
from nnwhy.fix.texts import changed_texts
from nnwhy.load.source import reread
from nnwhy.trace import record

_PLAIN = (int, float, bool, str, bytes, type(None), torch.Size, torch.dtype, torch.device)
_BUILTINS = (
    len,
    int,
    float,
    bool,
    str,
    min,
    max,
    sum,
    abs,
    range,
    list,
    tuple,
    zip,
    enumerate,
    sorted,
    isinstance,
)
_OPERATORS = (
    ast.BinOp,
    ast.UnaryOp,
    ast.Compare,
    ast.BoolOp,
    ast.operator,
    ast.unaryop,
    ast.cmpop,
    ast.boolop,
)
_READ = (
    ast.Name, ast.Attribute, ast.Subscript, ast.Constant, ast.Tuple, ast.List, ast.Slice, ast.Starred, ast.keyword, ast.expr_context,
    *_OPERATORS,
)  # fmt: skip


def in_line(error: BaseException, sources: dict[str, SourceFacts]) -> tuple[Finding, ...]:
    """The errors in the expression of the user's innermost frame that failed, their fixes tried; () where it cannot be repeated
    without calling what is not torch's."""
    crash = crash_of(error, sources)
    if crash is None:
        return ()
    frame, place = crash.frame, crash.place
    start = (place.line, place.column)

    def found_in(files: dict[str, SourceFacts]) -> tuple[Finding, ...] | None:
        line = _line(files[place.path], start, frame)
        if line is None:
            return None
        with torch.set_grad_enabled(torch.is_grad_enabled()):
            trace = record(line, line.tensors)
        return findings_of(Subject(files, trace))

    def again(edits: Sequence[Edit], fix: Fix) -> Sequence[Finding] | None:
        if fix.inputs or any((edit.place.line, edit.place.column) < start for edit in edits):
            return None  # what was computed before is not computed again
        texts = changed_texts(sources, edits)
        files = {
            path: reread(source, texts[path]) if path in texts else source for path, source in sources.items()
        }
        whole = {path: source for path, source in files.items() if source is not None}
        return found_in(whole) if len(whole) == len(files) else None

    found = found_in(sources) or ()
    errors = tuple(
        finding for finding in found if finding.severity == "error" and finding.check != "call-fails"
    )
    return tuple(_untried(finding) for finding in proved(errors, again))


class _Line(nn.Module):
    """An expression of the user's with the values of its names; its inputs are the tensors among them."""

    def __init__(self, code: Any, names: dict[str, Any], modules: dict[str, nn.Module]) -> None:
        super().__init__()
        self._code, self._names = code, names
        self._keys = [name for name, value in names.items() if isinstance(value, torch.Tensor)]
        for name, module in modules.items():
            self.add_module(name, module)

    @property
    def tensors(self) -> tuple[torch.Tensor, ...]:
        return tuple(self._names[key] for key in self._keys)

    def forward(self, *tensors: torch.Tensor) -> Any:
        return eval(self._code, {**self._names, **dict(zip(self._keys, tensors, strict=True))})


def _line(source: SourceFacts, start: tuple[int, int], frame: FrameType) -> _Line | None:
    try:
        tree = ast.parse(source.text)
    except SyntaxError:
        return None
    node = next(_expressions(tree, source, start), None)
    known = {**frame.f_globals, **frame.f_locals}
    if node is None or not _repeatable(node, known):
        return None
    used = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    names = {name: known[name] for name in used if name in known}
    modules: dict[str, nn.Module] = {}
    for part in ast.walk(node):
        if isinstance(part, ast.Call) and isinstance(module := _value(part.func, known), nn.Module):
            modules.setdefault(ast.unparse(part.func).replace(".", "_"), module)
    code = compile(ast.Expression(node), source.path, "eval").replace(co_qualname=frame.f_code.co_qualname)
    return _Line(code, names, modules)


def _expressions(tree: ast.Module, source: SourceFacts, start: tuple[int, int]) -> Iterator[ast.expr]:
    """The expressions that begin at a place, the largest first."""
    for node in ast.walk(tree):
        if isinstance(getattr(node, "ctx", None), ast.Store | ast.Del):
            continue
        if isinstance(node, ast.expr) and node.lineno == start[0]:
            text = source.line(node.lineno)
            column = len(text.encode()[: node.col_offset].decode(errors="replace")) + 1
            if column == start[1]:
                yield node


def _repeatable(node: ast.expr, known: dict[str, Any]) -> bool:
    """Whether the expression reads values and calls only torch's functions, networks and a few of Python's own."""
    for part in ast.walk(node):
        if isinstance(part, ast.Call):
            if not _of_torch(part.func, known):
                return False
        elif not isinstance(part, _READ):
            return False
    return True


def _of_torch(function: ast.expr, known: dict[str, Any]) -> bool:
    if isinstance(function, ast.Attribute) and _makes_tensor(function.value, known):
        return hasattr(torch.Tensor, function.attr) and not function.attr.endswith("_")
    called = _value(function, known)
    if isinstance(called, nn.Module) or any(called is one for one in _BUILTINS):
        return True
    module = (
        getattr(called, "__module__", None)
        or getattr(getattr(called, "__self__", None), "__name__", "")
        or ""
    )
    return (
        callable(called) and isinstance(module, str) and module.startswith("torch") and "optim" not in module
    )


def _makes_tensor(node: ast.expr, known: dict[str, Any]) -> bool:
    """Whether an expression's value is a tensor, as far as can be said without computing it."""
    value = _value(node, known)
    if value is not _UNKNOWN:
        return isinstance(value, torch.Tensor)
    if isinstance(node, ast.Call):
        return _of_torch(node.func, known)
    if isinstance(node, ast.BinOp):
        return _makes_tensor(node.left, known) or _makes_tensor(node.right, known)
    return isinstance(node, ast.Subscript | ast.UnaryOp) and any(
        _makes_tensor(part, known) for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr)
    )


_UNKNOWN = object()


def _value(node: ast.expr, known: dict[str, Any]) -> Any:
    """The value of a name, an attribute of one or a constant; _UNKNOWN for everything that has to be computed."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        return known.get(node.id, vars(__import__("builtins")).get(node.id, _UNKNOWN))
    if isinstance(node, ast.Attribute):
        owner = _value(node.value, known)
        return _UNKNOWN if owner is _UNKNOWN else getattr(owner, node.attr, _UNKNOWN)
    return _UNKNOWN


def _untried(finding: Finding) -> Finding:
    """A fix that could not be tried here is a hint, not a failed fix; one that holds here mends a line, and not yet a program."""
    fixes = tuple(
        replace(
            fix, proof=replace(fix.proof, runs=False) if fix.proof is not None and fix.proof.holds else None
        )
        for fix in finding.fixes
    )
    return replace(finding, fixes=fixes)
