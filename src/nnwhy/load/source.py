"""Reads a file's syntax into facts. Nothing is run."""

from __future__ import annotations

import ast
import hashlib
import io
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

from nnwhy.errors import TargetError
from nnwhy.facts.place import Place
from nnwhy.facts.source import (
    SourceArgument,
    SourceAssignment,
    SourceCall,
    SourceClass,
    SourceComment,
    SourceFacts,
    SourceFunction,
    SourceParameter,
    SourceUse,
)
from nnwhy.notebooks import cells, notebook_of

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def read_source(path: str, text: str | None = None) -> SourceFacts | None:
    """The facts of the file at `path`, or of `text` as if it stood there; None where it cannot be read or parsed."""
    try:
        if text is None:
            with tokenize.open(path) as file:
                text = file.read()
        tree = ast.parse(text)
    except (OSError, SyntaxError, ValueError):
        return None
    reader = _Reader(path, text)
    reader.visit(tree)
    return SourceFacts(
        path=path,
        text=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        imports=reader.imports,
        calls=tuple(reader.calls),
        assignments=tuple(reader.assignments),
        functions=tuple(reader.functions),
        classes=tuple(reader.classes),
        uses=tuple(reader.uses),
        comments=(*_comments(path, text), *reader.docstrings),
    )


def read_sources(path: str) -> dict[str, SourceFacts]:
    """The facts of a file, or of each code cell of a notebook, which know what all of them import; {} where it cannot be read."""
    if not path.endswith(".ipynb"):
        source = read_source(path)
        return {path: source} if source is not None else {}
    try:
        found = [read_source(cell.name, cell.text) for cell in cells(Path(path))]
    except TargetError:
        return {}
    sources = [source for source in found if source is not None]
    imports = {name: full for source in sources for name, full in source.imports.items()}
    return {source.path: replace(source, imports={**imports, **source.imports}) for source in sources}


def reread(source: SourceFacts, text: str) -> SourceFacts | None:
    """The facts of a file, or of a notebook's cell, with another text; None where it cannot be parsed."""
    found = read_source(source.path, text)
    if found is None or notebook_of(source.path) is None:
        return found
    return replace(found, imports={**source.imports, **found.imports})


def imported_files(source: SourceFacts) -> list[str]:
    """The Python files behind a file's imports, as far as they are loaded or lie beside it; nothing is imported for this."""
    found: dict[str, None] = {}
    for full in source.imports.values():
        level = len(full) - len(full.lstrip("."))
        names = full.lstrip(".").split(".")
        if level:
            folder = Path(source.path).parents[level - 1]
            for count in (len(names), len(names) - 1):
                base = folder.joinpath(*names[:count])
                found.update(
                    (str(path), None)
                    for path in (base.with_suffix(".py"), base / "__init__.py")
                    if path.is_file()
                )
        for count in range(len(names), 0, -1):
            path = getattr(sys.modules.get(".".join(names[:count])), "__file__", None)
            if path and path.endswith(".py"):
                found[path] = None
                break
    return list(found)


class _Reader(ast.NodeVisitor):
    def __init__(self, path: str, text: str) -> None:
        self._path = path
        self._lines = text.split("\n")
        self._scope: list[str] = []
        self._statement: ast.stmt | None = None
        self._above: list[ast.AST] = []
        self.imports: dict[str, str] = {}
        self.calls: list[SourceCall] = []
        self.assignments: list[SourceAssignment] = []
        self.functions: list[SourceFunction] = []
        self.classes: list[SourceClass] = []
        self.uses: list[SourceUse] = []
        self.docstrings: list[SourceComment] = []
        self._networks: set[str] = set()

    def visit(self, node: ast.AST) -> None:
        if isinstance(node, ast.stmt):
            self._statement = node
        self._above.append(node)
        super().visit(node)
        self._above.pop()

    def visit_Import(self, node: ast.Import) -> None:
        for name in node.names:
            self.imports[name.asname or name.name.partition(".")[0]] = (
                name.name if name.asname else name.name.partition(".")[0]
            )

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for name in node.names:
            self.imports[name.asname or name.name] = f"{'.' * node.level}{node.module or ''}.{name.name}"

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        bases = tuple(self._resolved(ast.unparse(base)) for base in node.bases)
        network = any(
            base.startswith("torch.nn.")
            or base in self._networks
            or base.endswith(("Module", ".LightningModule"))
            for base in bases
        )
        if network:
            self._networks.add(node.name)
        methods = tuple(part.name for part in node.body if isinstance(part, _Function))
        self.classes.append(
            SourceClass(".".join([*self._scope, node.name]), bases, self._place(node), methods, network)
        )
        self._docstring(node)
        self._inside(node, node.name)

    def visit_FunctionDef(self, node: _Function) -> None:
        self._function(node)
        self._docstring(node)
        for part in (*node.decorator_list, *node.args.defaults, *(d for d in node.args.kw_defaults if d)):
            self.visit(part)
        self._scope.append(node.name)
        for part in node.body:
            self.visit(part)
        self._scope.pop()

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            self._assigned(target, node.value, node)
        self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self._assigned(node.target, node.value, node)
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self._assignment(node.target, node.value, "augmented", node)
        self.generic_visit(node)

    def visit_For(self, node: ast.For) -> None:
        self._loop(node.target, node.iter, node)
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        self._loop(node.target, node.iter, cast(ast.stmt, self._statement))
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        function = ast.unparse(node.func)
        arguments = [
            SourceArgument("", index, self._place(part), self._text(part), isinstance(part, ast.Starred))
            for index, part in enumerate(node.args)
        ]
        arguments += [
            SourceArgument(
                part.arg or "",
                len(node.args) + index,
                self._place(part.value),
                self._text(part.value),
                part.arg is None,
            )
            for index, part in enumerate(node.keywords)
        ]
        receiver = self._place(node.func.value) if isinstance(node.func, ast.Attribute) else None
        statement = self._statement or node
        self.calls.append(
            SourceCall(
                place=self._place(node),
                function=function,
                resolved=self._resolved(function),
                callee=self._place(node.func),
                receiver=receiver,
                arguments=tuple(arguments),
                scope=".".join(self._scope),
                statement=self._place(statement),
                within=self._within(),
            )
        )
        self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self.uses.append(SourceUse(node.id, self._place(node), ".".join(self._scope)))

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if isinstance(node.ctx, ast.Load) and isinstance(node.value, ast.Name) and node.value.id == "self":
            self.uses.append(SourceUse(f"self.{node.attr}", self._place(node), ".".join(self._scope)))
        self.generic_visit(node)

    def _inside(self, node: ast.ClassDef, name: str) -> None:
        for part in (*node.bases, *node.decorator_list):
            self.visit(part)
        self._scope.append(name)
        for part in node.body:
            self.visit(part)
        self._scope.pop()

    def _function(self, node: _Function) -> None:
        arguments = node.args
        positional = [*arguments.posonlyargs, *arguments.args]
        defaults = [None] * (len(positional) - len(arguments.defaults)) + list(arguments.defaults)
        pairs = [
            *zip(positional, defaults, strict=True),
            *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
        ]
        parameters = tuple(
            SourceParameter(
                name.arg, self._place(name),
                self._place(default) if default is not None else None,
                self._text(default) if default is not None else "",
            )
            for name, default in pairs
        )  # fmt: skip
        body = node.body[1:] if _is_docstring(node.body[0]) and len(node.body) > 1 else node.body
        self.functions.append(
            SourceFunction(
                name=".".join([*self._scope, node.name]),
                parameters=parameters,
                place=self._place(node),
                first=self._place(body[0]),
                last=self._place(body[-1]),
                returns=tuple(self._place(part.value) for part in _returns(node) if part.value is not None),
            )
        )

    def _docstring(self, node: ast.ClassDef | _Function) -> None:
        if _is_docstring(node.body[0]):
            text = ast.get_docstring(node) or ""
            self.docstrings.append(SourceComment(self._place(node.body[0]), text, True))

    def _assigned(self, target: ast.expr, value: ast.expr, statement: ast.stmt) -> None:
        """Several targets get the parts of a tuple of as many parts."""
        if isinstance(target, ast.Tuple | ast.List):
            parts = value.elts if isinstance(value, ast.Tuple | ast.List) else []
            for index, part in enumerate(target.elts):
                if len(parts) == len(target.elts):
                    self._assigned(part, parts[index], statement)
                else:
                    self._assignment(part, value, "item", statement)
            return
        self._assignment(target, value, type(value).__name__, statement)

    def _loop(self, target: ast.expr, iterable: ast.expr, statement: ast.stmt) -> None:
        for part in target.elts if isinstance(target, ast.Tuple) else [target]:
            self._assignment(part, iterable, "for", statement)

    def _assignment(self, target: ast.expr, value: ast.expr, form: str, statement: ast.stmt) -> None:
        self.assignments.append(
            SourceAssignment(
                target=ast.unparse(target),
                value=self._place(value),
                text=self._text(value),
                form=form,
                place=self._place(statement),
                scope=".".join(self._scope),
            )
        )

    def _within(self) -> str:
        above = self._above[-2] if len(self._above) > 1 else None
        if isinstance(above, ast.Call):
            return f"{ast.unparse(above.func)}("
        return type(above).__name__ if above is not None else ""

    def _resolved(self, text: str) -> str:
        first, dot, rest = text.partition(".")
        return f"{self.imports.get(first, first)}{dot}{rest}"

    def _text(self, node: ast.AST) -> str:
        place = self._place(node)
        lines = self._lines[place.line - 1 : place.end_line]
        lines[-1] = lines[-1][: place.end_column - 1]
        lines[0] = lines[0][place.column - 1 :]
        return "\n".join(lines)

    def _place(self, node: ast.AST) -> Place:
        found = cast(ast.expr, node)
        end = found.end_lineno or found.lineno
        return Place(
            path=self._path,
            line=found.lineno,
            column=self._column(found.lineno, found.col_offset),
            end_line=end,
            end_column=self._column(end, found.end_col_offset or 0),
            function=".".join(self._scope),
        )

    def _column(self, line: int, offset: int) -> int:
        """ast counts bytes of UTF-8."""
        text = self._lines[line - 1]
        return (offset if text.isascii() else len(text.encode()[:offset].decode(errors="replace"))) + 1


def _is_docstring(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _returns(function: ast.AST) -> Iterator[ast.Return]:
    for node in ast.iter_child_nodes(function):
        if isinstance(node, ast.Return):
            yield node
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            yield from _returns(node)


def _comments(path: str, text: str) -> Iterator[SourceComment]:
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, IndentationError):
        return
    for token in tokens:
        if token.type == tokenize.COMMENT:
            (line, start), (end_line, end) = token.start, token.end
            alone = not token.line[:start].strip()
            yield SourceComment(
                Place(path, line, start + 1, end_line, end + 1), token.string.lstrip("#").strip(), alone
            )
