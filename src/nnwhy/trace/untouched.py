"""The user's module, random state and modes, as they were."""

from __future__ import annotations

import random
import sys
from collections.abc import Generator
from contextlib import ExitStack, contextmanager

import torch
from torch import nn


@contextmanager
def untouched(module: nn.Module) -> Generator[None, None, None]:
    """Whatever runs inside, `module`'s attributes, modes and hooks and every random state are restored afterwards.

    Parameters and buffers themselves are not copied: a pass gets copies of the buffers (see `passes`).
    """
    before = [_Attributes(part) for part in module.modules()]
    modes = (torch.is_grad_enabled(), torch.get_default_dtype())
    with ExitStack() as stack:
        stack.enter_context(_random_states())
        try:
            yield
        finally:
            torch.set_grad_enabled(modes[0])
            torch.set_default_dtype(modes[1])
            for attributes in before:
                attributes.restore()


class _Attributes:
    """A module's attributes, and what is in those that are dicts or lists: its registries and its own caches."""

    __slots__ = ("_dicts", "_lists", "_now", "_values")

    def __init__(self, part: nn.Module) -> None:
        self._now = part.__dict__
        self._values = self._now.copy()
        self._dicts = [(value, value.copy()) for value in self._values.values() if type(value) is dict]
        self._lists = [(value, value.copy()) for value in self._values.values() if type(value) is list]

    def restore(self) -> None:
        now, values = self._now, self._values
        for name, value in values.items():
            if now.get(name) is not value:
                now[name] = value
        if len(now) != len(values):
            for name in [name for name in now if name not in values]:
                del now[name]
        for live, kept in self._dicts:
            if live.keys() != kept.keys() or any(live[name] is not value for name, value in kept.items()):
                live.clear()
                live.update(kept)
        for live, kept in self._lists:
            if len(live) != len(kept) or any(new is not old for new, old in zip(live, kept, strict=True)):
                live[:] = kept


@contextmanager
def _random_states() -> Generator[None, None, None]:
    numpy = sys.modules.get("numpy")
    python_state = random.getstate()
    numpy_state = numpy.random.get_state() if numpy else None
    cuda = torch.cuda.is_available() and torch.cuda.is_initialized()
    devices = list(range(torch.cuda.device_count())) if cuda else []
    with torch.random.fork_rng(devices=devices):
        try:
            yield
        finally:
            random.setstate(python_state)
            if numpy:
                numpy.random.set_state(numpy_state)
