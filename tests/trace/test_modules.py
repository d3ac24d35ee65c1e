"""Modules of every kind: containers, shared, lazy, compiled, scripted, with hooks and parametrizations."""

import pytest
import torch
from torch import nn
from torch.nn.utils import parametrizations

from nnwhy.trace import record
from nnwhy.why.derive import Derivations


def modules_called(trace):
    return [call.module for call in trace.calls if call.kind == "module"]


def test_one_module_called_twice_is_two_calls_of_one_module():
    class Twice(nn.Module):
        def __init__(self):
            super().__init__()
            self.same = nn.Linear(3, 3)

        def forward(self, x):
            return self.same(self.same(x))

    trace = record(Twice(), (torch.zeros(2, 3),))
    assert modules_called(trace) == ["", "same", "same"]
    assert len({call.outputs for call in trace.calls if call.module == "same" and call.kind == "module"}) == 2


def test_a_shared_weight_is_one_tensor_with_two_names():
    class Tied(nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding, self.head = nn.Embedding(7, 3), nn.Linear(3, 7, bias=False)
            self.head.weight = self.embedding.weight

        def forward(self, x):
            return self.head(self.embedding(x))

    for how in ("real", "meta", "fake"):
        trace = record(Tied(), (torch.zeros(2, dtype=torch.int64),), how=how)
        (weight,) = [tensor for tensor in trace.tensors if tensor.origin.kind == "parameter"]
        assert weight.names == ("embedding.weight", "head.weight")
        assert trace.module("embedding").parameters["weight"] == trace.module("head").parameters["weight"]


def test_a_module_registered_twice_says_so():
    layer = nn.Linear(3, 3)
    trace = record(nn.Sequential(layer, nn.ReLU(), layer), (torch.zeros(2, 3),))
    assert trace.module("2").same_as == "0"


def test_containers_keep_their_paths():
    class Containers(nn.Module):
        def __init__(self):
            super().__init__()
            self.listed = nn.ModuleList(nn.Linear(3, 3) for _ in range(2))
            self.named = nn.ModuleDict({"first": nn.ReLU()})
            self.row = nn.Sequential(nn.Linear(3, 2), nn.Tanh())
            self.weights = nn.ParameterList([nn.Parameter(torch.ones(2))])

        def forward(self, x):
            for layer in self.listed:
                x = layer(x)
            return self.row(self.named["first"](x)) * self.weights[0]

    trace = record(Containers(), (torch.zeros(1, 3),))
    assert modules_called(trace) == ["", "listed.0", "listed.1", "named.first", "row", "row.0", "row.1"]
    assert trace.tensors[trace.calls[-1].inputs[1]].origin.name == "weights.0"


def test_a_lazy_module_is_initialised_in_a_copy():
    net = nn.Sequential(nn.LazyConv2d(4, 3), nn.Flatten(), nn.LazyLinear(5))
    trace = record(net, (torch.zeros(1, 3, 8, 8),))
    assert trace.complete and trace.tensors[trace.calls[-1].outputs[0]].shape == (1, 5)
    assert isinstance(net[0], nn.LazyConv2d) and isinstance(net[2], nn.LazyLinear)


def scripted():
    return torch.jit.script(nn.Sequential(nn.Linear(4, 3), nn.ReLU()))


def traced():
    return torch.jit.trace(nn.Linear(4, 3), torch.zeros(2, 4))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("how", ["real", "meta", "fake"])
@pytest.mark.parametrize("make", [scripted, traced])
def test_a_scripted_module_is_one_opaque_call(how, make):
    class Around(nn.Module):
        def __init__(self):
            super().__init__()
            self.part = make()

        def forward(self, x):
            return self.part(x) * 2

    trace = record(Around(), (torch.zeros(2, 4),), how=how)
    assert [(call.kind, call.module) for call in trace.calls] == [
        ("module", ""),
        ("module", "part"),
        ("function", ""),
    ]
    step = Derivations(trace).of(trace.calls[-1].outputs[0], 1).steps[0]
    assert step.kind == "unknown" and "was not recorded" in step.cause


@pytest.mark.filterwarnings("ignore")
def test_a_scripted_root_is_one_opaque_call():
    trace = record(scripted(), (torch.zeros(2, 4),))
    assert len(trace.calls) == 1 and trace.tensors[trace.calls[0].outputs[0]].shape == (2, 3)


@pytest.mark.filterwarnings("ignore")
def test_a_compiled_module_runs_as_it_was_written():
    trace = record(nn.Sequential(torch.compile(nn.Linear(4, 3)), nn.ReLU()), (torch.zeros(2, 4),))
    assert [call.name for call in trace.calls if call.kind == "function"] == ["linear", "relu"]


def test_what_hooks_do_is_recorded_and_the_hooks_stay():
    net = nn.Sequential(nn.Linear(4, 3), nn.ReLU())
    seen = []
    net[0].register_forward_pre_hook(lambda module, args: (args[0] * 2,))
    net[0].register_forward_hook(lambda module, args, out: seen.append(out.shape) or out[:, :2])
    trace = record(net, (torch.zeros(2, 4),))
    assert [call.name for call in trace.calls if call.kind == "function"] == [
        "mul",
        "linear",
        "__getitem__",
        "relu",
    ]
    assert trace.tensors[trace.calls[-1].outputs[0]].shape == (2, 2)
    assert len(net[0]._forward_hooks) == 1 and [tuple(shape) for shape in seen] == [(2, 3)]


@pytest.mark.parametrize("wrap", [parametrizations.weight_norm, parametrizations.spectral_norm])
@pytest.mark.parametrize("how", ["real", "meta", "fake"])
def test_a_parametrized_layer_is_the_class_that_was_written(wrap, how):
    net = nn.Sequential(wrap(nn.Linear(4, 3)))
    trace = record(net, (torch.zeros(2, 4),), how=how)
    assert trace.complete and trace.module("0").type == "Linear"
    derivation = Derivations(trace).of(trace.calls[-1].outputs[0], 1)
    assert derivation.value == 3 and derivation.grounded


def test_a_module_that_calls_itself_is_recorded_as_a_tree():
    class Deeper(nn.Module):
        def __init__(self):
            super().__init__()
            self.linear = nn.Linear(3, 3)

        def forward(self, x, depth=3):
            return self.linear(x) if depth == 0 else self(x, depth - 1)

    trace = record(Deeper(), (torch.zeros(1, 3),))
    assert [call.parent for call in trace.calls if call.kind == "module"] == [None, 0, 1, 2, 3]


def test_a_module_made_during_the_pass_gets_a_name_of_its_own():
    class Making(nn.Module):
        def forward(self, x):
            return nn.Flatten()(nn.ReLU()(x))

    trace = record(Making(), (torch.zeros(1, 3, 2),))
    assert modules_called(trace) == ["", "<ReLU 1>", "<Flatten 2>"]


@pytest.mark.parametrize("training", [True, False])
def test_the_pass_runs_in_the_mode_of_the_network(training):
    net = nn.Sequential(nn.BatchNorm1d(3), nn.Dropout(0.5)).train(training)
    trace = record(net, (torch.zeros(4, 3),))
    assert trace.training is training
    flags = [call.arguments["training"] for call in trace.calls if call.name in ("batch_norm", "dropout")]
    assert flags == [training, training]
