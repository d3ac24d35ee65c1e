"""The verbs on a live network."""

import pytest
import torch
from torch import nn

import nnwhy
from nnwhy.errors import InputError, QuestionError
from nnwhy.examples.recipe import Net


@pytest.fixture(scope="module")
def net():
    return Net()


X = torch.zeros(1, 1, 28, 28)


def test_explain_prints_well_and_has_its_facts(net):
    explained = nnwhy.explain(net, X)
    assert "1,199,882 parameters" in str(explained)
    assert explained.total.parameters == 1_199_882
    assert explained.data()["schema"] == 1


def test_why_takes_an_argument_a_number_and_a_place(net):
    assert nnwhy.why(net, X, "fc1.in_features").number == 9216
    assert "64 × 12 × 12" in str(nnwhy.why(net, X, 9216))
    assert "F.max_pool2d(x, 2)" in str(nnwhy.why(net, X, "recipe.py:23"))


def test_layer_takes_a_class_a_name_and_an_instance(net):
    assert nnwhy.layer(nn.Dropout2d).name == "Dropout2d"
    assert nnwhy.layer("F.max_pool2d").name == "max_pool2d"
    here = nnwhy.layer(net, X, "fc1")
    assert here.step.cost.parameters == 1_179_776
    assert round(here.parameter_share, 3) == 0.983
    assert here.before == ("torch.flatten(x, 1)",)
    assert here.after == ("F.relu(x)",)
    assert "98.3% of the network" in str(here)


def test_the_network_is_as_it_was(net):
    net.train()
    before = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    state = torch.get_rng_state()
    nnwhy.explain(net, X)
    assert net.training
    assert torch.equal(state, torch.get_rng_state())
    assert all(torch.equal(before[name], tensor) for name, tensor in net.state_dict().items())
    assert all(parameter.grad is None for parameter in net.parameters())


@pytest.mark.parametrize(
    "call, error, words",
    [
        (lambda net: nnwhy.explain("net"), InputError, ["nn.Module", "str"]),
        (lambda net: nnwhy.explain(net), InputError, ["input"]),
        (lambda net: nnwhy.why(net, X), QuestionError, ["question"]),
        (lambda net: nnwhy.why(net, X, "fc1.in_feature"), QuestionError, ["fc1.in_features"]),
        (lambda net: nnwhy.layer(net, X, "dropout3"), QuestionError, ["dropout2"]),
        (lambda net: nnwhy.layer("Dropout2"), QuestionError, ["Dropout2d"]),
    ],
)
def test_bad_arguments_say_what_would_be_right(net, call, error, words):
    with pytest.raises(error) as raised:
        call(net)
    for word in words:
        assert word in str(raised.value)
    assert "\n" not in str(raised.value)
