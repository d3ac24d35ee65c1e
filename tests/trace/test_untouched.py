"""After a pass, also one that fails, everything of the user's is as it was."""

import copy
import random

import numpy as np
import pytest
import torch
from torch import nn

from nnwhy.trace import record
from nnwhy.trace.recorder import Recorder


class Touching(nn.Module):
    """Changes itself, its buffers, its mode and the random state, and may then fail."""

    def __init__(self, fails):
        super().__init__()
        self.norm = nn.BatchNorm1d(3)
        self.dropout = nn.Dropout(0.5)
        self.register_buffer("steps", torch.zeros(1))
        self.count = 0
        self.fails = fails

    def forward(self, x):
        self.count += 1
        self.extra = x
        self.steps += 1
        self.dropout.eval()
        random.random()
        np.random.rand()
        x = self.dropout(self.norm(x)) + torch.rand(3)
        if self.fails:
            raise ValueError("on purpose")
        return x


@pytest.mark.parametrize("fails", [True, False])
@pytest.mark.parametrize("how", ["real", "meta", "fake"])
def test_the_network_its_mode_its_gradients_and_all_random_states_are_as_before(fails, how):
    net = Touching(fails).train()
    net.norm(torch.rand(4, 3)).sum().backward()
    before = copy.deepcopy(net.state_dict())
    gradients = [parameter.grad.clone() for parameter in net.parameters()]
    attributes, modes = set(vars(net)), [module.training for module in net.modules()]
    parameters = [id(parameter) for parameter in net.parameters()]
    torch_state, python_state, numpy_state = torch.get_rng_state(), random.getstate(), np.random.get_state()

    trace = record(net, (torch.zeros(4, 3),), how=how)

    assert trace.complete is not fails
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
    assert all(torch.equal(old, new.grad) for old, new in zip(gradients, net.parameters(), strict=True))
    assert net.count == 0 and set(vars(net)) == attributes
    assert [module.training for module in net.modules()] == modes
    assert [id(parameter) for parameter in net.parameters()] == parameters
    assert torch.equal(torch.get_rng_state(), torch_state) and random.getstate() == python_state
    assert all(np.array_equal(one, two) for one, two in zip(np.random.get_state(), numpy_state, strict=True))
    assert torch.is_grad_enabled() and torch.get_default_dtype() == torch.float32


def test_torch_itself_is_as_before():
    call, apply = nn.Module.__call__, torch.autograd.Function.__dict__["apply"]
    record(Touching(True), (torch.zeros(4, 3),))
    assert nn.Module.__call__ is call and torch.autograd.Function.__dict__["apply"] is apply
    assert not isinstance(torch.overrides._get_current_function_mode(), Recorder)
    assert type(torch.zeros(2).shape[0]) is int
    assert nn.Linear(2, 3).weight.shape == (3, 2)


def test_the_inputs_keep_their_values():
    class Writing(nn.Module):
        def forward(self, x):
            return x.mul(2)

    x = torch.ones(2, 3, requires_grad=True)
    record(Writing(), (x,))
    assert torch.equal(x, torch.ones(2, 3)) and x.grad is None and x.requires_grad
