"""Multiply-adds and parameters against torch's own FlopCounterMode and the modules themselves."""

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from networks import Encoder, ResNet50, Vgg16Features
from nnwhy.examples.recipe import Net
from nnwhy.trace import record
from nnwhy.why.steps import explain


class Attention(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(16, 48)

    def forward(self, x):
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        scores = torch.einsum("bld,bmd->blm", q, k).softmax(-1)
        return nn.functional.scaled_dot_product_attention(q, k, v) + torch.bmm(scores, v) + scores @ v


CASES = [
    (Net, (torch.zeros(2, 1, 28, 28),)),
    (ResNet50, (torch.zeros(1, 3, 64, 64),)),
    (Vgg16Features, (torch.zeros(1, 3, 32, 32),)),
    (lambda: nn.Sequential(nn.ConvTranspose2d(4, 8, 3, 2, groups=2), nn.Conv2d(8, 6, 3, groups=2)), (torch.zeros(2, 4, 9, 9),)),
    (Attention, (torch.zeros(2, 5, 16),)),
    (Encoder, (torch.zeros(2, 7, dtype=torch.int64),)),
]  # fmt: skip


@pytest.mark.filterwarnings("ignore:dropout2d")
@pytest.mark.parametrize("make, inputs", CASES)
def test_totals_are_those_that_torch_counts(make, inputs):
    net = (
        make()
    )  # in training mode: in evaluation mode the encoder takes a fused path that the counter does not see
    explanation = explain(record(net, inputs))
    with (
        FlopCounterMode(display=False) as counter,
        torch.no_grad(),
        torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH),
    ):
        net(*inputs)
    assert explanation.total.parameters == sum(parameter.numel() for parameter in net.parameters())
    assert explanation.total.multiply_adds * 2 == counter.get_total_flops()


@pytest.mark.parametrize("make, inputs", CASES)
def test_the_steps_add_up_to_the_total(make, inputs):
    explanation = explain(record(make().eval(), inputs), unfold=True)
    top = [step for step in explanation.steps if step.depth == 0]
    assert sum(step.cost.parameters for step in top) == explanation.total.parameters
    assert sum(step.cost.multiply_adds for step in top) == explanation.total.multiply_adds


def test_a_shared_weight_counts_once():
    class Tied(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embedding = nn.Embedding(10, 4)
            self.head = nn.Linear(4, 10, bias=False)
            self.head.weight = self.embedding.weight

        def forward(self, tokens):
            return self.head(self.embedding(tokens))

    explanation = explain(record(Tied(), (torch.zeros(1, 3, dtype=torch.int64),)))
    assert explanation.total.parameters == 40
    assert [step.cost.parameters for step in explanation.steps] == [40, 0]


def test_an_lstm_multiplies_its_weights_at_every_step():
    net = nn.LSTM(3, 5, batch_first=True)
    explanation = explain(record(net, (torch.zeros(2, 7, 3),)))
    assert explanation.total.multiply_adds == 2 * 7 * (4 * 5 * 3 + 4 * 5 * 5)
