"""A closed form holds for other inputs than the one that was recorded."""

import pytest
import torch
from torch import nn

from networks import ResNet50
from nnwhy.examples.recipe import Net
from nnwhy.facts.expression import Size, evaluate
from nnwhy.trace import record
from nnwhy.why.derive import Derivations


class Folding(nn.Module):
    """A view that moves the surplus of each picture into the batch, and a −1 that swallows axes of size 1."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 3, stride=2)

    def forward(self, x):
        y = self.conv(x)
        return (
            y.view(-1, 8),
            nn.functional.max_pool2d(y, 3).view(y.size(0), -1),
            y.reshape(y.shape[0] * 2, -1),
        )


@pytest.mark.parametrize(
    "make, sizes, others",
    [
        (Folding, (2, 1, 9, 9), [(3, 1, 9, 9), (2, 1, 21, 17), (1, 1, 8, 30)]),
        (lambda: nn.Sequential(*list(Net().children())[:2]), (2, 1, 28, 28), [(1, 1, 31, 9)]),
        (lambda: ResNet50().eval(), (1, 3, 64, 64), [(2, 3, 65, 97), (1, 3, 33, 40)]),
    ],
)
def test_closed_forms_give_the_sizes_of_other_passes(make, sizes, others):
    net = make()
    trace = record(net, (torch.zeros(sizes),))
    derivations = Derivations(trace)
    (given,) = (tensor.id for tensor in trace.tensors if tensor.origin.kind == "input")
    for other in others:
        again = record(net, (torch.zeros(other),))
        assert len(again.tensors) == len(trace.tensors)

        def value(leaf, other=other):
            return other[leaf.axis] if isinstance(leaf, Size) and leaf.tensor == given else leaf.value

        for tensor in trace.tensors:
            for axis, _ in enumerate(tensor.shape):
                closed = derivations.closed(tensor.id, axis)
                assert closed is not None
                assert evaluate(closed, value) == again.tensors[tensor.id].shape[axis]
