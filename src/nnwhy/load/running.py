"""Running the user's file as `python net.py` or `python -m package.module` would, except that it is not "__main__"."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import linecache
import math
import os
import sys
import sysconfig
import time
import tokenize
import types
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from nnwhy.errors import NnwhyError, TargetError, UserCodeError, nearest
from nnwhy.notebooks import cells, show_in_tracebacks

TRAINING_SECONDS = 2.0
"""How long a file may train its networks: what they are made of is known by then."""

_OURS = os.path.dirname(os.path.dirname(__file__))
_LIBRARIES = tuple(
    dict.fromkeys(os.path.realpath(sysconfig.get_path(name)) for name in ("stdlib", "purelib", "platlib"))
)


@dataclass(frozen=True)
class Ran:
    """The module of a file that was run, as far as it came: `stopped` is what the file raised, `cut` that it was left training."""

    module: types.ModuleType
    stopped: UserCodeError | None = None
    cut: bool = False


def run_file(path: Path, *, shown: str = "", whole: bool = False) -> Ran:
    """Run a Python file or notebook once; `shown` is how the user wrote its path, `whole` lets it train to its end.

    Raises TargetError, and UserCodeError where nothing of it was run.
    """
    path = existing_file(path, shown=shown)
    sys.dont_write_bytecode = True  # the user's folders stay as they were
    if path.suffix == ".ipynb":
        return _run_notebook(path, whole)
    tree_of(path)
    root, name = _package(path)
    if root is not None:
        _search_first(root)
        if str(path.parent) not in sys.path:
            sys.path.append(str(path.parent))
        return _imported(name, path.name, whole)
    _search_first(path.parent)
    name = _free_name(path.stem)
    specification = importlib.util.spec_from_file_location(name, path)
    if specification is None or specification.loader is None:
        raise TargetError(f"{path.name} is no Python file")
    module = importlib.util.module_from_spec(specification)
    sys.modules[name] = module
    loader = specification.loader
    return _ran(module, path.name, lambda: loader.exec_module(module), whole)


def import_named(name: str, directory: Path, *, whole: bool = False) -> Ran:
    """The module `name` as `python -m name` in `directory` would find it. Raises TargetError, UserCodeError."""
    sys.dont_write_bytecode = True
    _search_first(directory)
    try:
        found = importlib.util.find_spec(name)
    except ModuleNotFoundError:
        found = None
    except (ImportError, AttributeError, ValueError) as error:
        raise TargetError(f"the module {name} cannot be looked up: {error}") from None
    if found is None:
        known = [path.stem for path in directory.glob("*.py")] + [
            p.parent.name for p in directory.glob("*/__init__.py")
        ]
        hint = nearest(name, known) or f"is there a {name.replace('.', '/')}.py below {directory}?"
        raise TargetError(f"there is no module {name}; {hint}")
    return _imported(name, name, whole)


def _ran(module: types.ModuleType, subject: str, run: Callable[[], object], whole: bool) -> Ran:
    try:
        with told(subject), training_at_most(math.inf if whole else TRAINING_SECONDS):
            run()
    except Training:
        return Ran(module, cut=True)
    except UserCodeError as error:
        return Ran(module, stopped=error)
    return Ran(module)


def _imported(name: str, subject: str, whole: bool) -> Ran:
    """Python forgets a module that raises while it is imported; what it had defined is still in its frame."""
    try:
        with told(subject), training_at_most(math.inf if whole else TRAINING_SECONDS):
            return Ran(importlib.import_module(name))
    except Training as error:
        names = _names_so_far(error, name)
        if names is None:
            raise UserCodeError(f"{subject} trains a network when it is imported") from error
        return Ran(_kept(name, names), cut=True)
    except UserCodeError as error:
        names = _names_so_far(error.__cause__, name)
        if names is None:
            raise
        return Ran(_kept(name, names), stopped=error)


def _names_so_far(error: BaseException | None, name: str) -> dict[str, Any] | None:
    traceback = error.__traceback__ if error is not None else None
    while traceback is not None:
        frame = traceback.tb_frame
        if frame.f_code.co_name == "<module>" and frame.f_globals.get("__name__") == name:
            return frame.f_globals
        traceback = traceback.tb_next
    return None


def _kept(name: str, names: dict[str, Any]) -> types.ModuleType:
    module = types.ModuleType(name)
    vars(module).update(names)
    sys.modules[name] = module
    return module


def existing_file(path: Path, *, shown: str = "") -> Path:
    """The absolute path of a file. Raises TargetError with the nearest names where it is not there."""
    if path.is_file():
        return path.resolve()
    shown = shown or str(path)
    if path.is_dir():
        raise TargetError(f"{shown} is a directory; name a file in it")
    folder = path.parent
    if not folder.is_dir():
        raise TargetError(f"there is no file {shown}: the directory {folder} does not exist")
    known = sorted(p.name for p in folder.iterdir() if p.suffix in (".py", ".ipynb"))
    hint = nearest(path.name, known) or (
        f"there are {_listed(known)}" if known else "there is no Python file at all in its directory"
    )
    raise TargetError(f"there is no file {shown}; {hint}")


def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a Python file or of all cells of a notebook. Raises UserCodeError, TargetError."""
    if path.suffix == ".ipynb":
        parts = [_parsed(cell.text, cell.name, os.path.basename(cell.name)) for cell in cells(path)]
        return ast.Module([node for part in parts for node in part.body], [])
    return _parsed(text_of(path), str(path), path.name)


def text_of(path: Path) -> str:
    """The text of a Python file in its own encoding, or of a notebook's cells; where Python's line cache holds a text that
    stands for the file (it has no date then), that one. Raises TargetError."""
    if path.suffix == ".ipynb":
        return "\n".join(cell.text for cell in cells(path))
    held = linecache.cache.get(str(path))
    if held is not None and len(held) == 4 and held[1] is None:
        return "".join(held[2])
    try:
        with tokenize.open(path) as file:
            return file.read()
    except OSError as error:
        raise TargetError(f"{path.name} cannot be read: {error.strerror}") from None
    except (SyntaxError, UnicodeDecodeError):
        raise TargetError(
            f"{path.name} is no Python file: its bytes are no text in the encoding it declares"
        ) from None


def _parsed(text: str, path: str, shown: str) -> ast.Module:
    try:
        return ast.parse(text, path)
    except SyntaxError as error:
        raise UserCodeError(f"{shown}:{error.lineno or 1} is not valid Python: {error.msg}") from None
    except ValueError as error:
        raise TargetError(f"{shown} is no Python file: {error}") from None


def _run_notebook(path: Path, whole: bool) -> Ran:
    """Each cell is compiled under its own name; there is no `__file__`, as in Jupyter. No cell is run after one that raised."""
    module = types.ModuleType(_free_name("".join(c if c.isalnum() else "_" for c in path.stem)))
    sys.modules[module.__name__] = module
    _search_first(path.parent)
    for cell in cells(path):
        tree = _parsed(cell.text, cell.name, os.path.basename(cell.name))
        show_in_tracebacks(cell)
        code = compile(tree, cell.name, "exec")
        ran = _ran(module, os.path.basename(cell.name), partial(exec, code, vars(module)), whole)
        if ran.stopped or ran.cut:
            return ran
    return Ran(module)


def _package(path: Path) -> tuple[Path | None, str]:
    """The folder above the outermost package and the dotted name, for a file in a package; (None, "") for others."""
    root = path.parent
    names = [] if path.name == "__init__.py" else [path.stem]
    while (root / "__init__.py").is_file() and root.name.isidentifier():
        names.insert(0, root.name)
        root = root.parent
    inside = root != path.parent and all(name.isidentifier() for name in names)
    return (root, ".".join(names)) if inside else (None, "")


def _free_name(stem: str) -> str:
    """The module's name; a file called like a module that is already there or of the standard library gets another."""
    taken = stem in sys.modules or stem in sys.stdlib_module_names or not stem.isidentifier()
    return f"_{''.join(c if c.isalnum() else '_' for c in stem)}_of_user" if taken else stem


def _search_first(folder: Path) -> None:
    text = str(folder.resolve())
    if text in sys.path:
        sys.path.remove(text)
    sys.path.insert(0, text)


def _listed(names: list[str]) -> str:
    return ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")


class Training(BaseException):
    """Raised where a file has trained for long enough."""


@contextmanager
def training_at_most(seconds: float) -> Generator[None]:
    """Within this context a backward pass that begins `seconds` after the first one raises Training."""
    import torch

    plain = torch.autograd.backward
    first: list[float] = []

    def backward(*args: Any, **kwargs: Any) -> None:
        if not first:
            first.append(time.monotonic())
        if time.monotonic() - first[0] > seconds:
            raise Training
        plain(*args, **kwargs)

    torch.autograd.backward = backward  # Tensor.backward calls it too
    try:
        yield
    finally:
        torch.autograd.backward = plain


@contextmanager
def told(subject: str) -> Generator[None]:
    """Whatever the user's code raises inside is told as a UserCodeError in one line: its type, place and text."""
    try:
        yield
    except (NnwhyError, MemoryError, RecursionError, KeyboardInterrupt):
        raise  # ours, or told by the worker that ran this
    except SystemExit as error:
        where = raised_at(error)
        raise UserCodeError(
            f"{subject} ends Python{where} with exit code {error.code}; put what ends the program under "
            'if __name__ == "__main__":'
        ) from error
    except ModuleNotFoundError as error:
        missing = f"the package {error.name}" if error.name else "a package"
        raise UserCodeError(
            f"{subject} needs {missing}{raised_at(error)}, which is not installed here"
        ) from error
    except Exception as error:
        lines = str(error).strip().splitlines()
        text = f": {lines[0]}" if lines else ""
        raise UserCodeError(f"{subject} raised {type(error).__name__}{raised_at(error)}{text}") from error


def after_stop(error: UserCodeError) -> str:
    """What of a file was not run because it raised, as one phrase."""
    cause = error.__cause__ or error
    place = raised_at(cause).removeprefix(" at ") or "its start"
    return f"what comes after {place}, which raised {type(cause).__name__}"


def raised_at(error: BaseException) -> str:
    """The innermost place in the user's own files that the exception went through, as " at net.py:12", "" where none is."""
    place = ""
    traceback = error.__traceback__
    while traceback is not None:
        path = traceback.tb_frame.f_code.co_filename
        if not path.startswith(("<", _OURS)) and not os.path.realpath(path).startswith(_LIBRARIES):
            place = f" at {os.path.basename(path)}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return place
