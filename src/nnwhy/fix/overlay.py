"""Edited files, seen by Python's importer and by whoever asks for a line of source, while the files on disk stay as they are.

A copy in another directory would break relative imports, packages, and files that a program opens beside itself; here
the program keeps its place and only its text is another one.
"""

from __future__ import annotations

import linecache
import os
import sys
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from importlib.machinery import SourceFileLoader
from types import CodeType, ModuleType
from typing import Any

from nnwhy.notebooks import notebook_of, replaced


@contextmanager
def overlaid(
    texts: Mapping[str, str], forget: Iterable[str], prepared: Callable[[str, str], Any] | None = None
) -> Generator[None]:
    """Within this context the files and notebook cells of `texts` (absolute paths) have these texts; `prepared` makes of a path and its text what
    is compiled, the text itself by default.

    The modules loaded from the paths in `forget` are loaded afresh inside, and are what they were afterwards.
    """
    texts = {os.path.realpath(path): text for path, text in texts.items()}
    plain = SourceFileLoader.get_code
    hidden = _hidden({os.path.realpath(path) for path in forget})
    lines: dict[str, Any] = {path: linecache.cache.get(path) for path in texts}

    def get_code(self: SourceFileLoader, fullname: str) -> CodeType | None:
        path = self.get_filename(fullname)
        text = texts.get(os.path.realpath(path))
        if text is None:
            return plain(self, fullname)
        return self.source_to_code(text.encode() if prepared is None else prepared(path, text), path)

    known = dict(sys.modules)
    for name in hidden:
        del sys.modules[name]
    SourceFileLoader.get_code = get_code  # type: ignore[method-assign]
    try:
        for path, text in texts.items():
            linecache.cache[path] = (len(text), None, text.splitlines(keepends=True), path)
        with replaced({path: text for path, text in texts.items() if notebook_of(path) is not None}):
            yield
    finally:
        SourceFileLoader.get_code = plain  # type: ignore[method-assign]
        for path, entry in lines.items():
            linecache.cache.pop(path, None)
            if entry is not None:
                linecache.cache[path] = entry
        for name in [name for name in sys.modules if name not in known and _below(sys.modules[name], texts)]:
            del sys.modules[name]
        sys.modules.update(hidden)


def _hidden(paths: set[str]) -> dict[str, ModuleType]:
    names = tuple(os.path.basename(path) for path in paths)
    found: dict[str, ModuleType] = {}
    loaded: dict[str, object] = dict(sys.modules)  # some put other things there
    for name, module in loaded.items():
        file = (
            vars(module).get("__file__") if isinstance(module, ModuleType) else None
        )  # not lazy modules' getattr
        if isinstance(file, str) and file.endswith(names) and os.path.realpath(file) in paths:
            found[name] = sys.modules[name]
    return found


def _below(module: ModuleType, texts: Mapping[str, str]) -> bool:
    return os.path.realpath(getattr(module, "__file__", None) or "") in texts
