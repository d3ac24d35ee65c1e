"""Every dimension rule, on random valid calls, gives torch's own sizes."""

import warnings
from dataclasses import replace

import pytest
import torch
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from rule_calls import Drawn, drawings
from torch import nn

from nnwhy.facts.expression import evaluate
from nnwhy.trace import record
from nnwhy.why.registry import rules
from nnwhy.why.sizes import CallSizes

DRAWINGS = drawings()
ON_A_GPU = {"cuda", "pin_memory"}
quick = settings(
    max_examples=6,
    derandomize=True,
    deadline=None,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)


class Calling(nn.Module):
    """A network that is one call."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, *args, **kwargs):
        return self.function(*args, **kwargs)


def recorded(drawn):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        trace = record(Calling(drawn.function), drawn.args, drawn.kwargs, how="real")
    assert not trace.failures, trace.failures
    return trace


def assert_explained(trace, call):
    """Each output's expressions come from the rule and evaluate to its recorded sizes, the general formula too."""
    for tensor, sizes in zip(call.outputs, CallSizes(trace).of(call), strict=True):
        assert [size.source for size in sizes] == ["rule"] * len(sizes), (call.arguments, sizes)
        true = trace.tensors[tensor].shape
        assert tuple(evaluate(size.expression) for size in sizes) == true
        assert all(size.full is None or evaluate(size.full) == n for size, n in zip(sizes, true, strict=True))


@pytest.mark.parametrize("name", sorted(DRAWINGS))
def test_a_rule_gives_the_size_that_torch_gives(name):
    @quick
    @given(st.data())
    def check(data):
        torch.manual_seed(0)
        trace = recorded(DRAWINGS[name](data.draw, name))
        made = [call for call in trace.calls if call.kind == "function" and call.name == name]
        assert made, [call.name for call in trace.calls]
        for call in made:
            assert_explained(trace, call)

    check()


@pytest.mark.parametrize("name", sorted(ON_A_GPU))
def test_moving_to_a_gpu_keeps_the_shape(name):
    """Recorded as a move to the CPU, since the machine that runs this may have no GPU."""
    trace = recorded(Drawn(torch.Tensor.cpu, (torch.zeros(2, 3),)))
    moved = replace(trace.calls[-1], name=name, function=f"torch.Tensor.{name}")
    assert_explained(trace, moved)


def test_every_rule_is_tried_and_nothing_else():
    assert set(DRAWINGS) | ON_A_GPU == set(rules())
