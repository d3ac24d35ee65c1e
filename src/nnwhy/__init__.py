"""nnwhy: what does this layer do, and where does this number come from?

Importing the package loads neither torch nor any other heavy library; a verb loads what it needs when it is called.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_VERBS = {**dict.fromkeys(("contract", "explain", "why", "layer"), "nnwhy.api.live"), "show": "nnwhy.api.show",
          **dict.fromkeys(("explained", "install"), "nnwhy.api.install"),
          "load_ipython_extension": "nnwhy.faces.notebook", "unload_ipython_extension": "nnwhy.faces.notebook"}  # fmt: skip

if TYPE_CHECKING:
    from nnwhy.api.install import explained, install
    from nnwhy.api.live import contract, explain, layer, why
    from nnwhy.api.show import show

__all__ = ["contract", "explain", "explained", "install", "layer", "show", "why"]


class _Package(ModuleType):
    """The packages `nnwhy.why` and `nnwhy.show` have the names of verbs: importing them must not hide `nnwhy.why(...)`."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _VERBS and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __getattr__(name: str) -> Any:
    if name in _VERBS:
        from importlib import import_module

        return getattr(import_module(_VERBS[name]), name)
    raise AttributeError(f"module 'nnwhy' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *_VERBS]
