"""What a file's syntax tree says about its networks: which classes use which, and how the file constructs them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

Assignments = tuple[tuple[str, ast.expr], ...]


@dataclass(frozen=True)
class FileNames:
    """`classes` by name; `used_inside` are the classes that another class's body constructs; `makers` are functions
    that return what a class or another maker gives; `constructions` are the calls outside the class itself, by name,
    each with the statements that were read before it in its own scopes."""

    classes: dict[str, ast.ClassDef]
    used_inside: set[str]
    makers: dict[str, ast.FunctionDef]
    constructions: dict[str, list[Construction]] = field(default_factory=dict[str, list["Construction"]])


@dataclass(frozen=True)
class Construction:
    """A call of a class or maker, the simple assignments (name, value) that come before it, outermost first, and the
    defaults of the command-line options that the file declares."""

    call: ast.Call
    before: Assignments
    options: Assignments = ()


def names_in(tree: ast.Module) -> FileNames:
    """The classes of a file and how they hang together, from the syntax tree alone."""
    classes = {node.name: node for node in _statements(tree.body) if isinstance(node, ast.ClassDef)}
    functions = {node.name: node for node in _statements(tree.body) if isinstance(node, ast.FunctionDef)}
    used = {
        other
        for name, node in classes.items()
        for other in _called_names(node, within=set(classes))
        if other != name
    }
    used |= {base.id for node in classes.values() for base in node.bases if isinstance(base, ast.Name)}
    makers: dict[str, ast.FunctionDef] = {}
    for _ in range(4):  # makers of makers
        for name, node in functions.items():
            if _returns_one_of(node, set(classes) | set(makers)):
                makers[name] = node
    found = FileNames(classes, used & set(classes), makers)
    known = set(classes) | set(makers)
    options = tuple(_options(tree))
    for call, before in _constructions(tree.body, known, (), inside=""):
        construction = Construction(call, before, options)
        found.constructions.setdefault(_last_name(construction.call.func), []).append(construction)
    return found


def module_classes(tree: ast.Module) -> list[str]:
    """The classes that look like networks, from their bases alone: by name, also through classes of the same file."""
    names = {"Module", "LightningModule", "PreTrainedModel"}
    found: list[str] = []
    torch_names = _names_of_modules(tree)
    for node in _statements(tree.body):
        if not isinstance(node, ast.ClassDef):
            continue
        bases = {_last_name(base) for base in node.bases}
        if bases & (names | set(found) | torch_names):
            found.append(node.name)
    return found


def made_in_function(tree: ast.Module, networks: set[str]) -> tuple[str, int] | None:
    """The first function of a file that makes one of these classes, by its last name, and the line where; None without one."""
    for node in _statements(tree.body):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for part in ast.walk(node):
                if isinstance(part, ast.Call) and _last_name(part.func) in networks:
                    return node.name, part.lineno
    return None


def _names_of_modules(tree: ast.Module) -> set[str]:
    """The names under which classes of torch.nn were imported, and those written as nn.Sequential."""
    found = {"Sequential", "ModuleList", "ModuleDict"}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("torch.nn"):
            found |= {name.asname or name.name for name in node.names if name.name[:1].isupper()}
    return found


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a module, those under `if`, `try` and `with` included."""
    for node in body:
        yield node
        if isinstance(node, ast.If | ast.Try | ast.With):
            for part in ("body", "orelse", "finalbody"):
                yield from _statements(getattr(node, part, []))
            for handler in getattr(node, "handlers", []):
                yield from _statements(handler.body)


def _called_names(node: ast.AST, *, within: set[str]) -> set[str]:
    """The names of `within` that appear in the body other than in annotations: called, or handed on as a block."""
    parts = list(ast.walk(node))
    found = {
        part.id
        for part in parts
        if isinstance(part, ast.Name) and part.id in within and isinstance(part.ctx, ast.Load)
    }
    aside: list[ast.AST] = []  # what is only named there, unless it is called somewhere
    for part in parts:
        if isinstance(part, ast.arg) and part.annotation is not None:
            aside.append(part.annotation)
        elif (
            isinstance(part, ast.Call)
            and isinstance(part.func, ast.Name)
            and part.func.id in ("super", "isinstance")
        ):
            aside.append(part)
    if not found or not aside:
        return found
    called = {
        part.func.id for part in parts if isinstance(part, ast.Call) and isinstance(part.func, ast.Name)
    }
    named = {n.id for part in aside for n in ast.walk(part) if isinstance(n, ast.Name)}
    return found - (named - called)


def _returns_one_of(node: ast.FunctionDef, names: set[str]) -> bool:
    """Whether the function returns a construction, or a variable that was assigned one."""
    made = {
        target.id
        for part in ast.walk(node)
        if isinstance(part, ast.Assign) and _constructs(part.value, names)
        for target in part.targets
        if isinstance(target, ast.Name)
    }
    for part in ast.walk(node):
        if isinstance(part, ast.Return) and part.value is not None:
            if _constructs(part.value, names):
                return True
            if isinstance(part.value, ast.Name) and part.value.id in made:
                return True
    return False


def _constructs(node: ast.expr, names: set[str]) -> bool:
    return isinstance(node, ast.Call) and (
        _last_name(node.func) in names
        or ast.unparse(node.func) in ("nn.Sequential", "Sequential", "torch.nn.Sequential")
    )


def _options(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """The options of `add_argument` calls that have a default."""
    for node in ast.walk(tree):
        if not (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "add_argument"
        ):
            continue
        words = [
            part.value for part in node.args if isinstance(part, ast.Constant) and isinstance(part.value, str)
        ]
        long = [word for word in words if word.startswith("--")] or words
        given = {keyword.arg: keyword.value for keyword in node.keywords}
        if long and "default" in given:
            target = given.get("dest")
            name = target.value if isinstance(target, ast.Constant) else long[0].lstrip("-").replace("-", "_")
            yield str(name), given["default"]


def scopes(tree: ast.Module) -> Iterator[tuple[ast.Call, Assignments]]:
    """Every call outside classes' bodies, with the simple assignments before it in its own scopes."""
    yield from _constructions(tree.body, None, (), inside="")


def _constructions(
    body: list[ast.stmt], names: set[str] | None, before: Assignments, inside: str
) -> Iterator[tuple[ast.Call, Assignments]]:
    """The calls of `names` (None: of anything) in these statements, with what was assigned before each; a class that is
    meant is not looked into."""
    for node in body:
        nested = [
            getattr(node, part)
            for part in ("body", "orelse", "finalbody")
            if isinstance(getattr(node, part, None), list)
        ]
        nested += [handler.body for handler in getattr(node, "handlers", [])]
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _constructions(node.body, names, (*before, *_defaults(node)), node.name)
        elif isinstance(node, ast.ClassDef):
            if names is not None and node.name not in names:
                yield from _constructions(node.body, names, before, node.name)
        elif nested:
            for part in nested:
                yield from _constructions(part, names, before, inside)
                before = (*before, *_assignments(part))
        else:
            for part in ast.walk(node):
                if isinstance(part, ast.Call) and (
                    names is None or _last_name(part.func) in names - {inside}
                ):
                    yield part, before
            before = (*before, *_assignments([node]))


def _assignments(body: list[ast.stmt]) -> list[tuple[str, ast.expr]]:
    found: list[tuple[str, ast.expr]] = []
    for node in body:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found.append((target.id, node.value))
                elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    found += [
                        (name.id, value)
                        for name, value in zip(target.elts, node.value.elts, strict=False)
                        if isinstance(name, ast.Name)
                    ]
        elif isinstance(node, ast.AnnAssign) and node.value is not None and isinstance(node.target, ast.Name):
            found.append((node.target.id, node.value))
    return found


def _defaults(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[tuple[str, ast.expr]]:
    """A function's arguments with their defaults."""
    arguments = [*node.args.posonlyargs, *node.args.args]
    late = zip(arguments[len(arguments) - len(node.args.defaults) :], node.args.defaults, strict=True)
    by_name = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
    return [(argument.arg, value) for argument, value in (*late, *by_name) if value is not None]


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Subscript):
        return _last_name(node.value)
    return node.id if isinstance(node, ast.Name) else ""
