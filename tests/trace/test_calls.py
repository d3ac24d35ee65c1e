"""Calls of every kind: in place, views, unknown makers, custom autograd, traced integers, many of them."""

import time

import pytest
import torch
from torch import nn
from torch.nn import functional

from nnwhy.facts.expression import evaluate, leaves
from nnwhy.facts.value import Traced
from nnwhy.trace import record
from nnwhy.why.derive import Derivations


class Function(nn.Module):
    """A network from a plain function."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, *args, **kwargs):
        return self.function(*args, **kwargs)


def functions(trace):
    return [call for call in trace.calls if call.kind == "function"]


def traced(function, *args, **kwargs):
    return record(Function(function), args, **kwargs)


def test_a_call_in_place_makes_a_new_version():
    def squeeze_first(x):
        before = x.exp()
        before.unsqueeze_(0)
        return before.add_(1)

    trace = traced(squeeze_first, torch.zeros(2, 3))
    first, second, third = functions(trace)
    assert trace.tensors[first.outputs[0]].shape == (2, 3)
    assert trace.tensors[second.inputs[0]].shape == (2, 3)
    assert trace.tensors[second.outputs[0]].shape == (1, 2, 3)
    assert third.inputs == second.outputs and third.outputs != second.outputs
    assert Derivations(trace).of(third.outputs[0], 2).steps[0].kind == "input"


def test_writing_into_a_part_is_a_call_that_gives_the_whole():
    def fill(x):
        made = torch.zeros(x.shape[0], 5)
        made[:, :3] = x
        return made * 2

    trace = traced(fill, torch.zeros(2, 3))
    assert [call.name for call in functions(trace)] == ["zeros", "__setitem__", "mul"]
    assert functions(trace)[2].inputs == functions(trace)[1].outputs
    derivation = Derivations(trace).of(functions(trace)[2].outputs[0], 0)
    assert derivation.grounded and derivation.steps[-1].kind == "input"


def test_views_are_tensors_of_their_own():
    trace = traced(lambda x: x.view(6).view(3, 2).t(), torch.zeros(2, 3))
    assert [trace.tensors[call.outputs[0]].shape for call in functions(trace)] == [(6,), (3, 2), (2, 3)]


class Halved(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.sum(0)

    @staticmethod
    def backward(ctx, gradient):
        return gradient


class Outside(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return torch.from_numpy(x.numpy()[:, :2].copy())

    @staticmethod
    def backward(ctx, gradient):
        return gradient


def test_a_custom_autograd_function_is_a_call_with_what_happens_inside():
    trace = traced(lambda x: Halved.apply(x) * 2, torch.zeros(2, 4))
    assert [(call.kind, call.name) for call in trace.calls[1:]] == [
        ("autograd", "Halved"),
        ("function", "sum"),
        ("function", "mul"),
    ]
    assert Derivations(trace).of(trace.calls[-1].outputs[0], 0).steps[0].kind == "input"


def test_a_custom_autograd_function_that_leaves_torch_is_unknown_with_its_cause():
    trace = traced(lambda x: Outside.apply(x) * 2, torch.zeros(3, 4), how="real")
    step = Derivations(trace).of(trace.calls[-1].outputs[0], 1).steps[0]
    assert step.kind == "unknown" and step.cause


def test_a_tensor_that_nobody_was_seen_to_make_is_unknown_with_its_cause():
    trace = traced(lambda x: torch.from_numpy(x.numpy()[:, :2]) * 2, torch.zeros(2, 4), how="real")
    step = Derivations(trace).of(trace.calls[-1].outputs[0], 1).steps[0]
    assert step.kind == "unknown" and "NumPy" in step.cause


def test_a_global_tensor_is_not_guessed_at():
    table = torch.zeros(7, 3)
    trace = traced(lambda x: x @ table, torch.zeros(2, 7))
    assert trace.tensors[functions(trace)[0].inputs[1]].origin.kind == "unknown"


def test_a_tensor_that_is_a_plain_attribute_has_its_name():
    net = Function(None)
    net.table = torch.zeros(7, 3)
    net.function = lambda x: x @ net.table
    trace = record(net, (torch.zeros(2, 7),), how="real")
    assert trace.tensors[functions(trace)[0].inputs[1]].origin.name == "table"


@pytest.mark.parametrize(
    "size, expected",
    [
        (lambda x: x.shape[1] // 2 * 2, 4),
        (lambda x: x.size(1) - x.size(-3) + 1, 4),
        (lambda x: x.size()[1] % 4 + 2, 3 - 3 + 3),
        (lambda x: divmod(x.shape[-1], 3)[0] ** 2, 4),
        (lambda x: abs(-x.shape[1]), 5),
        (lambda x: x.numel() // x.shape[0], 30),
        (lambda x: sum(x.shape), 13),
        (lambda x: max(x.shape[0], 1), 2),
    ],
)
def test_a_number_computed_from_sizes_remembers_how(size, expected):
    trace = traced(lambda x: torch.zeros(size(x)), torch.zeros(2, 5, 6))
    given = functions(trace)[-1].arguments["size"]
    given = given[0] if isinstance(given, tuple) else given
    assert isinstance(given, Traced) and given.value == expected == evaluate(given.expression)
    assert any(hasattr(leaf, "tensor") for leaf in leaves(given.expression))


def test_traced_numbers_are_whole_numbers_to_everybody_else():
    def checks(x):
        b, c = x.shape
        assert isinstance(b, int) and x.shape == (2, 3) and x.shape[:1] == torch.Size([2])
        assert {b: 1}[2] == 1 and f"{c}" == "3" and list(range(c)) == [0, 1, 2] and c / 2 == 1.5
        assert torch.zeros(x.shape).shape == x.shape and len(x) == 2
        return x.view(c, b)

    trace = traced(checks, torch.zeros(2, 3))
    assert trace.complete and not trace.failures


def test_ten_thousand_calls_are_recorded_in_linear_time():
    def repeated(times):
        def run(x):
            for _ in range(times):
                x = functional.relu(x)
            return x

        start = time.perf_counter()
        trace = traced(run, torch.zeros(2, 3), how="real")
        return trace, time.perf_counter() - start

    repeated(10)
    trace, long = repeated(10_000)
    _, short = repeated(1_000)
    assert len(functions(trace)) == 10_000
    assert long < 40 * short
    derivation = Derivations(trace).of(trace.calls[-1].outputs[0], 1)
    assert derivation.steps[0].kind == "input" and len(derivation.steps) == 1
