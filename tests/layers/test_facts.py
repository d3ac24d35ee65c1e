"""What the cards claim about PyTorch beside the arithmetic: defaults, initialisation, parameters, modes."""

from __future__ import annotations

import warnings

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from layers_testing import array
from nnwhy import layers


def parameters(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


@pytest.mark.parametrize(
    ("module", "bound"),
    [
        (nn.Linear(25, 40), 1 / 5),
        (nn.Bilinear(25, 4, 40), 1 / 5),
        (nn.Conv2d(4, 60, 5, groups=2), 1 / 50**0.5),
        (nn.Conv1d(4, 60, 5), 1 / 20**0.5),
        (nn.ConvTranspose2d(60, 4, 5), 1 / 100**0.5),
        (nn.LSTM(3, 16), 1 / 4),
        (nn.GRUCell(3, 16), 1 / 4),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, nn.Module) else "",
)
def test_weights_start_uniform_within_the_bound_that_the_card_says(module, bound) -> None:
    values = torch.cat([parameter.detach().flatten() for parameter in module.parameters()])
    assert values.abs().max() <= bound
    assert values.abs().max() > 0.95 * bound
    assert abs(values.std() - bound / 3**0.5) < 0.1 * bound


def test_other_first_values() -> None:
    table = nn.Embedding(500, 20, padding_idx=3).weight
    assert abs(table.std() - 1) < 0.05 and not table[3].any()
    norm = nn.BatchNorm2d(4)
    assert (norm.weight == 1).all() and not norm.bias.any()
    assert not norm.running_mean.any() and (norm.running_var == 1).all()
    attention = nn.MultiheadAttention(8, 2)
    assert not attention.in_proj_bias.any() and not attention.out_proj.bias.any()
    bound = (6 / (8 + 24)) ** 0.5
    assert attention.in_proj_weight.abs().max() <= bound
    stack = nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), 2)
    one, two = (block.linear1.weight for block in stack.layers)
    assert torch.equal(one, two) and one is not two


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        (nn.Conv2d(32, 64, 3), 64 * 32 * 9 + 64),
        (nn.Conv2d(32, 64, 3, groups=4, bias=False), 64 * 8 * 9),
        (nn.ConvTranspose2d(32, 64, 3, groups=4), 32 * 16 * 9 + 64),
        (nn.Linear(9216, 128), 9216 * 128 + 128),
        (nn.Bilinear(3, 4, 5), 5 * 3 * 4 + 5),
        (nn.BatchNorm2d(7), 14),
        (nn.RMSNorm((3, 4)), 12),
        (nn.LSTM(3, 4, 2, bidirectional=True), 2 * 4 * 4 * (3 + 4 + 2) + 2 * 4 * 4 * (8 + 4 + 2)),
        (nn.LSTM(3, 4, 2, proj_size=2), 4 * 4 * (3 + 2 + 2) + 8 + 4 * 4 * (2 + 2 + 2) + 8),
        (nn.GRU(3, 4), 3 * 4 * (3 + 4 + 2)),
        (nn.RNNCell(3, 4, bias=False), 4 * (3 + 4)),
        (nn.MultiheadAttention(8, 2), 4 * 64 + 32),
        (nn.TransformerEncoderLayer(8, 2, 16), 4 * 64 + 32 + 2 * 8 * 16 + 16 + 8 + 32),
        (nn.TransformerDecoderLayer(8, 2, 16), 8 * 64 + 64 + 2 * 8 * 16 + 16 + 8 + 48),
        (nn.EmbeddingBag(10, 3), 30),
        (nn.AdaptiveLogSoftmaxWithLoss(16, 20, [4, 8]), 16 * (4 + 2) + 16 * 4 + 4 * 4 + 16 * 1 + 1 * 12),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, nn.Module) else "",
)
def test_the_formulas_of_parameters(module, expected) -> None:
    assert parameters(module) == expected


def test_dropout_functions_are_on_or_off_by_default_as_their_cards_say() -> None:
    x = torch.ones(200, 4, 2, 2)
    for name in ("dropout", "dropout1d", "dropout2d", "dropout3d", "alpha_dropout", "feature_alpha_dropout"):
        default = {a.name: a.default for a in layers.card(name).arguments}["training"]
        shaped = {"dropout1d": x[..., 0], "dropout3d": x[..., None]}.get(name, x)
        changed = not torch.equal(getattr(F, name)(shaped), shaped)
        assert changed == (default == "True"), name


def test_a_new_layer_is_in_training_mode_and_p_is_the_probability_to_zero() -> None:
    torch.manual_seed(0)
    kept = (nn.Dropout(0.9)(torch.ones(10_000)) > 0).float().mean()
    assert 0.08 < kept < 0.12


@pytest.mark.parametrize(
    ("call", "warned"),
    [
        (lambda: nn.Dropout2d()(torch.ones(3, 4)), True),
        (lambda: nn.Dropout2d()(torch.ones(3, 4, 5)), True),
        (lambda: nn.Dropout2d().eval()(torch.ones(3, 4)), True),
        (lambda: nn.Dropout1d()(torch.ones(3, 4)), False),
        (lambda: nn.Dropout3d()(torch.ones(3, 4, 5, 6)), False),
        (lambda: nn.Dropout3d()(torch.ones(3, 4)), True),
        (lambda: nn.InstanceNorm1d(3)(torch.ones(2, 4, 5)), True),
        (lambda: nn.MSELoss()(torch.ones(4, 1), torch.ones(4)), True),
        (lambda: nn.Softmax()(torch.ones(4, 1)), True),
    ],
)
def test_what_is_said_to_warn_warns_and_what_is_silent_is_silent(call, warned) -> None:
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        call()
    assert bool(found) == warned


@pytest.mark.parametrize(
    "call",
    [
        lambda: nn.Dropout1d()(torch.ones(1, 2, 3, 4)),
        lambda: nn.GroupNorm(3, 4),
        lambda: nn.PReLU(2)(torch.ones(2, 3)),
        lambda: nn.ModuleList()(1),
        lambda: nn.RNNBase("LSTM", 3, 4)(torch.ones(2, 1, 3)),
        lambda: nn.LSTMCell(3, 4)(torch.ones(5, 2, 3)),
        lambda: nn.ReflectionPad1d(3)(torch.ones(1, 1, 3)),
        lambda: nn.CircularPad1d(4)(torch.ones(1, 1, 3)),
        lambda: nn.BCELoss()(torch.rand(2, 1), torch.rand(2)),
        lambda: nn.Embedding(3, 2)(torch.tensor([1.0])),
        lambda: nn.BatchNorm1d(3)(torch.ones(1, 3)),
        lambda: nn.InstanceNorm2d(3)(torch.ones(2, 3, 1, 1)),
        lambda: nn.LPPool1d(2, (2,))(torch.ones(1, 1, 4)),
        lambda: nn.MultiheadAttention(10, 3),
        lambda: nn.ConvTranspose1d(1, 1, 3, padding_mode="reflect"),
        lambda: nn.MaxPool1d(3, padding=2)(torch.ones(1, 1, 9)),
        lambda: F.one_hot(torch.tensor([1.0])),
        lambda: torch.ones(2).long().mean(),
    ],
)
def test_what_is_said_to_be_an_error_is_one(call) -> None:
    with pytest.raises((RuntimeError, ValueError, TypeError, AssertionError, NotImplementedError)):
        call()


def test_masks_mean_opposite_things_in_the_two_attentions() -> None:
    x = array((1, 3, 4), "float32")
    mask = torch.tensor([[True, False, True], [True, True, True], [True, True, False]])
    first = F.scaled_dot_product_attention(x, x, x, mask)
    assert torch.allclose(first[0, 0], F.scaled_dot_product_attention(x, x[:, ::2], x[:, ::2])[0, 0])
    attention = nn.MultiheadAttention(4, 1, batch_first=True)
    weights = attention(x, x, x, attn_mask=~mask)[1]
    assert weights[0, 0, 1] == 0 and weights[0, 0, 0] > 0
    assert attention(x, x, x, attn_mask=torch.ones(3, 3, dtype=torch.bool))[0].isnan().all()


def test_variance_is_divided_as_the_cards_say() -> None:
    x = torch.tensor([1.0, 2.0, 6.0])
    assert torch.isclose(x.var(), ((x - 3) ** 2).sum() / 2)
    assert torch.isclose(nn.LayerNorm(3)(x)[2], 3 / (((x - 3) ** 2).mean() + 1e-5).sqrt())


def test_gelu_forms_differ_by_as_much_as_the_card_says() -> None:
    x = torch.linspace(-6, 6, 10_001, dtype=torch.float64)
    assert 0.0004 < (F.gelu(x) - F.gelu(x, approximate="tanh")).abs().max() < 0.0005


def test_a_sync_batch_norm_in_one_process_is_a_batch_norm() -> None:
    x = array((4, 3, 5), "float32")
    found = layers.reference("SyncBatchNorm")(x.numpy(), torch.ones(3).numpy(), torch.zeros(3).numpy())
    assert torch.allclose(torch.from_numpy(found), nn.SyncBatchNorm(3)(x), atol=1e-5)
