"""The same random numbers in every job, so that an answer is the same when it is asked for again."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

SEED = 0


def _seed_numpy(module: Any) -> None:
    module.seed(SEED)


def _seed_torch(module: Any) -> None:
    module.default_generator.manual_seed(
        SEED
    )  # not torch.manual_seed, which also turns to every kind of device


SEEDED: dict[str, Callable[[Any], None]] = {"numpy.random": _seed_numpy, "torch": _seed_torch}


def seed_everything() -> None:
    """Seed the global generators: Python's now, those of numpy and torch now or as soon as they are loaded."""
    random.seed(SEED)
    for name, seed in SEEDED.items():
        if name in sys.modules:
            seed(sys.modules[name])
        else:
            sys.meta_path.insert(0, _SeedingFinder(name, seed))


class _SeedingFinder:
    """Finds one module as the other finders do, and has it seeded when it has been loaded."""

    def __init__(self, name: str, seed: Callable[[Any], None]) -> None:
        self.name = name
        self.seed = seed

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self.name:
            return None
        sys.meta_path.remove(self)
        found = (finder.find_spec(fullname, path, target) for finder in sys.meta_path)
        spec = next((spec for spec in found if spec is not None), None)
        if spec is not None and spec.loader is not None:
            self._wrap(spec.loader)
        return spec

    def _wrap(self, loader: Any) -> None:
        execute = loader.exec_module

        def execute_and_seed(module: ModuleType) -> None:
            execute(module)
            self.seed(module)

        loader.exec_module = execute_and_seed
