"""The recurrent and transformer references equal torch, step by step and stacked."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from layers_testing import DTYPES, array, assert_equal, quick, weights_of
from nnwhy import layers


def weight_sets(module: nn.RNNBase) -> list[list[np.ndarray | None]]:
    """A set for each layer and direction: W_ih, W_hh, b_ih, b_hh, and W_hr where there is one."""
    sets = []
    for group in module.all_weights:
        arrays = [weight.detach().numpy() for weight in group]
        if not module.bias:
            arrays[2:2] = [None, None]
        sets.append(arrays)
    return sets


@st.composite
def stacks(draw: st.DrawFn) -> dict:
    return {
        "num_layers": draw(st.integers(1, 3)),
        "bias": draw(st.booleans()),
        "batch_first": draw(st.booleans()),
        "bidirectional": draw(st.booleans()),
    }


# Between layers p = 1 zeroes everything in training: the one dropout whose mask is known.
dropouts = st.sampled_from([0.0, 1.0])


@pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN")
@pytest.mark.filterwarnings("ignore:dropout option adds dropout after all but last")
@pytest.mark.parametrize("name", ["RNN", "GRU", "LSTM"])
@quick(75)
@given(stacks(), dropouts, st.booleans(), st.booleans(), st.data(), DTYPES)
def test_sequences(name, stack, dropout, training, with_state, data, dtype) -> None:
    extra = {}
    if name == "RNN":
        extra["nonlinearity"] = data.draw(st.sampled_from(["tanh", "relu"]))
    if name == "LSTM":
        extra["proj_size"] = data.draw(st.sampled_from([0, 2]))
    module = (
        getattr(nn, name)(3, 4, dropout=dropout, **stack, **extra).to(getattr(torch, dtype)).train(training)
    )
    x = array((2, 5, 3) if stack["batch_first"] else (5, 2, 3), dtype)
    count = stack["num_layers"] * (2 if stack["bidirectional"] else 1)
    hidden = extra.get("proj_size") or 4
    state = None
    if with_state:
        state = array((count, 2, hidden), dtype, seed=1)
        if name == "LSTM":
            state = (state, array((count, 2, 4), dtype, seed=2))
    y, last = module(x, state)
    given_state = state
    if state is not None:
        given_state = tuple(part.numpy() for part in state) if name == "LSTM" else state.numpy()
    options = {key: stack[key] for key in ("batch_first", "bidirectional")}
    if name == "RNN":
        options |= extra
    found = layers.reference(name)(
        x.numpy(), weight_sets(module), given_state, dropout=dropout, training=training, **options
    )
    assert_equal(found[0], y)
    for one, other in zip(found[1:], last if name == "LSTM" else [last], strict=True):
        assert_equal(one, other)


@pytest.mark.parametrize("name", ["RNNCell", "GRUCell", "LSTMCell"])
@quick(60)
@given(st.booleans(), st.sampled_from(["tanh", "relu"]), DTYPES)
def test_cells(name, bias, nonlinearity, dtype) -> None:
    extra = {"nonlinearity": nonlinearity} if name == "RNNCell" else {}
    module = getattr(nn, name)(3, 4, bias=bias, **extra).to(getattr(torch, dtype))
    x, h, c = (array((2, n), dtype, seed=n + i) for i, n in enumerate((3, 4, 4)))
    state = (h, c) if name == "LSTMCell" else h
    weights = [module.weight_ih, module.weight_hh, module.bias_ih, module.bias_hh]
    arrays = [None if weight is None else weight.detach().numpy() for weight in weights]
    given_state = tuple(part.numpy() for part in state) if name == "LSTMCell" else state.numpy()
    found = layers.reference(name)(x.numpy(), given_state, *arrays, **extra)
    expected = module(x, state)
    for one, other in zip(found, expected, strict=True) if name == "LSTMCell" else [(found, expected)]:
        assert_equal(one, other)


@quick(120)
@given(st.sampled_from(["none", "bool", "float", "causal"]), st.booleans(), st.none() | st.just(0.3), DTYPES)
def test_scaled_dot_product_attention(mask, grouped, scale, dtype) -> None:
    query, key, value = (
        array((2, 4, 3, 8), dtype),
        array((2, 2 if grouped else 4, 5, 8), dtype, seed=1),
        None,
    )
    value = array((2, 2 if grouped else 4, 5, 6), dtype, seed=2)
    attn_mask = {"bool": array((3, 5), dtype) > -1, "float": array((3, 5), dtype)}.get(mask)
    options = {"is_causal": mask == "causal", "scale": scale, "enable_gqa": grouped}
    expected = nn.functional.scaled_dot_product_attention(query, key, value, attn_mask, **options)
    arrays = (query.numpy(), key.numpy(), value.numpy(), None if attn_mask is None else attn_mask.numpy())
    assert_equal(layers.reference("scaled_dot_product_attention")(*arrays, **options), expected)


@quick(120)
@given(
    st.booleans(), st.booleans(), st.booleans(), st.booleans(), st.booleans(), st.booleans(),
    st.sampled_from(["none", "bool", "float", "heads"]), DTYPES,
)  # fmt: skip
def test_multihead_attention(bias, extra_kv, zero, other_sizes, batch_first, average, mask, dtype) -> None:
    sizes = {"kdim": 5, "vdim": 7} if other_sizes else {}
    module = nn.MultiheadAttention(
        8, 2, bias=bias, add_bias_kv=extra_kv, add_zero_attn=zero, batch_first=batch_first, **sizes
    ).to(getattr(torch, dtype))
    if bias:
        with torch.no_grad():
            module.in_proj_bias.copy_(array((24,), dtype))
    query, key, value = (
        array((2, length, size) if batch_first else (length, 2, size), dtype, seed=size)
        for length, size in ((3, 8), (4, sizes.get("kdim", 8)), (4, sizes.get("vdim", 8)))
    )
    attn_mask = {
        "bool": array((3, 4), dtype) > 1,
        "float": array((3, 4), dtype),
        "heads": array((4, 3, 4), dtype),
    }
    padded = torch.tensor([[False, False, False, True], [False] * 4]) if mask in ("none", "bool") else None
    options = {"key_padding_mask": padded, "attn_mask": attn_mask.get(mask), "average_attn_weights": average}
    expected = module(query, key, value, **options)
    found = layers.reference("MultiheadAttention")(
        query.numpy(), key.numpy(), value.numpy(), weights_of(module), 2,
        add_zero_attn=zero, batch_first=batch_first,
        **{name: x.numpy() if isinstance(x, torch.Tensor) else x for name, x in options.items()},
    )  # fmt: skip
    for one, other in zip(found, expected, strict=True):
        assert_equal(one, other)


@quick(90)
@given(
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["relu", "gelu"]),
    st.booleans(),
    st.booleans(),
    DTYPES,
)
def test_transformer_blocks(norm_first, batch_first, bias, activation, masked, training, dtype) -> None:
    options = {
        "activation": activation,
        "norm_first": norm_first,
        "batch_first": batch_first,
        "layer_norm_eps": 1e-3,
    }
    made = {"dropout": 0.0, "bias": bias, "dtype": getattr(torch, dtype), **options}
    x, memory = (array((2, n, 8) if batch_first else (n, 2, 8), dtype, seed=n) for n in (3, 4))
    mask = torch.triu(torch.full((3, 3), float("-inf"), dtype=x.dtype), 1) if masked else None
    plain = None if mask is None else mask.numpy()
    encoder = nn.TransformerEncoderLayer(8, 2, 16, **made).train(training)
    found = layers.reference("TransformerEncoderLayer")(
        x.numpy(), weights_of(encoder), 2, src_mask=plain, **options
    )
    assert_equal(found, encoder(x, src_mask=mask))
    decoder = nn.TransformerDecoderLayer(8, 2, 16, **made).train(training)
    found = layers.reference("TransformerDecoderLayer")(
        x.numpy(), memory.numpy(), weights_of(decoder), 2, tgt_mask=plain, **options
    )
    assert_equal(found, decoder(x, memory, tgt_mask=mask))


def test_the_formula_of_the_whole_transformer() -> None:
    """What the cards of the stacks say: one block after another, then a normalisation."""
    torch.manual_seed(0)
    module = nn.Transformer(8, 2, 2, 2, 16, dropout=0.0, batch_first=True, dtype=torch.float64)
    source, target = array((2, 4, 8), "float64"), array((2, 3, 8), "float64", seed=1)
    memory, y = source.numpy(), target.numpy()
    norm = layers.reference("LayerNorm")
    for block in module.encoder.layers:
        memory = layers.reference("TransformerEncoderLayer")(memory, weights_of(block), 2, batch_first=True)
    memory = norm(memory, 8, **weights_of(module.encoder.norm))
    for block in module.decoder.layers:
        y = layers.reference("TransformerDecoderLayer")(y, memory, weights_of(block), 2, batch_first=True)
    assert_equal(norm(y, 8, **weights_of(module.decoder.norm)), module(source, target))
