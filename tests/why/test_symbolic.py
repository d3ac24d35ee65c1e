"""Functions without a rule: torch's own symbolic shapes give the formula, or the cause says why they cannot."""

import pytest
import torch
from torch import nn

from nnwhy.facts.expression import Size, evaluate, leaves
from nnwhy.trace import record
from nnwhy.why.registry import find_rule
from nnwhy.why.sizes import CallSizes


class Calling(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, *args):
        return self.function(*args)


def last_sizes(function, *shapes):
    trace = record(Calling(function), tuple(torch.rand(shape) for shape in shapes), how="real")
    assert not trace.failures
    call = trace.calls[-1]
    assert find_rule(call.name) is None
    return trace, call, CallSizes(trace).of(call)


@pytest.mark.parametrize(
    "function, shape",
    [
        (lambda x: torch.linalg.svd(x, full_matrices=False), (4, 6)),
        (torch.linalg.qr, (4, 6)),
        (lambda x: torch.diff(x, dim=-1), (3, 4, 6)),
        (lambda x: torch.diff(x, 2, 1), (3, 4, 6)),
        (lambda x: x.diff(n=2), (3, 6)),
        (lambda x: torch.trapezoid(x, dim=1), (4, 6)),
        (torch.cumulative_trapezoid, (4, 6)),
        (lambda x: torch.polygamma(1, x), (4, 6)),
        (torch.special.i0, (5, 2)),
        (torch.diagflat, (2, 3)),
    ],
)
def test_a_function_without_a_rule_has_a_formula_that_is_true(function, shape):
    trace, call, found = last_sizes(function, shape)
    for tensor, sizes in zip(call.outputs, found, strict=True):
        assert {size.source for size in sizes} == {"symbolic shapes"}
        assert tuple(evaluate(size.expression) for size in sizes) == trace.tensors[tensor].shape
    assert any(
        isinstance(leaf, Size) for sizes in found for size in sizes for leaf in leaves(size.expression)
    )


def pieces(x):
    """Torch takes the size of x for a plain number here, so that its formula would say nothing."""
    return torch.unfold_copy(x, 0, 2, 2)


@pytest.mark.parametrize("function, shape", [(torch.cov, (3, 4)), (torch.combinations, (5,)), (pieces, (6,))])
def test_a_size_without_a_formula_has_its_cause(function, shape):
    _, _, found = last_sizes(function, shape)
    assert {size.source for sizes in found for size in sizes} == {""}
    assert all("no rule for" in size.expression.cause for sizes in found for size in sizes)
