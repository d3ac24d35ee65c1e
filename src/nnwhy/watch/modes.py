"""The one door to torch's private stack of function modes: a mode of ours is put on and taken off wherever it lies."""

from __future__ import annotations

from typing import Any

from torch import overrides
from torch.overrides import TorchFunctionMode

_overrides: Any = overrides


def put_on(mode: TorchFunctionMode) -> None:
    """Make `mode` the innermost one of this thread."""
    _overrides._push_mode(mode)


def take_off(mode: TorchFunctionMode) -> None:
    """Remove `mode`, also from below modes that the script has put on since."""
    above: list[TorchFunctionMode] = []
    while _overrides._len_torch_function_stack():
        top = _overrides._pop_mode()
        if top is mode:
            break
        above.append(top)
    for other in reversed(above):
        _overrides._push_mode(other)
