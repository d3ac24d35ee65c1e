"""A network in evaluation mode for a while, without a call of its own `eval`, which its class may have made its own."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from torch import nn


@contextmanager
def evaluating(module: nn.Module) -> Generator[None, None, None]:
    """Within this context the parts of `module` are in evaluation mode; afterwards each is in the mode that it was in."""
    modes = [(part, part.training) for part in module.modules()]
    for part, _ in modes:
        part.training = False
    try:
        yield
    finally:
        for part, mode in modes:
            part.training = mode
