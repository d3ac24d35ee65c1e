"""Once the watched steps are over nothing of the watching is left: no replaced attribute, no hook, no mode, no tensor."""

from __future__ import annotations

import gc
import sys
import threading
import weakref
from collections.abc import Generator, Iterator
from typing import Any

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.optim import optimizer as optimizers
from torch.overrides import _len_torch_function_stack
from torch.utils.data import DataLoader, TensorDataset
from torch.utils.data import dataloader as loading

from nnwhy.facts.session import Session
from nnwhy.watch.phases import Phases
from nnwhy.watch.watching import Watch

OWNERS: tuple[Any, ...] = (
    torch, torch.autograd, torch.Tensor, torch.autograd.Function, nn.Module, nn.Linear, nn.Parameter, nn.utils, F,
    torch.optim.Optimizer, torch.optim.SGD, torch.optim.lr_scheduler.LRScheduler, torch.optim.lr_scheduler.ReduceLROnPlateau,
    torch.amp.GradScaler, DataLoader, loading._BaseDataLoaderIter, torch.no_grad, torch.inference_mode, torch.overrides,
)  # fmt: skip
RARE = {
    "Module.train", "Module.eval", "DataLoader.__init__", "DataLoader.__iter__", "no_grad.__enter__",
    "inference_mode.__enter__", "torch.compile", "Module.requires_grad", "Optimizer.lr", "Optimizer.learning_rate",
    "Optimizer.weight_decay", "Optimizer.momentum",
}  # fmt: skip


def attributes() -> dict[str, Any]:
    """Every attribute that could be replaced, by name."""
    return {
        f"{owner.__name__}.{name}": value.__func__ if isinstance(value, staticmethod) else value
        for owner in OWNERS
        for name, value in vars(owner).items()
        if callable(value) or isinstance(value, classmethod | staticmethod | property)
    }


def hooks() -> tuple[Any, ...]:
    """Everything that is called on the way of a step without being an attribute of a class."""
    modules: Any = torch.nn.modules.module
    return (
        _len_torch_function_stack(), sys.gettrace(), sys.getprofile(), threading.gettrace(), threading.getprofile(),
        len(optimizers._global_optimizer_pre_hooks), len(optimizers._global_optimizer_post_hooks),
        len(modules._global_forward_hooks), len(modules._global_forward_pre_hooks), len(modules._global_backward_hooks),
        len(modules._global_parameter_registration_hooks), len(modules._global_module_registration_hooks),
    )  # fmt: skip


class Script:
    """A small training script, step by step."""

    def __init__(self) -> None:
        torch.manual_seed(0)
        self.net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Dropout(0.1), nn.Linear(8, 3))
        self.optimizer = torch.optim.Adam(self.net.parameters())
        self.loader = DataLoader(TensorDataset(torch.randn(64, 4), torch.randint(0, 3, (64,))), 8)
        self.batches = self._endless()

    def _endless(self) -> Iterator[Any]:
        while True:
            yield from self.loader

    def step(self) -> list[weakref.ref[torch.Tensor]]:
        """One step; weak references to all of its tensors."""
        x, y = next(self.batches)
        self.optimizer.zero_grad()
        hidden = self.net[0](x)
        out = self.net(x)
        loss = F.cross_entropy(out, y) + 0 * hidden.sum()
        loss.backward()
        self.optimizer.step()
        return [weakref.ref(one) for one in (x, y, hidden, out, loss)]

    def evaluate(self) -> None:
        """An evaluation."""
        self.net.eval()
        with torch.no_grad():
            self.net(torch.randn(5, 4))
        self.net.train()


@pytest.fixture(scope="module", autouse=True)
def once() -> None:
    """What torch changes by itself when it is first used; and `Module.__new__`, whose place CPython cannot give back: a plain
    pass-through stays there, which only a construction calls."""
    watched = Phases(Watch(), steps=1, tell=lambda session: None, stop=None)
    watched.begin()
    Script().step()
    watched.end()


@pytest.fixture
def told() -> list[Session]:
    return []


@pytest.fixture
def phases(told: list[Session]) -> Generator[Phases, None, None]:
    watched = Phases(Watch(), steps=3, tell=told.append, stop=None)
    yield watched
    watched.end()


def changed(before: dict[str, Any]) -> set[str]:
    now = attributes()
    return {name for name in before.keys() | now.keys() if before.get(name) is not now.get(name)}


def test_everything_is_as_it_was_after_the_steps_and_the_evaluation(
    phases: Phases, told: list[Session]
) -> None:
    before, quiet = attributes(), hooks()
    phases.begin()
    assert {"Module.__call__", "torch.autograd.backward"} <= changed(before)
    assert hooks() != quiet
    script = Script()
    for _ in range(3):
        script.step()
    assert phases.phase == "waiting"
    assert changed(before) <= RARE
    assert hooks() == quiet
    script.step()
    script.evaluate()
    script.step()
    assert phases.phase == "over"
    assert changed(before) == set()
    assert hooks() == quiet
    assert [one.training for one in told[-1].forwards].count(False) == 1
    assert not script.net._forward_hooks and not script.net._forward_pre_hooks


def test_an_evaluation_that_comes_late_is_watched(phases: Phases, told: list[Session]) -> None:
    phases.begin()
    script = Script()
    for _ in range(3):
        script.step()
    for _ in range(100):
        script.step()
        with torch.no_grad():  # at every step, and no evaluation
            sum(float(parameter.sum()) for parameter in script.net.parameters())
    seen = len(told[-1].forwards)
    script.evaluate()
    script.step()
    assert seen == 6
    assert [one.training for one in told[-1].forwards].count(False) == 1
    assert phases.phase == "over"


def test_tensors_live_no_longer_than_without_watching(phases: Phases) -> None:
    phases.begin()
    script = Script()
    for _ in range(3):
        references = script.step()
        gc.collect()
        assert [one() for one in references] == [None] * len(references)
    parts = [weakref.ref(script.net), weakref.ref(script.net[0].weight), weakref.ref(script.optimizer)]
    del script
    gc.collect()
    assert [one() for one in parts] == [None] * len(parts)


def test_a_network_that_is_dropped_between_watched_steps_is_gone(phases: Phases) -> None:
    phases.begin()
    script = Script()
    script.step()
    parts = [weakref.ref(script.net), weakref.ref(script.net[0].weight), weakref.ref(script.optimizer)]
    del script
    gc.collect()
    assert [one() for one in parts] == [None] * len(parts)
