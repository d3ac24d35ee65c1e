"""Capturing a call: which one, from where, and nothing is changed by it."""

import importlib
import random

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

import nnwhy
from nnwhy.errors import InputError, QuestionError, UserCodeError
from nnwhy.examples import recipe
from nnwhy.show import show

X = torch.rand(2, 1, 28, 28, generator=torch.Generator().manual_seed(0))


class Busy(nn.Module):
    """Batch normalisation, dropout, an activation in place, one layer called three times, functions."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3)
        self.norm = nn.BatchNorm2d(4)
        self.relu = nn.ReLU(inplace=True)
        self.drop = nn.Dropout2d(0.5)

    def forward(self, x):
        x = self.relu(self.norm(self.conv(x)))
        x = F.max_pool2d(self.drop(x), 2)
        x = self.relu(x - 1)
        x = F.max_pool2d(x, 3)
        return self.relu(x - 1)


@pytest.mark.parametrize("path", ["norm", "drop", "relu", "F.max_pool2d"])
@pytest.mark.parametrize("training", [False, True])
def test_nothing_is_changed(path, training):
    net = Busy()
    net.train()
    net.norm.eval()
    states = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    modes = [part.training for part in net.modules()]
    attributes = [set(vars(part)) for part in net.modules()]
    torch_state, python_state, numpy_state = (
        torch.get_rng_state(),
        random.getstate(),
        np.random.get_state()[1].copy(),
    )
    given = X.clone()
    show(net, (given,), {}, path, training=training)
    assert torch.equal(given, X)
    assert all(torch.equal(states[name], tensor) for name, tensor in net.state_dict().items())
    assert modes == [part.training for part in net.modules()]
    assert attributes == [set(vars(part)) for part in net.modules()]
    assert not any(part._forward_hooks or part._forward_pre_hooks for part in net.modules())
    assert torch.equal(torch_state, torch.get_rng_state()) and python_state == random.getstate()
    assert (numpy_state == np.random.get_state()[1]).all()
    assert torch.is_grad_enabled() and all(parameter.grad is None for parameter in net.parameters())


def test_the_same_is_shown_again():
    assert show(Net := recipe.Net(), (X,), {}, "dropout1") == show(Net, (X,), {}, "dropout1")
    assert show(Net, (X,), {}, "dropout1") != show(Net, (X,), {}, "dropout1", seed=9)


def test_an_activation_in_place_shows_what_went_in():
    row = next(row for row in show(Busy(), (X,), {}, "relu").numbers[0].rows if row.label == "smallest")
    assert row.values[0] < 0 <= row.values[1]


def test_each_call_of_a_layer_can_be_shown():
    first, last = (show(Busy(), (X,), {}, "relu", call=call) for call in (0, 2))
    assert (first.calls, last.calls) == (3, 3)
    assert first.takes == (2, 4, 26, 26) and last.takes == (2, 4, 4, 4)
    with pytest.raises(QuestionError, match=r"relu is called 3 times .* 0 to 2"):
        show(Busy(), (X,), {}, "relu", call=3)


def test_functions_are_found_by_name_by_text_and_by_line():
    net = recipe.Net()
    by_name = show(net, (X,), {}, "max_pool2d")
    assert by_name.takes == (2, 64, 24, 24) and by_name.gives == (2, 64, 12, 12)
    assert "largest pixel of each window wins" in by_name.see
    for path in ("F.max_pool2d", "F.max_pool2d(x, 2)", "recipe.py:23"):
        assert show(net, (X,), {}, path).pictures == by_name.pictures
    assert show(Busy(), (X,), {}, "max_pool2d", call=1).takes == (2, 4, 13, 13)


def test_a_function_without_a_picture_of_its_own_is_shown_as_any_layer():
    shown = show(recipe.Net(), (X,), {}, "flatten")
    assert "its values stay, its shape changes" in shown.see
    assert shown.gives == (2, 9216)

    class Sums(nn.Module):
        def forward(self, x):
            return torch.cumsum(x, dim=-1)

    assert show(Sums(), (X,), {}, "cumsum").gives == (2, 1, 28, 28)


def test_what_comes_after_may_fail_and_what_comes_before_may_not():
    class Broken(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv, self.linear, self.last = nn.Conv2d(1, 2, 3), nn.Linear(5, 5), nn.ReLU()

        def forward(self, x):
            return self.last(self.linear(self.conv(x)))

    shown = show(Broken(), (X,), {}, "conv")
    assert "after this layer the pass ended with RuntimeError" in shown.notes[-1]
    for path in ("linear", "last"):
        with pytest.raises(UserCodeError, match="RuntimeError"):
            show(Broken(), (X,), {}, path)


@pytest.mark.parametrize(
    "path, error, words",
    [
        ("dropout3", QuestionError, "did you mean dropout2 or dropout1"),
        ("", QuestionError, "which layer"),
        ("max_pool3d", QuestionError, "max_pool2d"),
        ("recipe.py:999", QuestionError, "no layer"),
    ],
)
def test_a_wrong_name_says_what_there_is(path, error, words):
    with pytest.raises(error) as raised:
        show(recipe.Net(), (X,), {}, path)
    assert words in str(raised.value) and "\n" not in str(raised.value)


def test_a_layer_that_is_never_called_says_so():
    class Lazy(recipe.Net):
        def __init__(self):
            super().__init__()
            self.unused = nn.ReLU()

    with pytest.raises(QuestionError, match="unused is never called"):
        show(Lazy(), (X,), {}, "unused")


def test_shapes_alone_cannot_be_shown():
    with pytest.raises(InputError, match="shapes only"):
        show(nn.Linear(2, 2, device="meta"), (torch.ones(1, 2),), {}, "x")


def test_draws_have_limits():
    for draws in (0, 13):
        with pytest.raises(InputError, match="draws"):
            show(recipe.Net(), (X,), {}, "dropout1", draws=draws)


def test_the_verb_and_the_room_have_one_name():
    shown = nnwhy.show(recipe.Net(), X, "dropout1")
    importlib.import_module("nnwhy.show.kinds.dropout")

    assert callable(nnwhy.show)
    assert shown.path == "dropout1" and "Dropout2d" in str(shown)
    assert shown.data()["result"]["is"] == "LayerShown"


@pytest.mark.parametrize(
    "call, error, words",
    [
        (lambda net: nnwhy.show("net", X, "fc1"), InputError, "nn.Module"),
        (lambda net: nnwhy.show(net, X), QuestionError, "comes last"),
        (lambda net: nnwhy.show(net, "fc1"), InputError, "an input is needed"),
        (lambda net: nnwhy.show(net), QuestionError, "comes last"),
        (lambda net: nnwhy.show(net, "digit", "fc1"), InputError, "digits[:8]"),
    ],
)
def test_bad_arguments_of_the_verb(call, error, words):
    with pytest.raises(error) as raised:
        call(recipe.Net())
    assert words in str(raised.value)
