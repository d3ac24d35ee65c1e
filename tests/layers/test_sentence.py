"""The sentence of an instance: its own numbers, in one short line."""

from __future__ import annotations

import re

import pytest
from torch import nn

from nnwhy import layers
from nnwhy.facts.expression import Constant
from nnwhy.facts.value import TensorRef, Traced


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("Conv2d", {"in_channels": 32, "out_channels": 64, "kernel_size": (3, 3)}, "64 filters, each 3×3 over 32 channels"),
        (
            "Conv2d",
            {"in_channels": 8, "out_channels": 8, "kernel_size": (3, 3), "stride": (2, 2), "padding": (1, 1), "groups": 8},
            "8 filters, each 3×3 over 8 channels, step 2, padded 1, in 8 groups",
        ),
        ("Conv1d", {"in_channels": 1, "out_channels": 2, "kernel_size": 5, "padding": "same"}, "2 filters, each 5 long over 1 channel, padded same"),
        (
            "Linear",
            {"in_features": 9216, "out_features": 128, "bias": True},
            "each of the 128 outputs is a weighted sum of 9216 inputs, plus a bias",
        ),
        (
            "Linear",
            {"in_features": 9216, "out_features": 128, "bias": False},
            "each of the 128 outputs is a weighted sum of 9216 inputs",
        ),
        ("MaxPool2d", {"kernel_size": 2}, "keeps the largest value of each 2×2 window"),
        ("MaxPool2d", {"kernel_size": 2, "stride": 2}, "keeps the largest value of each 2×2 window"),
        ("MaxPool2d", {"kernel_size": (3, 2), "stride": (2, 1)}, "keeps the largest value of each 3×2 window, step 2×1"),
        ("Dropout2d", {"p": 0.25}, "in training, zeroes whole channels, each with probability 0.25"),
        ("F.dropout", {}, "zeroes each value with probability 0.5"),
        ("flatten", {"start_dim": 1}, "joins axes 1 to -1 into one"),
        ("view", {"shape": (Traced(64, Constant(64)), -1)}, "the same values under the axes (64, -1)"),
        ("permute", {"dims": (0, 2, 1)}, "axes in the order 0, 2, 1"),
        ("cat", {"tensors": (TensorRef(1), TensorRef(2)), "dim": 1}, "joins 2 tensors along axis 1"),
        ("mean", {"dim": (2, 3)}, "the mean along axis 2, 3"),
        ("mean", {}, "the mean"),
        ("LSTM", {"input_size": 3, "hidden_size": 8, "num_layers": 2, "bidirectional": True}, "reads steps of 3 numbers, remembers 8, 2 layers, both ways"),
        ("Upsample", {"scale_factor": 2.0, "mode": "nearest"}, "resizes by 2, mode nearest"),
    ],
)  # fmt: skip
def test_the_numbers_of_an_instance_are_filled_in(name, values, expected) -> None:
    assert layers.sentence(name, values) == expected


@pytest.mark.parametrize("card", layers.cards(), ids=lambda card: card.path)
def test_without_any_value_there_is_still_a_sentence(card) -> None:
    text = layers.sentence(card.name, {})
    assert text and not text.endswith(".") and "{" not in text and "\n" not in text


def test_a_value_that_cannot_be_printed_gives_the_general_sentence() -> None:
    values = {"in_channels": object(), "out_channels": 4, "kernel_size": 3}
    assert layers.sentence("Conv2d", values) == layers.card("Conv2d").sentence.rstrip(".")


def test_what_a_module_does_not_hold_is_not_taken_for_its_default() -> None:
    assert layers.sentence("Dropout", {}) == layers.card("Dropout").sentence.rstrip(".")
    assert "2048" not in layers.sentence("TransformerEncoderLayer", {"nhead": 8})


def test_a_template_cannot_reach_into_values() -> None:
    """Values come from users' programs: nothing of theirs is formatted or called."""
    assert layers.sentence("einsum", {"equation": "{__class__}"}) == "{__class__}"


@pytest.mark.parametrize("card", layers.cards(), ids=lambda card: card.path)
def test_a_template_names_only_arguments_of_its_card(card) -> None:
    named = set(re.findall(r"\{(\w+)", card.here))
    assert named <= {argument.name for argument in card.arguments}


INSTANCES = [
    nn.Conv2d(32, 64, 3, padding=1), nn.ConvTranspose2d(64, 32, 2, stride=2), nn.Linear(9216, 128), nn.Bilinear(20, 30, 40),
    nn.MaxPool2d(3, 2, 1), nn.AvgPool2d(2), nn.AdaptiveAvgPool2d((1, 1)), nn.AdaptiveMaxPool2d(7), nn.LPPool2d(2, 3),
    nn.BatchNorm2d(64), nn.LayerNorm(768), nn.GroupNorm(32, 256), nn.InstanceNorm2d(64), nn.RMSNorm(4096),
    nn.Dropout2d(0.25), nn.AlphaDropout(0.1), nn.Embedding(50000, 768), nn.EmbeddingBag(50000, 64), nn.LSTM(768, 512, 2),
    nn.GRU(64, 64), nn.LSTMCell(64, 64), nn.MultiheadAttention(768, 12), nn.TransformerEncoderLayer(512, 8),
    nn.Softmax(1), nn.LeakyReLU(0.2), nn.GELU(), nn.Hardtanh(), nn.PReLU(), nn.Flatten(), nn.Unflatten(1, (64, 7, 7)),
    nn.Unfold(3, padding=1), nn.Fold((28, 28), 3), nn.PixelShuffle(2), nn.Upsample(scale_factor=2), nn.ZeroPad2d(1),
    nn.CrossEntropyLoss(), nn.BCEWithLogitsLoss(), nn.MSELoss(), nn.CTCLoss(), nn.TripletMarginLoss(), nn.CosineSimilarity(),
]  # fmt: skip


@pytest.mark.parametrize("module", INSTANCES, ids=lambda module: type(module).__name__)
def test_a_real_instance_fills_one_short_line(module) -> None:
    """From the attributes that the module holds, as a trace gives them; short enough for a table's column."""
    card = layers.card(type(module).__name__)
    values = {a.name: getattr(module, a.name) for a in card.arguments if hasattr(module, a.name)}
    text = layers.sentence(card.name, values)
    assert len(text) <= 80, text
    assert text != card.sentence.rstrip(".") or not re.search(r"\{\w+\}", card.here)
