"""Notices when the script imports torch: until then nothing of ours costs it anything."""

from __future__ import annotations

import importlib.machinery
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any


class _Arrival:
    """A finder that lets the others find torch, and calls back once it has been imported."""

    def __init__(self, then: Callable[[], None]) -> None:
        self._then = then

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The specification of torch with a loader that calls back; None for every other module."""
        if name != "torch":
            return None
        for finder in sys.meta_path:
            if finder is self or not hasattr(finder, "find_spec"):
                continue
            specification = finder.find_spec(name, path, target)
            if specification is not None:
                self._wrap(specification)
                return specification
        return None

    def _wrap(self, specification: importlib.machinery.ModuleSpec) -> None:
        loader: Any = specification.loader
        if loader is None or not hasattr(loader, "exec_module"):
            return
        execute = loader.exec_module

        def exec_module(module: ModuleType) -> None:
            sys.meta_path[:] = [finder for finder in sys.meta_path if finder is not self]
            del loader.exec_module
            execute(module)
            self._then()

        loader.exec_module = exec_module


def when_torch_is_imported(then: Callable[[], None]) -> None:
    """Call `then` once torch is imported; at once where it is."""
    if "torch" in sys.modules:
        then()
    else:
        sys.meta_path.insert(0, _Arrival(then))  # type: ignore[arg-type]
