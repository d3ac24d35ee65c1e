"""Names of axes: right where a function fixes them, handed on, and "" where nothing is known."""

import pytest
import torch
from torch import nn
from torch.nn import functional

from nnwhy.trace import record
from nnwhy.why.axes import AxisNames


class Heads(nn.Module):
    """Attention as most networks write it; the sizes of batch and heads are equal on purpose."""

    def __init__(self):
        super().__init__()
        self.words, self.qkv = nn.Embedding(20, 16), nn.Linear(16, 16)

    def forward(self, tokens):
        x = self.words(tokens)
        q = self.qkv(x).view(*tokens.shape, -1, 8).transpose(1, 2)
        return functional.scaled_dot_product_attention(q, q, q).transpose(1, 2).reshape(*tokens.shape, -1)


class Windows(nn.Module):
    """Pieces of pictures that become samples."""

    def __init__(self):
        super().__init__()
        self.conv, self.linear = nn.Conv2d(3, 8, 1), nn.Linear(8, 8)

    def forward(self, x):
        x = self.conv(x).permute(0, 2, 3, 1)
        n, h, w, c = x.shape
        x = x.view(n, h // 4, 4, w // 4, 4, c).transpose(2, 3).reshape(-1, 16, c)
        return self.linear(x)


def names(net, *inputs):
    trace = record(net.eval(), inputs)
    axes = AxisNames(trace)
    made = {call.name: axes.of(call.outputs[0]) for call in reversed(trace.calls) if call.kind == "function"}
    return axes, trace, made


def test_tokens_and_what_is_made_of_them():
    axes, trace, made = names(Heads(), torch.zeros(2, 7, dtype=torch.int64))
    assert axes.of(trace.inputs[0].value.id) == ("batch", "length")
    assert made["embedding"] == ("batch", "length", "features")
    assert made["view"] == ("batch", "length", "", "")
    assert made["scaled_dot_product_attention"] == ("batch", "heads", "length", "")
    assert made["reshape"][:2] == ("batch", "length")


def test_windows_are_no_batch():
    axes, trace, made = names(Windows(), torch.zeros(2, 3, 8, 8))
    assert axes.of(trace.inputs[0].value.id) == ("batch", "channels", "height", "width")
    assert made["permute"] == ("batch", "height", "width", "channels")
    assert made["linear"] == ("", "", "features")


@pytest.mark.parametrize(
    "net, shape, expected",
    [
        (nn.Conv1d(3, 4, 3), (2, 3, 9), ("batch", "channels", "length")),
        (nn.Conv2d(3, 4, 3), (3, 9, 9), ("channels", "height", "width")),
        (nn.Conv3d(3, 4, 3), (2, 3, 9, 9, 9), ("batch", "channels", "depth", "height", "width")),
        (nn.Linear(4, 5), (2, 4), ("batch", "features")),
        (nn.BatchNorm1d(4), (2, 4, 6), ("batch", "channels", "length")),
        (nn.LSTM(4, 5), (6, 2, 4), ("length", "batch", "features")),
        (nn.LSTM(4, 5, batch_first=True), (2, 6, 4), ("batch", "length", "features")),
        (nn.TransformerEncoderLayer(4, 2, 8), (6, 2, 4), ("length", "batch", "features")),
        (nn.TransformerEncoderLayer(4, 2, 8, batch_first=True), (2, 6, 4), ("batch", "length", "features")),
        (nn.LayerNorm((3, 4)), (2, 3, 4), ("", "", "")),
        (nn.ReLU(), (2, 3), ("", "")),
        (nn.Sequential(nn.ReLU(), nn.Dropout(), nn.Conv2d(3, 4, 3)), (2, 3, 9, 9), ("batch", "channels", "height", "width")),
    ],
)  # fmt: skip
def test_the_axes_of_an_input_are_named_by_what_becomes_of_it(net, shape, expected):
    axes, trace, _ = names(net, torch.zeros(shape))
    assert axes.of(trace.inputs[0].value.id) == expected


def test_letters_are_the_users_own_or_the_usual_ones():
    trace = record(nn.Conv2d(3, 4, 3), (torch.zeros(2, 3, 9, 9),), letters=(("B", None, None, None),))
    assert list(AxisNames(trace).inputs()) == ["B", "C", "H", "W"]
