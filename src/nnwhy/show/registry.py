"""Which pictures a kind of layer gets. Each file of the folder `kinds` registers its own."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache

from torch import nn

from nnwhy.show.seen import Seen, Told

Teller = Callable[[Seen], Told]

_tellers: dict[str, Teller] = {}


def kind(*names: str) -> Callable[[Teller], Teller]:
    """Register a function for the layer classes of these names, and for those that inherit from them.

    Names and not classes, so that layers of other libraries (timm's DropPath) need no import.
    A teller raises NotShown where the call is none that it can tell about.
    """

    def register(function: Teller) -> Teller:
        for name in names:
            if name in _tellers:
                raise ValueError(f"two kinds for {name}")
            _tellers[name] = function
        return function

    return register


class NotShown(Exception):
    """A kind cannot picture this call; the pictures of any layer are shown instead."""


def teller_of(layer: nn.Module) -> Teller | None:
    """The function for the nearest registered class in the inheritance of `layer`."""
    known = tellers()
    return next((known[cls.__name__] for cls in type(layer).__mro__ if cls.__name__ in known), None)


@cache
def tellers() -> dict[str, Teller]:
    """All of them, by class name."""
    from nnwhy.show import kinds

    for module in pkgutil.iter_modules(kinds.__path__):
        importlib.import_module(f"{kinds.__name__}.{module.name}")
    return _tellers
