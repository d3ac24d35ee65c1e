"""Runs a script or a module as `python script.py` or `python -m module` would, in this process."""

from __future__ import annotations

import ast
import importlib.util
import io
import os
import runpy
import sys
import zipfile
from collections.abc import Callable, Mapping
from types import CodeType, ModuleType
from typing import Any

from nnwhy.errors import TargetError

_kept: list[ModuleType] = []


def run_script(
    path: str,
    arguments: list[str],
    texts: Mapping[str, str] | None = None,
    prepared: Callable[[str, str], ast.Module] | None = None,
) -> None:
    """Run the file at `path` as `__main__`, with the text that `texts` has for it, if any; `prepared` makes of that text what is
    compiled. What it raises comes out as it is; SystemExit too.

    A directory or archive runs its `__main__.py`. Raises TargetError where there is no such file.
    """
    if os.path.isdir(path) or zipfile.is_zipfile(path):
        _demand_main(path)
        sys.argv[:] = [path, *arguments]
        sys.path[0] = os.getcwd() if not sys.path else sys.path[0]
        runpy.run_path(path, run_name="__main__")
        return
    try:
        with io.open_code(os.path.abspath(path)) as file:
            text = (texts or {}).get(os.path.realpath(path))
            source = text or file.read()
    except OSError as error:
        raise TargetError(f"{path} cannot be run: {error.strerror}") from None
    _first_on_path(os.path.dirname(os.path.realpath(path)))
    sys.argv[:] = [path, *arguments]
    module = _fresh_main()
    absolute = os.path.abspath(path)
    module.__file__ = absolute
    module.__spec__ = None
    whole = source if prepared is None or text is None else prepared(absolute, text)
    _run(compile(whole, absolute, "exec", dont_inherit=True), module)


def _demand_main(path: str) -> None:
    """Raises TargetError where a directory or archive has nothing that Python would run."""
    names = ("__main__.py", "__main__.pyc")
    if os.path.isdir(path):
        if not any(os.path.isfile(os.path.join(path, name)) for name in names):
            raise TargetError(
                f"{path} cannot be run: the directory has no __main__.py; name a script ({_script_in(path)}), "
                "or a module of a package: nnwhy run -m package.train"
            )
        return
    with zipfile.ZipFile(path) as archive:
        if not set(names) & set(archive.namelist()):
            raise TargetError(
                f"{path} cannot be run: the archive has no __main__.py; add one, or name a script"
            )


def _script_in(path: str) -> str:
    """The script that is most likely meant: one that begins with "train" or "main", else the first by name."""
    scripts = sorted(name for name in os.listdir(path) if name.endswith(".py") and name != "__init__.py")
    scripts.sort(key=lambda name: not name.startswith(("train", "main")))
    return os.path.join(path, scripts[0] if scripts else "train.py")


def run_module(name: str, arguments: list[str]) -> None:
    """Run the module `name` as `python -m name` would. Raises TargetError where there is none."""
    _first_on_path(os.getcwd())
    specification = _specification(name)
    sys.argv[:] = [specification.origin or name, *arguments]
    code = specification.loader.get_code(specification.name) if specification.loader else None
    if code is None:
        raise TargetError(f"the module {name} has no code to run")
    module = _fresh_main()
    module.__file__ = specification.origin
    module.__spec__ = specification
    module.__package__ = specification.parent
    module.__loader__ = specification.loader
    vars(module)["__cached__"] = specification.cached
    _run(code, module)


def _run(code: CodeType, module: ModuleType) -> None:
    exec(code, vars(module))


def _fresh_main() -> ModuleType:
    """A new `__main__`, so that pickle, multiprocessing and `inspect` see the script; the old one is not torn down."""
    old = sys.modules.get("__main__")
    if old is not None:
        _kept.append(old)
    module = ModuleType("__main__")
    vars(module)["__builtins__"] = __builtins__
    sys.modules["__main__"] = module
    return module


def _first_on_path(folder: str) -> None:
    if sys.flags.safe_path:
        return
    if sys.path:
        sys.path[0] = folder
    else:
        sys.path.append(folder)


def _specification(name: str) -> Any:
    try:
        specification = importlib.util.find_spec(name)
        if specification is not None and specification.submodule_search_locations is not None:
            specification = importlib.util.find_spec(f"{name}.__main__")
    except (ImportError, ValueError) as error:
        raise TargetError(f"the module {name} cannot be run: {error}") from None
    if specification is None or specification.loader is None:
        raise TargetError(f"there is no module {name} to run in {os.getcwd()}")
    return specification
