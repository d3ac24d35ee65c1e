"""Each kind of layer: facts that are whole, text that fits, numbers that agree with torch."""

import jsonschema
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from nnwhy.facts.codec import from_json, to_json
from nnwhy.facts.picture import Bars, Picture
from nnwhy.facts.schema import schema
from nnwhy.report.notebook import html
from nnwhy.report.shown import documented
from nnwhy.report.shown_layer import shown_layer_text
from nnwhy.show import show
from nnwhy.show.registry import tellers


class Only(nn.Module):
    """A network of one layer."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, *x):
        return self.layer(*x)


def seen(layer, *x, **how):
    torch.manual_seed(1)
    return show(Only(layer), x, {}, "layer", **how)


def images(*shape):
    return torch.rand(shape, generator=torch.Generator().manual_seed(0))


def numbers(*shape):
    return torch.randn(shape, generator=torch.Generator().manual_seed(0))


def cell(shown, label, column=0):
    return next(
        row.values[column] for table in shown.numbers for row in table.rows if row.label.strip() == label
    )


X4, X3, X2 = images(2, 4, 12, 12), numbers(2, 6, 8), numbers(3, 20)
CASES = {
    "Conv2d": (lambda: nn.Conv2d(4, 6, 3), (X4,)),
    "Conv2d unbatched": (lambda: nn.Conv2d(4, 6, 3), (X4[0],)),
    "Conv1d": (lambda: nn.Conv1d(6, 5, 3), (X3,)),
    "Conv3d": (lambda: nn.Conv3d(2, 3, 3), (images(1, 2, 5, 6, 7),)),
    "ConvTranspose2d": (lambda: nn.ConvTranspose2d(4, 3, 2, 2), (X4,)),
    "MaxPool2d": (lambda: nn.MaxPool2d(2), (X4,)),
    "MaxPool1d": (lambda: nn.MaxPool1d(2), (X3,)),
    "AvgPool2d": (lambda: nn.AvgPool2d(3), (X4,)),
    "AvgPool3d": (lambda: nn.AvgPool3d(2), (images(1, 2, 4, 4, 4),)),
    "AdaptiveAvgPool2d": (lambda: nn.AdaptiveAvgPool2d(1), (X4,)),
    "AdaptiveMaxPool2d": (lambda: nn.AdaptiveMaxPool2d(3), (X4,)),
    "Dropout": (lambda: nn.Dropout(0.5), (X4,)),
    "Dropout2d": (lambda: nn.Dropout2d(0.5), (X4,)),
    "AlphaDropout": (lambda: nn.AlphaDropout(0.5), (X2,)),
    "FeatureAlphaDropout": (lambda: nn.FeatureAlphaDropout(0.5), (X4,)),
    "Dropout of nothing": (lambda: nn.Dropout(0.0), (X2,)),
    "Dropout of all": (lambda: nn.Dropout(1.0), (X2,)),
    "BatchNorm2d": (lambda: nn.BatchNorm2d(4), (X4,)),
    "BatchNorm1d of one": (lambda: nn.BatchNorm1d(20), (X2[:1],)),
    "InstanceNorm2d": (lambda: nn.InstanceNorm2d(4), (X4,)),
    "GroupNorm": (lambda: nn.GroupNorm(2, 4), (X4,)),
    "LayerNorm": (lambda: nn.LayerNorm(8), (X3,)),
    "ReLU": (lambda: nn.ReLU(), (numbers(2, 4, 6, 6),)),
    "ReLU of a vector": (lambda: nn.ReLU(), (numbers(5),)),
    "GELU": (lambda: nn.GELU(), (X3,)),
    "Tanh": (lambda: nn.Tanh(), (X2,)),
    "PReLU": (lambda: nn.PReLU(), (X2,)),
    "Linear": (lambda: nn.Linear(20, 7), (X2,)),
    "Linear on sequences": (lambda: nn.Linear(8, 70), (X3,)),
    "MultiheadAttention": (lambda: nn.MultiheadAttention(8, 2, batch_first=True), (X3, X3, X3)),
    "Embedding": (lambda: nn.Embedding(50, 6), (torch.tensor([[3, 1, 3, 7, 49]]),)),
    "Embedding of one": (lambda: nn.Embedding(50, 1), (torch.tensor([3]),)),
    "LSTM": (lambda: nn.LSTM(8, 5, batch_first=True), (X3,)),
    "GRU": (lambda: nn.GRU(8, 5), (X3,)),
    "RNN of one step": (lambda: nn.RNN(8, 5), (X3[:1],)),
    "Softmax": (lambda: nn.Softmax(1), (X2,)),
    "LogSoftmax": (lambda: nn.LogSoftmax(1), (X4,)),
    "Flatten": (lambda: nn.Flatten(), (X4,)),
    "TransformerEncoderLayer": (lambda: nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), (X3,)),
    "PixelShuffle": (lambda: nn.PixelShuffle(2), (X4,)),
    "one number": (lambda: nn.Identity(), (torch.tensor(2.0),)),
    "not a number": (lambda: nn.Identity(), (torch.full((2, 3), float("nan")),)),
    "half precision": (lambda: nn.Linear(20, 7).bfloat16(), (X2.bfloat16(),)),
    "large": (lambda: nn.ReLU(), (numbers(1, 2, 150, 200),)),
    "long and thin": (lambda: nn.ReLU(), (numbers(1, 1, 3, 500),)),
}  # fmt: skip


@pytest.fixture(scope="module")
def validator():
    return jsonschema.Draft202012Validator(schema())


@pytest.mark.filterwarnings("ignore:enable_nested_tensor")
@pytest.mark.parametrize("name", CASES)
def test_every_kind_is_shown_whole(name, validator):
    make, x = CASES[name]
    torch.manual_seed(0)
    shown = seen(make(), *x)
    validator.validate(documented(shown))
    back = from_json(to_json(shown))
    # NaN differs from itself, so the JSON is compared.
    assert to_json(back) == to_json(shown)
    assert shown.see.endswith(".") and shown.pictures
    for width in (80, 60):
        lines = list(shown_layer_text(shown, width))
        assert all(line.cell_len <= width for line in lines)
    assert any(line.spans for line in shown_layer_text(shown, 80, colour=True))
    assert "<div class='nnwhy-out'>" in html(shown, str)


def test_every_registered_kind_is_a_case():
    """A family counts as tried where one of its layers is: a teller is shared by its layers."""
    tried = {tellers().get(name.split(" ")[0]) for name in CASES}
    untried = {name for name, teller in tellers().items() if teller not in tried}
    assert untried <= {"ScaledDotProductAttention"}  # a function, tried below


@pytest.mark.parametrize("how", [{}, {"stride": 2}, {"padding": 1}, {"padding": "same"}, {"dilation": 2}, {"groups": 2},
    {"padding": 2, "padding_mode": "reflect"}, {"padding": (0, 1), "padding_mode": "circular"}, {"bias": False}])  # fmt: skip
def test_the_patch_times_the_kernel_is_the_value(how):
    layer = nn.Conv2d(4, 6, 3, **how)
    shown = seen(layer, X4)
    table = shown.numbers[1]
    *parts, value = (row.values[0] for row in table.rows)
    assert sum(parts) == pytest.approx(value, abs=1e-4)
    row, column, channel = (int(word.strip(",")) for word in table.title.split() if word.strip(",").isdigit())
    assert layer(X4)[0, channel, row, column].item() == pytest.approx(value, abs=1e-5)
    patch = next(picture for picture in shown.pictures if "the patch" in picture.mark)
    pixels = sum(len(tile.spots) for tile in patch.tiles) / len(patch.tiles)
    assert 1 <= pixels <= 9


def test_a_layer_that_only_calls_itself_a_convolution_is_shown_as_any_layer():
    class Conv2d(nn.Conv2d):
        def forward(self, input):
            return super().forward(input) * 2

    assert "compare the two rows" in seen(Conv2d(4, 6, 3), X4).see


@pytest.mark.parametrize("layer", [nn.MaxPool2d(2), nn.MaxPool2d(3, 2, 1), nn.AdaptiveMaxPool2d(3)])
def test_the_pixels_that_win_are_the_values_that_go_on(layer):
    shown = seen(layer, X4)
    before, after = shown.pictures
    for one, other in zip(before.tiles, after.tiles, strict=True):
        won = {one.values[row][column] for row, column in one.spots}
        assert won == {value for line in other.values for value in line}


def test_rows_that_no_window_reaches_are_told():
    assert seen(nn.MaxPool2d(2), images(1, 1, 25, 24)).notes == (
        "the last row is in no window and has no effect",
    )
    assert seen(nn.MaxPool2d(5), images(1, 1, 24, 24)).notes == (
        "the last 4 rows are in no window and have no effect",
        "the last 4 columns are in no window and have no effect",
    )
    assert seen(nn.MaxPool2d(2), X4).notes == ()


def test_the_parts_of_a_linear_output_sum_to_it():
    layer = nn.Linear(20, 7)
    shown = seen(layer, X2)
    *parts, value = (row.values[0] for row in shown.numbers[1].rows)
    assert sum(parts) == pytest.approx(value, abs=1e-5)
    assert layer(X2)[0].max().item() == pytest.approx(value, abs=1e-5)
    bars = next(picture for picture in shown.pictures if isinstance(picture, Bars))
    assert len(bars.bars) == 10


def test_dead_units_are_counted():
    x = numbers(4, 5, 3, 3)
    x[:, 2] = -1
    assert "1 of the 5 units is 0 for all 4 samples" in seen(nn.ReLU(), x).see
    assert "none is 0" in seen(nn.ReLU(), numbers(4, 5, 3, 3)).see


def test_batch_normalisation_in_both_modes():
    shown = seen(nn.BatchNorm2d(4), X4 * 5 + 3)
    histogram = shown.pictures[0]
    assert [series.label for series in histogram.series] == ["before", "training", "evaluation"]
    assert "before training" in shown.notes[0]
    trained = seen(nn.BatchNorm2d(4), X4 * 5 + 3, training=True)
    assert cell(trained, "mean", 1) == pytest.approx(0, abs=1e-5)
    assert cell(trained, "standard deviation", 1) == pytest.approx(1, abs=1e-3)


def test_attention_as_a_layer_and_as_a_function_share_out_the_same():
    class Net(nn.Module):
        def forward(self, q):
            return F.scaled_dot_product_attention(q, q, q, is_causal=True)

    q = numbers(1, 2, 5, 4)
    shown = show(Net(), (q,), {}, "F.scaled_dot_product_attention")
    scores = (q @ q.transpose(-2, -1) / 2).masked_fill(torch.ones(5, 5).tril() == 0, -torch.inf)
    expected = scores.softmax(-1)[0]
    for tile, head in zip(shown.pictures[0].tiles, expected, strict=True):
        assert torch.allclose(torch.tensor(tile.values), head, atol=1e-3)
    layer = seen(nn.MultiheadAttention(8, 2, batch_first=True), X3, X3, X3)
    for tile in layer.pictures[0].tiles:
        assert torch.tensor(tile.values).sum(1) == pytest.approx(torch.ones(6), abs=5e-3)


def test_shares_sum_to_one_also_where_logarithms_are_given():
    for layer in (nn.Softmax(1), nn.LogSoftmax(1)):
        shown = seen(layer, numbers(3, 10))
        assert sum(bar.value for bar in shown.pictures[0].bars) == pytest.approx(1, abs=1e-5)
        assert sum(bar.marked for bar in shown.pictures[0].bars) == 1


def test_large_maps_become_smaller_tiles_with_the_same_mean():
    x = numbers(1, 2, 150, 200)
    tile = next(p for p in seen(nn.Identity(), x).pictures if isinstance(p, Picture)).tiles[0]
    assert len(tile.values) <= 64 and len(tile.values[0]) <= 64
    assert torch.tensor(tile.values).mean().item() == pytest.approx(
        x[0, int(tile.label)].mean().item(), abs=0.02
    )
