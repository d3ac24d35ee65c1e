"""The hooks on what a training step calls, put on together and taken off together: modules, backward, zero_grad, batches, steps."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.optim.optimizer import register_optimizer_step_post_hook, register_optimizer_step_pre_hook
from torch.utils.data import dataloader as loading

from nnwhy.watch.frames import spot
from nnwhy.watch.modes import put_back, put_on, take_off, unseen
from nnwhy.watch.warned import OwnWarnings

if TYPE_CHECKING:
    from nnwhy.watch.watching import Watch

_LOADING: Any = loading


class Patches:
    """Replaced attributes, each with what was there."""

    def __init__(self) -> None:
        self._replaced: list[tuple[Any, str, Any]] = []
        self._handles: list[Any] = []
        self._added: list[tuple[Any, str]] = []

    def replace(self, owner: Any, name: str, make: Callable[[Any], Any]) -> None:
        """Put `make(original)` in the place of `owner.name`."""
        original = owner.__dict__[name] if isinstance(owner, type) else getattr(owner, name)
        new = make(original)
        self._replaced.append((owner, name, original))
        setattr(owner, name, new)

    def add(self, owner: Any, name: str, new: Any) -> None:
        """Give `owner` an attribute that it has not; nothing where it has."""
        if not hasattr(owner, name):
            setattr(owner, name, new)
            self._added.append((owner, name))

    def handle(self, handle: Any) -> None:
        """Remember something with a `remove` method."""
        self._handles.append(handle)

    def undo(self) -> None:
        """Everything as it was, the last first."""
        for owner, name, original in reversed(self._replaced):
            setattr(owner, name, original)
        for owner, name in self._added:
            delattr(owner, name)
        for handle in self._handles:
            handle.remove()
        self._added.clear()
        self._replaced.clear()
        self._handles.clear()


class Away:
    """`with away:` a call of torch's own that makes many others, none of which is seen."""

    __slots__ = ("_full", "_pausing", "_watch")

    def __init__(self, watch: Watch, full: FullHooks) -> None:
        self._watch = watch
        self._full = full
        self._pausing: list[bool] = []

    def __enter__(self) -> None:
        self._watch.quiet += 1
        self._pausing.append(self._full.pause())

    def __exit__(self, *_: object) -> None:
        self._watch.quiet -= 1
        if self._pausing.pop():
            self._full.resume()


class FullHooks:
    """What is on during the watched steps. `below` is None unless calls are not seen for a while: it says how many modes of the
    script lie above ours."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self.away = Away(watch, self)
        self._patches: Patches | None = None
        self.below: int | None = None

    @property
    def on(self) -> bool:
        """Whether they are on."""
        return self._patches is not None

    def put_on(self) -> None:
        """Start to see every call."""
        if self._patches is not None:
            return
        self._patches = patches = Patches()
        watch = self._watch
        patches.replace(nn.Module, "__call__", functools.partial(_module_call, watch))
        for owner in (torch.Tensor, torch.autograd):
            patches.replace(owner, "backward", functools.partial(_backward, watch, self))
        for name in ("__enter__", "__exit__"):
            patches.replace(torch.autograd.profiler.record_function, name, functools.partial(_not_seen, self))
        patches.replace(_LOADING._BaseDataLoaderIter, "__next__", functools.partial(_next_batch, watch, self))
        for owner in (torch.optim.Optimizer, nn.Module):
            patches.replace(owner, "zero_grad", functools.partial(_zero_grad, watch, self))
        patches.handle(OwnWarnings())
        put_on(watch.seeing)

    def pause(self) -> bool:
        """No call is seen until `resume`. Says whether it is to be called: not where they are off or paused already."""
        if self._patches is None or self.below is not None:
            return False
        self.below = take_off(self._watch.seeing)
        return self.below is not None

    def resume(self) -> None:
        """Calls are seen again."""
        if self._patches is not None and self.below is not None:
            put_back(self._watch.seeing, self.below)
        self.below = None

    def take_off(self) -> None:
        """See nothing any longer."""
        if self._patches is None:
            return
        self.below = None
        take_off(self._watch.seeing)
        self._patches.undo()
        self._patches = None


def step_hooks(before_step: Callable[[Any, bool], None], after_step: Callable[[Any], None]) -> Patches:
    """Calls `before_step` and `after_step` around each step of any optimizer."""
    patches = Patches()

    def before(optimizer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        closure = kwargs.get("closure", args[0] if args and args[0] is not optimizer else None)
        before_step(optimizer, closure is not None)

    def after(optimizer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        after_step(optimizer)

    patches.handle(register_optimizer_step_pre_hook(before))
    patches.handle(register_optimizer_step_post_hook(after))
    return patches


def _module_call(watch: Watch, original: Callable[..., Any]) -> Callable[..., Any]:
    thread, current, call_module = watch.thread, threading.get_ident, watch.call_module

    def __call__(self: nn.Module, *args: Any, **kwargs: Any) -> Any:
        if watch.quiet or current() != thread:
            return original(self, *args, **kwargs)
        return call_module(original, self, args, kwargs)

    return __call__


def _backward(watch: Watch, full: FullHooks, original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def backward(tensors: Any, *args: Any, **kwargs: Any) -> Any:
        if not watch.looking():
            return original(tensors, *args, **kwargs)
        watch.aside.call(watch.training.before_backward, tensors)
        try:
            with full.away:
                return original(tensors, *args, **kwargs)
        finally:
            watch.not_finite.last_pass = None
            watch.after_backward()

    return backward


def _not_seen(full: FullHooks, original: Callable[..., Any]) -> Callable[..., Any]:
    """The marks for torch's profiler, which every optimizer step makes, cost more when a mode is asked about them."""

    @functools.wraps(original)
    def not_seen(self: Any, *args: Any) -> Any:
        if full.below is not None:
            return original(self, *args)
        with unseen():
            return original(self, *args)

    return not_seen


def _zero_grad(watch: Watch, full: FullHooks, original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def zero_grad(self: Any, *args: Any, **kwargs: Any) -> Any:
        if not watch.looking():
            return original(self, *args, **kwargs)
        watch.act("zero_grad", spot(), type(self).__name__, number=id(self) % 10**9)
        with full.away:
            result = original(self, *args, **kwargs)
        if not args and not kwargs:
            watch.training.emptied(self)
        return result

    return zero_grad


def _next_batch(watch: Watch, full: FullHooks, original: Callable[..., Any]) -> Callable[..., Any]:
    def __next__(self: Any) -> Any:
        if not watch.looking():
            return original(self)
        with full.away:
            batch = original(self)
        watch.aside.call(watch.data.batch, self, batch)
        return batch

    return __next__
