"""nnwhy: what does this layer do, and where does this number come from?

Importing the package loads neither torch nor any other heavy library; a verb loads what it needs when it is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_VERBS = {"explain": "nnwhy.api.live", "why": "nnwhy.api.live"}

if TYPE_CHECKING:
    from nnwhy.api.live import explain, why

__all__ = ["explain", "why"]


def __getattr__(name: str) -> Any:
    if name in _VERBS:
        from importlib import import_module

        return getattr(import_module(_VERBS[name]), name)
    raise AttributeError(f"module 'nnwhy' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *_VERBS]
