"""The hooks on torch, put on together and taken off together: calls of modules, backward, optimizers, schedulers, data."""

from __future__ import annotations

import functools
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.optim.optimizer import register_optimizer_step_post_hook, register_optimizer_step_pre_hook
from torch.utils.data import DataLoader, Subset
from torch.utils.data import dataloader as loading

from nnwhy.watch.frames import foreign, spot
from nnwhy.watch.modes import put_back, put_on, take_off, unseen
from nnwhy.watch.warned import OwnWarnings

if TYPE_CHECKING:
    from nnwhy.watch.watching import Watch

_LOADING: Any = loading
_LIKE_SETTINGS = ("lr", "learning_rate", "weight_decay", "momentum")
"""What an optimizer keeps in its groups; as an attribute nothing reads it."""


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


class FullHooks:
    """What is on during the watched steps."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._patches: Patches | None = None
        self._below: int | None = None

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
            patches.replace(torch.autograd.profiler.record_function, name, _not_seen)
        patches.replace(_LOADING._BaseDataLoaderIter, "__next__", functools.partial(_next_batch, watch, self))
        for owner in (torch.optim.Optimizer, nn.Module):
            patches.replace(owner, "zero_grad", functools.partial(_zero_grad, watch, self))
        patches.handle(OwnWarnings())
        put_on(watch.seeing)

    def pause(self) -> bool:
        """No call is seen until `resume`. Says whether it is to be called: not where they are off or paused already."""
        if self._patches is None or self._below is not None:
            return False
        self._below = take_off(self._watch.seeing)
        return self._below is not None

    def resume(self) -> None:
        """Calls are seen again."""
        if self._patches is not None and self._below is not None:
            put_back(self._watch.seeing, self._below)
        self._below = None

    def take_off(self) -> None:
        """See nothing any longer."""
        if self._patches is None:
            return
        self._below = None
        take_off(self._watch.seeing)
        self._patches.undo()
        self._patches = None


def rare_hooks(watch: Watch) -> Patches:
    """What stays on until the session ends: nothing that a training step calls."""
    patches = Patches()
    patches.replace(nn.Module, "train", functools.partial(_train, watch))
    patches.replace(DataLoader, "__init__", functools.partial(_loader_made, watch))
    patches.replace(Subset, "__init__", functools.partial(_subset_made, watch))
    patches.replace(DataLoader, "__iter__", functools.partial(_loader_iterated, watch))
    patches.add(nn.Module, "requires_grad", _noticed(watch, "module", "requires_grad"))
    for name in _LIKE_SETTINGS:
        patches.add(torch.optim.Optimizer, name, _noticed(watch, "optimizer", name))
    return patches


def training_hooks(watch: Watch) -> Patches:
    """What is on during the watched steps beside the full hooks: what else belongs to training."""
    patches = Patches()
    watch.constructed.watch(patches)
    patches.replace(torch.optim.Optimizer, "__init__", functools.partial(_optimizer_made, watch))
    schedulers = torch.optim.lr_scheduler
    for name in ("LRScheduler", "ReduceLROnPlateau"):
        patches.replace(getattr(schedulers, name), "step", functools.partial(_scheduler, watch))
        patches.replace(getattr(schedulers, name), "__init__", functools.partial(_scheduler_made, watch))
    for name in ("clip_grad_norm_", "clip_grad_value_"):
        patches.replace(nn.utils, name, functools.partial(_noted, watch, "clip"))
    for name in ("to", "cuda", "cpu"):
        patches.replace(nn.Module, name, functools.partial(_sent, watch))
    patches.replace(torch.no_grad, "__enter__", functools.partial(_switched_off, watch))
    patches.replace(torch.no_grad, "__exit__", functools.partial(_switched_back, watch))
    patches.replace(torch, "manual_seed", functools.partial(_seeded, watch))
    patches.replace(nn.Module, "load_state_dict", functools.partial(_loaded, watch))
    patches.replace(torch.amp.GradScaler, "unscale_", functools.partial(_noted, watch, "unscale"))
    patches.replace(torch.amp.GradScaler, "step", functools.partial(_noted, watch, "scaler"))
    return patches


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
    thread, current, call_module, layers = watch.thread, threading.get_ident, watch.call_module, watch.layers

    def __call__(self: nn.Module, *args: Any, **kwargs: Any) -> Any:
        if watch.quiet or current() != thread:
            return original(self, *args, **kwargs)
        if layers.row is not None:
            return layers.row.call(original, self, args)
        return call_module(original, self, args, kwargs)

    return __call__


def _backward(watch: Watch, full: FullHooks, original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def backward(tensors: Any, *args: Any, **kwargs: Any) -> Any:
        if not watch.looking():
            return original(tensors, *args, **kwargs)
        with watch.aside, unseen():
            watch.training.before_backward(tensors)
        watch.quiet += 1
        pausing = full.pause()
        try:
            return original(tensors, *args, **kwargs)
        finally:
            watch.quiet -= 1
            if pausing:
                full.resume()
            watch.not_finite.let_go()
            watch.after_backward()

    return backward


def _not_seen(original: Callable[..., Any]) -> Callable[..., Any]:
    """The marks for torch's profiler, which every optimizer step makes, cost more when a mode is asked about them."""

    @functools.wraps(original)
    def not_seen(self: Any, *args: Any) -> Any:
        with unseen():
            return original(self, *args)

    return not_seen


def _zero_grad(watch: Watch, full: FullHooks, original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def zero_grad(self: Any, *args: Any, **kwargs: Any) -> Any:
        if not watch.looking():
            return original(self, *args, **kwargs)
        watch.act("zero_grad", spot(), type(self).__name__, number=id(self) % 10**9)
        watch.quiet += 1
        pausing = full.pause()
        try:
            return original(self, *args, **kwargs)
        finally:
            watch.quiet -= 1
            if pausing:
                full.resume()

    return zero_grad


def _next_batch(watch: Watch, full: FullHooks, original: Callable[..., Any]) -> Callable[..., Any]:
    def __next__(self: Any) -> Any:
        if not watch.looking():
            return original(self)
        watch.quiet += 1
        pausing = full.pause()
        try:
            batch = original(self)
        finally:
            watch.quiet -= 1
            if pausing:
                full.resume()
        with watch.aside, unseen():
            watch.data.batch(self, batch)
        return batch

    return __next__


def _train(watch: Watch, original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def train(self: nn.Module, mode: bool = True) -> Any:
        if watch.looking() and not _from_torch(sys._getframe(1)):
            watch.act("train" if mode else "eval", spot(), type(self).__name__, id(self) % 10**9)
        return original(self, mode)

    return train


def _from_torch(frame: Any) -> bool:
    """Whether the caller is `train` itself, for the parts of a module; `eval` only hands the user's call on."""
    return foreign(frame.f_code.co_filename) and frame.f_code.co_name == "train"


def _optimizer_made(watch: Watch, original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        watch.quiet += 1
        try:
            original(self, *args, **kwargs)
        finally:
            watch.quiet -= 1
        if watch.looking():
            with watch.aside:
                watch.training.optimizer_made(self, spot())

    return __init__


def _loader_made(watch: Watch, original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        watch.data.constructed(self, spot())

    return __init__


def _subset_made(watch: Watch, original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        watch.data.picked(self, spot())

    return __init__


def _loader_iterated(watch: Watch, original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def __iter__(self: Any) -> Any:
        iterator = original(self)
        if watch.looking():
            with watch.aside:
                watch.data.iterated(self, iterator)
        return iterator

    return __iter__


def _scheduler(watch: Watch, original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def step(self: Any, *args: Any, **kwargs: Any) -> Any:
        if watch.looking() and not _inside_scheduler(sys._getframe(1)):
            where = spot()
            watch.act("scheduler", where, type(self).__name__)
            if not watch.steps_over:
                watch.schedulers.stepped(self, where)
        return original(self, *args, **kwargs)

    return step


def _scheduler_made(watch: Watch, original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        if watch.looking():
            with watch.aside:
                watch.schedulers.made(self, spot())

    return __init__


def _inside_scheduler(frame: Any) -> bool:
    """The first step of a scheduler is taken by its own constructor."""
    return frame.f_code.co_filename.endswith("lr_scheduler.py")


def _noticed(watch: Watch, owner: str, name: str) -> property:
    """An attribute that behaves as if it were not there; where the script sets it on a thing from outside, that is noted."""

    def read(self: Any) -> Any:
        try:
            return self.__dict__[name]
        except KeyError:
            raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'") from None

    def write(self: Any, value: Any) -> None:
        frame = sys._getframe(1)
        if frame.f_code.co_filename == torch.nn.modules.module.__file__:
            frame = frame.f_back
        first = frame.f_code.co_varnames[:1] if frame is not None else ()
        own = (
            frame is None
            or foreign(frame.f_code.co_filename)
            or (first and frame.f_locals.get(first[0]) is self)
        )
        if not own and watch.looking():
            watch.act("ineffective", spot(), f"{owner}.{name}")
        self.__dict__[name] = value

    def remove(self: Any) -> None:
        del self.__dict__[name]

    return property(read, write, remove)


def _noted(watch: Watch, kind: str, original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def noted(*args: Any, **kwargs: Any) -> Any:
        if watch.looking():
            where = spot()
            if where is not None:
                watch.act(kind, where)
        return original(*args, **kwargs)

    return noted


def _switched_off(watch: Watch, original: Callable[..., Any]) -> Callable[..., Any]:
    def __enter__(self: Any) -> Any:
        watch.off.append(spot() if watch.looking() else None)
        return original(self)

    return __enter__


def _switched_back(watch: Watch, original: Callable[..., Any]) -> Callable[..., Any]:
    def __exit__(self: Any, *args: Any) -> Any:
        if watch.off:
            watch.off.pop()
        return original(self, *args)

    return __exit__


def _seeded(watch: Watch, original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def manual_seed(seed: Any) -> Any:
        if watch.looking() and isinstance(seed, int):
            watch.act("seed", spot(), number=seed)
        return original(seed)

    return manual_seed


def _loaded(watch: Watch, original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def load_state_dict(self: nn.Module, state_dict: Any, *args: Any, **kwargs: Any) -> Any:
        if watch.looking():
            with watch.aside, unseen():
                own = list(self.named_parameters())
                if own and all(
                    name in state_dict and state_dict[name].data_ptr() == held.data_ptr()
                    for name, held in own[:4]
                ):
                    watch.act("itself", spot(), "load_state_dict")
                if own and state_dict and not any(name in state_dict for name, _ in own):
                    subject = f"{next(iter(state_dict))} {own[0][0]}"
                    watch.act("nothing-loaded", spot(), subject, len(state_dict))
        return original(self, state_dict, *args, **kwargs)

    return load_state_dict


def _sent(watch: Watch, original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def sent(self: nn.Module, *args: Any, **kwargs: Any) -> Any:
        if watch.looking():
            watch.act("sent", spot(), type(self).__name__, id(self) % 10**9)
        return original(self, *args, **kwargs)

    return sent
