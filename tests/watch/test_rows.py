"""A `Sequential` of layers that are known by now is called layer by layer: it must do what torch does, and be seen as before."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest
import torch
from torch import nn
from torch.nn.modules.module import register_module_forward_hook

from nnwhy.watch.history import main_line
from nnwhy.watch.phases import Phases
from nnwhy.watch.watching import Watch


@pytest.fixture
def watch() -> Generator[Watch, None, None]:
    seen = Watch()
    phases = Phases(seen, steps=1000, tell=lambda session: None, stop=None)
    phases.begin()
    yield seen
    phases.end()
    assert seen.quiet == 0
    assert seen.aside.failed is None


def network() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))


def passed(net: nn.Module, times: int = 4) -> torch.Tensor:
    """The result of the last of so many passes: the first one or two find out what the layers do."""
    return [net(torch.ones(16, 4)) for _ in range(times)][-1]


def test_the_numbers_and_the_way_to_them_stay_the_same(watch: Watch) -> None:
    net = network()
    result = passed(net)
    node = watch.history.of(result)
    assert [(one.name, one.layer) for one in main_line(node)][:3] == [
        ("linear", "2"),
        ("relu", "1"),
        ("linear", "0"),
    ]
    assert all(one.requires for one in main_line(node) if one.layer)
    watch.quiet += 1
    torch.testing.assert_close(result, network()(torch.ones(16, 4)))
    watch.quiet -= 1


def test_hooks_of_the_container_are_called(watch: Watch) -> None:
    net, calls = network(), list[str]()
    passed(net)
    net.register_forward_hook(lambda *_: calls.append("forward"))
    net.register_full_backward_hook(lambda *_: calls.append("backward"))
    net(torch.ones(16, 4, requires_grad=True))[0, 0].backward()
    assert calls == ["forward", "backward"]


def test_hooks_on_all_modules_see_the_container(watch: Watch) -> None:
    net, kinds = network(), list[str]()
    passed(net)
    handle = register_module_forward_hook(lambda module, *_: kinds.append(type(module).__name__))
    passed(net, times=1)
    handle.remove()
    assert kinds == ["Linear", "ReLU", "Linear", "Sequential"]


def test_a_forward_that_was_replaced_is_called(watch: Watch) -> None:
    net: Any = network()
    passed(net)
    net.forward = lambda given: given * 2
    assert passed(net).shape == (16, 4)


def test_a_layer_in_evaluation_mode_is_seen_as_such(watch: Watch) -> None:
    net = nn.Sequential(nn.Linear(4, 4), nn.Dropout(0.5))
    passed(net)
    net[1].eval()
    assert bool((passed(net) != 0).all())


def test_an_error_of_a_layer_reaches_the_script(watch: Watch) -> None:
    net = network()
    passed(net)
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):
        net(torch.ones(16, 5))
    assert watch.quiet == 0
    assert passed(net).shape == (16, 3)


def test_a_layer_that_changes_its_input_in_place_is_remembered(watch: Watch) -> None:
    net = nn.Sequential(nn.Linear(4, 4), nn.ReLU(inplace=True))
    result = passed(net)
    node = watch.history.of(result)
    assert node is not None
    assert node.name in ("relu", "relu_")
