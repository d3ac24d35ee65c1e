"""The user's module, random state and modes, as they were."""

from __future__ import annotations

import random
import sys
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from typing import Any

import torch
from torch import nn


@contextmanager
def untouched(module: nn.Module) -> Generator[None, None, None]:
    """Whatever runs inside, `module`'s attributes, modes and hooks and every random state are restored afterwards.

    Parameters and buffers themselves are not copied: a pass gets copies of the buffers (see `passes`).
    """
    before = [(part, _attributes(part)) for part in module.modules()]
    threads = (torch.is_grad_enabled(), torch.get_default_dtype())
    with ExitStack() as stack:
        stack.enter_context(_random_states())
        try:
            yield
        finally:
            torch.set_grad_enabled(threads[0])
            torch.set_default_dtype(threads[1])
            for part, attributes in before:
                _restore(part, attributes)


def _attributes(part: nn.Module) -> dict[str, Any]:
    """A copy of the module's attributes; its registries, one level deep."""
    return {name: dict(value) if type(value) is dict else value for name, value in vars(part).items()}


def _restore(part: nn.Module, attributes: dict[str, Any]) -> None:
    now = part.__dict__
    for name in [name for name in now if name not in attributes]:
        del now[name]
    for name, value in attributes.items():
        current = now.get(name)
        if type(value) is dict and isinstance(current, dict):
            if not _same(current, value):
                current.clear()
                current.update(value)
        elif current is not value:
            now[name] = value


def _same(left: dict[str, Any], right: dict[str, Any]) -> bool:
    return left.keys() == right.keys() and all(left[key] is right[key] for key in left)


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
