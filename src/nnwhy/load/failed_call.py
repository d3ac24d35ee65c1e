"""The call of a network that a file did not survive, as a hint: these are the sizes that its author really used."""

from __future__ import annotations

import linecache
import os
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import torch
from torch import nn

from nnwhy.facts.contract import InputSpec
from nnwhy.load.hints import InputHint

_CALLS = ("_wrapped_call_impl", "_call_impl")
_MODULE_FILE = os.path.join("torch", "nn", "modules", "module.py")
_NETWORKS = os.path.dirname(os.path.realpath(nn.__file__)) + os.sep


@dataclass(frozen=True)
class FailedCall:
    """The outermost call of a module that was going on when something was raised."""

    module: nn.Module
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    line: int
    source: str


def failed_call(error: BaseException) -> FailedCall | None:
    """The call behind an exception; None where no module was being called."""
    traceback, outer = error.__traceback__, None
    while traceback is not None:
        frame = traceback.tb_frame
        if frame.f_code.co_name in _CALLS and frame.f_code.co_filename.endswith(_MODULE_FILE):
            module = frame.f_locals.get("self")
            if isinstance(module, nn.Module) and not isinstance(module, nn.modules.loss._Loss):
                line, source = _line(outer)
                return FailedCall(
                    module, frame.f_locals.get("args", ()), frame.f_locals.get("kwargs", {}), line, source
                )
        outer = traceback
        traceback = traceback.tb_next
    return None


def raised_in_network(error: BaseException) -> bool:
    """Whether an exception came out of a network, a loss or a function on their tensors, and not of a file or of data."""
    traceback = error.__traceback__
    while traceback is not None:
        if os.path.realpath(traceback.tb_frame.f_code.co_filename).startswith(_NETWORKS):
            return True
        traceback = traceback.tb_next
    return False


def hint_of(call: FailedCall) -> InputHint | None:
    """The call's tensors as a hint; None where it was given other things as well, or other things alone."""
    given = [("", value) for value in call.args] + list(call.kwargs.items())
    if not given or not all(isinstance(value, torch.Tensor) for _, value in given):
        return None
    specs = tuple(
        InputSpec(tuple(value.shape), str(value.dtype).removeprefix("torch."), name) for name, value in given
    )
    return InputHint(specs, call.source, call.line, True)


def _line(traceback: TracebackType | None) -> tuple[int, str]:
    if traceback is None:
        return 0, "a call that failed"
    path, number = traceback.tb_frame.f_code.co_filename, traceback.tb_lineno
    return number, linecache.getline(path, number).strip() or "a call that failed"
