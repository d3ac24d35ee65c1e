"""What a −1 in a view stands for: the axes that are left, by their place, never by a number that happens to fit."""

import pytest
import torch
from torch import nn

from nnwhy.facts.expression import Operation, Size, leaves
from nnwhy.trace import record
from nnwhy.why.sizes import CallSizes


class View(nn.Module):
    def __init__(self, wanted):
        super().__init__()
        self.wanted = wanted

    def forward(self, x, other):
        return x.view(self.wanted(other))


def axes_of_the_rest(shape, wanted):
    """The operator and the axes of x that the −1 is made of."""
    trace = record(View(wanted), (torch.zeros(shape), torch.zeros(shape)))
    (call,) = [call for call in trace.calls if call.name == "view"]
    given = call.arguments["shape"]
    (size,) = [
        size.expression
        for size, value in zip(CallSizes(trace).of(call)[0], given, strict=True)
        if value == -1
    ]
    kind = size.operator if isinstance(size, Operation) else ""
    return kind, [leaf.axis if isinstance(leaf, Size) else leaf.value for leaf in leaves(size)]


@pytest.mark.parametrize(
    "shape, wanted, expected",
    [
        ((2, 16, 4, 4), lambda x: (-1, 256), ("", [0])),
        ((2, 16, 4, 4), lambda x: (x.shape[0], -1), ("*", [1, 2, 3])),
        ((2, 7, 16), lambda x: (x.shape[0], x.shape[1], -1, 8), ("//", [2, 8])),
        ((8, 4, 4, 8), lambda x: (-1, 16, 8), ("", [0])),
        ((2, 2, 2, 4, 4, 8), lambda x: (-1, 4, 4, 8), ("*", [0, 1, 2])),
        ((2, 8, 1, 1), lambda x: (2, -1), ("*", [1, 2, 3])),
        ((1, 8, 2), lambda x: (x.shape[0], -1), ("*", [1, 2])),
        ((2, 3, 4), lambda x: (-1,), ("*", [0, 1, 2])),
    ],
)
def test_a_minus_one_is_the_axes_that_are_left(shape, wanted, expected):
    assert axes_of_the_rest(shape, wanted) == expected
