"""The dropout references equal torch given torch's mask, and the rules that say what a mask may be hold for both."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from layers_testing import DTYPES, array, assert_equal, quick
from nnwhy import layers

# The number of first axes over which torch draws, for the batched shape.
SHAPES = {
    "Dropout": ((3, 4, 5), 3),
    "Dropout1d": ((6, 4, 5), 2),
    "Dropout2d": ((6, 4, 3, 5), 2),
    "Dropout3d": ((6, 4, 2, 3, 2), 2),
    "AlphaDropout": ((3, 4, 5), 3),
    "FeatureAlphaDropout": ((6, 4, 3, 5), 2),
}
probability = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0])


def torch_mask(name: str, x: torch.Tensor, y: torch.Tensor, p: float) -> np.ndarray:
    """Which places torch kept: those that are not what a dropped value becomes."""
    if "Alpha" not in name:
        return (y != 0).numpy()
    limit = -1.7580993408473766
    a = ((1 - p) * (1 + p * limit**2)) ** -0.5 if p < 1 else 0
    dropped = a * limit - a * p * limit
    return ~np.isclose(y.numpy(), dropped, atol=1e-6)


@pytest.mark.parametrize("name", SHAPES)
@quick(75)
@given(probability, st.integers(0, 10**6), DTYPES)
def test_in_training_it_equals_torch_with_the_same_mask(name, p, seed, dtype) -> None:
    shape, count = SHAPES[name]
    x = array(shape, dtype) + 10
    torch.manual_seed(seed)
    y = getattr(nn, name)(p)(x)
    mask = torch_mask(name, x, y, p).reshape(*shape[:count], -1)
    assert (mask == mask[..., :1]).all(), "what is dropped together is dropped as a whole"
    keep = mask[..., 0].reshape(shape[:count])
    assert_equal(layers.reference(name)(x.numpy(), p, keep=keep), y)


@pytest.mark.parametrize("name", SHAPES)
def test_in_evaluation_it_does_nothing(name) -> None:
    x = array(SHAPES[name][0], "float32")
    assert_equal(layers.reference(name)(x.numpy(), 0.5, training=False), getattr(nn, name)(0.5).eval()(x))


@pytest.mark.parametrize("name", ["Dropout1d", "Dropout2d", "Dropout3d"])
@quick(60)
@given(st.sampled_from([0.25, 0.5, 0.75]), st.integers(0, 10**6))
def test_a_channel_is_all_zero_or_all_scaled(name, p, seed) -> None:
    shape, count = SHAPES[name]
    x = array(shape, "float64").numpy()
    y = layers.reference(name)(x, p, rng=np.random.default_rng(seed))
    for place in np.ndindex(*shape[:count]):
        assert (y[place] == 0).all() or np.allclose(y[place], x[place] / (1 - p))


@pytest.mark.parametrize("name", SHAPES)
def test_p_is_the_probability_to_drop_for_both(name) -> None:
    """Within five standard deviations over 4000 draws."""
    shape = SHAPES[name][0]
    x = np.full((4000, 1, *shape[2:]), 10.0)
    p = 0.25
    torch.manual_seed(0)
    theirs = torch_mask(name, torch.from_numpy(x), getattr(nn, name)(p)(torch.from_numpy(x)), p)
    ours = layers.reference(name)(x, p, rng=np.random.default_rng(0))
    ours = torch_mask(name, torch.from_numpy(x), torch.from_numpy(ours), p)
    for mask in (theirs, ours):
        dropped = 1 - mask.reshape(4000, -1)[:, 0].mean()
        assert abs(dropped - p) < 5 * (p * (1 - p) / 4000) ** 0.5


def test_dropout1d_on_a_flat_batch_erases_whole_samples() -> None:
    x = torch.ones(1000, 8)
    torch.manual_seed(0)
    theirs = nn.Dropout1d(0.5)(x).numpy()
    ours = layers.reference("Dropout1d")(x.numpy(), 0.5, rng=np.random.default_rng(0))
    for y in (theirs, ours):
        assert ((y == 0).all(axis=1) | (y == 2).all(axis=1)).all()
        assert 400 < (y == 0).all(axis=1).sum() < 600


@pytest.mark.filterwarnings("ignore:dropout2d")
def test_dropout2d_on_a_flat_batch_drops_single_values_as_dropout_does() -> None:
    x = torch.ones(1000, 8)
    torch.manual_seed(0)
    theirs = nn.Dropout2d(0.5)(x)
    torch.manual_seed(0)
    assert torch.equal(theirs, nn.Dropout(0.5)(x))
    assert_equal(layers.reference("Dropout2d")(x.numpy(), 0.5, keep=(theirs != 0).numpy()), theirs)


def test_alpha_dropout_keeps_mean_and_variance() -> None:
    x = np.random.default_rng(0).normal(size=(200, 1000))
    y = layers.reference("AlphaDropout")(x, 0.2, rng=np.random.default_rng(1))
    assert abs(y.mean()) < 0.01 and abs(y.var() - 1) < 0.01
