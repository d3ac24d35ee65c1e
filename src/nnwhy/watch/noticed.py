"""The hooks on what a script does now and then: it makes data, optimizers and schedulers, switches modes, loads and sends."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.utils.data import DataLoader, Subset

from nnwhy.watch.frames import foreign, spot
from nnwhy.watch.modes import unseen
from nnwhy.watch.patches import Patches

if TYPE_CHECKING:
    from nnwhy.watch.watching import Watch

_LIKE_SETTINGS = ("lr", "learning_rate", "weight_decay", "momentum")
"""What an optimizer keeps in its groups; as an attribute nothing reads it."""


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
