"""The recorder: a function mode for what the user wrote, and a wrapped `nn.Module.__call__` for the tree of modules.

The hot path only appends to the tape. Names, lines and expressions are worked out afterwards, by `transcribe`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from nnwhy.trace.integers import traced_product, traced_size
from nnwhy.trace.tape import Event, as_now

StandIn = Callable[[Event], Any]

_SIZE = "size"
_COUNT = "count"
_CALL = "call"
_SHAPE_CHANGING = "shape-changing"
_PASS = "pass"

_TENSOR_PROPERTIES = {"T", "mT", "H", "mH", "real", "imag", "data", "grad"}
_NO_DATA = {
    "dim", "ndimension", "is_contiguous", "is_floating_point", "is_complex", "stride", "storage_offset",
    "element_size", "get_device", "data_ptr", "untyped_storage", "storage", "has_names", "__hash__",
    "__len__", "__repr__", "__format__", "__bool__", "__int__", "__float__", "__index__", "item", "tolist",
    "numpy", "requires_grad_", "register_hook", "_set_grad_enabled", "__contains__", "is_inference", "is_signed",
    "dim_order", "__dir__", "__array__", "is_same_size", "_has_compatible_shallow_copy_type",
    "backward", "is_pinned", "share_memory_", "is_shared", "retain_grad", "set_default_dtype",
}  # fmt: skip
_CHANGES_SHAPE = {
    "squeeze_", "unsqueeze_", "t_", "transpose_", "swapaxes_", "swapdims_", "resize_", "resize_as_", "set_",
    "permute_",
}  # fmt: skip


class TooSlow(BaseException):
    """The pass ran longer than it may; not an Exception, so that the user's own handlers let it through."""


class Recorder(TorchFunctionMode):
    """Records every torch function and module call made on this thread while it is active.

    `stand_in` is asked for a result when a call fails; the pass then goes on. `deadline` is in seconds of
    `time.perf_counter`. `move` converts a stray tensor where a call meets tensors of two kinds.
    """

    def __init__(
        self,
        *,
        stand_in: StandIn | None = None,
        deadline: float | None = None,
        move: Callable[[Any], Any] | None = None,
    ) -> None:
        super().__init__()
        self.events: list[Event] = []
        self.moves = 0
        self._parents = [-1]
        self._opaque = False
        self._stand_in = stand_in
        self._deadline = deadline
        self._move = move
        self._kinds: dict[Any, str] = {}
        self.thread = threading.get_ident()
        self._failed: set[int] = set()

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        if self._opaque:
            return func(*args, **kwargs)
        try:
            kind = self._kinds[func]
        except KeyError:
            kind = self._kinds[func] = _kind(func)
        except TypeError:
            kind = _kind(func)
        if kind is _CALL:
            event = Event(_CALL, func, args, kwargs, self._parents[-1])
        elif kind is _PASS:
            return func(*args, **kwargs)
        elif kind is _SIZE:
            return self._size(args[0], func(*args, **kwargs), args, kwargs)
        elif kind is _COUNT:
            shape = args[0].shape
            return traced_product(
                [traced_size(args[0], axis, size, len(self.events)) for axis, size in enumerate(shape)]
            )
        else:
            event = Event(_CALL, func, args, kwargs, self._parents[-1])
            event.shapes_before = [(args[0], tuple(args[0].shape))]
        try:
            result = func(*args, **kwargs)
        except Exception as error:
            result = self._recover(event, error)
        event.result = result
        self.events.append(event)
        if self._deadline is not None and time.perf_counter() > self._deadline:
            raise TooSlow
        return result

    def call_module(
        self, original: Callable[..., Any], module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Call `module` through `original`, recorded as the parent of what happens inside; a scripted one is opaque."""
        event = Event("module", module, args, kwargs, self._parents[-1])
        if self._opaque or not isinstance(module, torch.jit.ScriptModule):
            return self._nested(event, original, (module, *args), kwargs)
        self._opaque = True
        try:
            return self._nested(event, original, (module, *args), kwargs)
        finally:
            self._opaque = False

    def call_autograd(self, original: Callable[..., Any], cls: type, args: tuple[Any, ...]) -> Any:
        """Call a custom autograd function, recorded as one call whose formula is not known."""
        return self._nested(Event("autograd", cls, args, {}, self._parents[-1]), original, args, {})

    def _nested(
        self, event: Event, original: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        self._parents.append(len(self.events))
        self.events.append(event)
        try:
            result = original(*args, **kwargs)
        except Exception as error:
            event.error = error
            if id(error) not in self._failed:
                self._failed.add(id(error))
                if self._stand_in is not None:
                    made = self._stand_in(event)
                    if made is not NotImplemented:
                        event.stand_in = True
                        event.result = made
                        return made
            raise
        finally:
            self._parents.pop()
        event.result = as_now(result)
        return result

    def _size(self, tensor: Any, size: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        moment = len(self.events)
        if isinstance(size, torch.Size):
            return torch.Size([traced_size(tensor, axis, value, moment) for axis, value in enumerate(size)])
        axis = args[1] if len(args) > 1 else kwargs.get("dim", 0)
        return traced_size(tensor, axis % tensor.dim(), size, moment)

    def _recover(self, event: Event, error: Exception) -> Any:
        """A second try with stray tensors moved, else a stand-in, else the error goes on to the user's code."""
        if self._move is not None:
            moved_args, moved_kwargs = self._move((event.args, event.kwargs))
            if moved_args is not event.args or moved_kwargs is not event.kwargs:
                try:
                    result = event.function(*moved_args, **moved_kwargs)
                except Exception as second:
                    error = second
                else:
                    self.moves += 1
                    return result
        event.error = error
        self._failed.add(id(error))
        if self._stand_in is not None:
            made = self._stand_in(event)
            if made is not NotImplemented:
                event.stand_in = True
                return made
        self.events.append(event)
        raise error


def _kind(func: Any) -> str:
    name = getattr(func, "__name__", "")
    if name == "__get__":
        attribute = getattr(getattr(func, "__self__", None), "__name__", "")
        if attribute == "shape":
            return _SIZE
        return _CALL if attribute in _TENSOR_PROPERTIES else _PASS
    if name == "size":
        return _SIZE
    if name in ("numel", "nelement"):
        return _COUNT
    if name in _NO_DATA or name == "__set__":
        return _PASS
    return _SHAPE_CHANGING if name in _CHANGES_SHAPE else _CALL


@contextmanager
def recording(recorder: Recorder) -> Generator[Recorder, None, None]:
    """Within this context `recorder` sees every call on this thread."""
    original_call = nn.Module.__call__
    original_apply = torch.autograd.Function.__dict__["apply"]

    thread, current, call_module = recorder.thread, threading.get_ident, recorder.call_module

    def call(module: nn.Module, *args: Any, **kwargs: Any) -> Any:
        if current() != thread:
            return original_call(module, *args, **kwargs)
        return call_module(original_call, module, args, kwargs)

    def apply(cls: Any, *args: Any, **kwargs: Any) -> Any:
        bound = original_apply.__get__(None, cls)
        if kwargs or current() != thread:
            return bound(*args, **kwargs)
        return recorder.call_autograd(bound, cls, args)

    nn.Module.__call__ = call
    torch.autograd.Function.apply = classmethod(apply)  # type: ignore[assignment]
    try:
        with recorder:
            yield recorder
    finally:
        nn.Module.__call__ = original_call
        torch.autograd.Function.apply = original_apply
