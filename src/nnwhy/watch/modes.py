"""The one door to torch's private stack of function modes: a mode of ours is put on and taken off wherever it lies."""

from __future__ import annotations

from typing import Any

import torch
from torch import overrides
from torch.overrides import TorchFunctionMode

_overrides: Any = overrides
_C: Any = torch._C

unseen = _C.DisableTorchFunction
"""`with unseen():` no mode is asked about our own looks at tensors, which costs more than most of the looks themselves."""

seen_again = _C._EnableTorchFunction
"""`with seen_again():` modes work again, also inside of `unseen`."""


def put_on(mode: TorchFunctionMode) -> None:
    """Make `mode` the innermost one of this thread."""
    _overrides._push_mode(mode)


def take_off(mode: TorchFunctionMode) -> int | None:
    """Remove `mode`, also from below modes that the script has put on since; says how many those are, None if it is not on."""
    if not _overrides._len_torch_function_stack():
        return None
    top = _overrides._pop_mode()
    if top is mode:
        return 0
    above: list[TorchFunctionMode] = [top]
    found = False
    while not found and _overrides._len_torch_function_stack():
        top = _overrides._pop_mode()
        found = top is mode
        if not found:
            above.append(top)
    _push(above)
    return len(above) if found else None


def put_back(mode: TorchFunctionMode, below: int) -> None:
    """Put `mode` where it was, below so many modes of the script: each of those takes off the innermost mode as it ends."""
    if not below:
        _overrides._push_mode(mode)
        return
    above = [_overrides._pop_mode() for _ in range(min(below, _overrides._len_torch_function_stack()))]
    _push([*above, mode])


def _push(inwards: list[TorchFunctionMode]) -> None:
    for mode in reversed(inwards):
        _overrides._push_mode(mode)
