"""Attention and transformer blocks in NumPy, with the batch first: (N, L, E)."""

from __future__ import annotations

import math

import numpy as np

from nnwhy.layers.references.activation import gelu, relu, softmax
from nnwhy.layers.references.normalization import layer_norm


def scaled_dot_product_attention(
    query, key, value, attn_mask=None, is_causal=False, scale=None, enable_gqa=False
):
    """query (…, L, E), key (…, S, E), value (…, S, Ev) → (…, L, Ev). In a boolean mask True may be looked at."""
    if enable_gqa:
        key, value = (np.repeat(x, query.shape[-3] // x.shape[-3], axis=-3) for x in (key, value))
    scores = query @ key.swapaxes(-1, -2) * query.dtype.type(scale or 1 / math.sqrt(query.shape[-1]))
    if is_causal:
        attn_mask = np.tri(scores.shape[-2], scores.shape[-1], dtype=bool)
    if attn_mask is not None:
        scores = np.where(attn_mask, scores, -np.inf) if attn_mask.dtype == bool else scores + attn_mask
    return softmax(scores, -1) @ value


def multihead_attention(
    query,
    key,
    value,
    weights,
    num_heads,
    key_padding_mask=None,
    attn_mask=None,
    average_attn_weights=True,
    add_zero_attn=False,
    batch_first=False,
):
    """`weights` by torch's names. (L, N, E) in, unless batch_first. In boolean masks True may *not* be looked at. Returns output and attention weights."""
    if not batch_first:
        query, key, value = (x.swapaxes(0, 1) for x in (query, key, value))
    if "in_proj_weight" in weights:
        projections = np.split(weights["in_proj_weight"], 3)
    else:
        projections = [weights[f"{name}_proj_weight"] for name in "qkv"]
    biases = np.split(weights["in_proj_bias"], 3) if "in_proj_bias" in weights else [0, 0, 0]
    q, k, v = (x @ w.T + b for x, w, b in zip((query, key, value), projections, biases))
    if "bias_k" in weights:
        k, v = (
            np.concatenate([x, np.broadcast_to(b, (len(x), 1, x.shape[-1]))], axis=1)
            for x, b in ((k, weights["bias_k"]), (v, weights["bias_v"]))
        )
    if add_zero_attn:
        k, v = (np.concatenate([x, np.zeros_like(x[:, :1])], axis=1) for x in (k, v))
    q, k, v = (x.reshape(*x.shape[:2], num_heads, -1).swapaxes(1, 2) for x in (q, k, v))
    scores = q @ k.swapaxes(-1, -2) / q.dtype.type(math.sqrt(q.shape[-1]))
    extra = scores.shape[-1] - key.shape[1]
    for mask in (attn_mask, None if key_padding_mask is None else key_padding_mask[:, None, None]):
        if mask is not None:
            mask = np.pad(mask, [(0, 0)] * (mask.ndim - 1) + [(0, extra)])
            mask = mask.reshape(len(q), num_heads, *mask.shape[1:]) if mask.ndim == 3 else mask
            scores = np.where(mask, -np.inf, scores) if mask.dtype == bool else scores + mask
    shares = softmax(scores, -1)
    heads = (shares @ v).swapaxes(1, 2).reshape(query.shape)
    y = heads @ weights["out_proj.weight"].T + weights.get("out_proj.bias", 0)
    return (y if batch_first else y.swapaxes(0, 1)), shares.mean(axis=1) if average_attn_weights else shares


def attend(x, memory, weights, name, nhead, mask):
    """One attention of a block, by its name in the block; x and memory (N, L, E)."""
    own = {
        key.removeprefix(f"{name}."): weight for key, weight in weights.items() if key.startswith(f"{name}.")
    }
    return multihead_attention(x, memory, memory, own, nhead, attn_mask=mask, batch_first=True)[0]


def feed_forward(x, weights, activation):
    """The small network at each position."""
    inner = {"relu": relu, "gelu": gelu}[activation](
        x @ weights["linear1.weight"].T + weights.get("linear1.bias", 0)
    )
    return inner @ weights["linear2.weight"].T + weights.get("linear2.bias", 0)


def block(x, parts, weights, eps, norm_first, batch_first):
    """Each part with its shortcut and normalisation."""
    x = x if batch_first else x.swapaxes(0, 1)
    for number, part in enumerate(parts, start=1):
        norm = weights[f"norm{number}.weight"], weights.get(f"norm{number}.bias")
        if norm_first:
            x = x + part(layer_norm(x, x.shape[-1], *norm, eps))
        else:
            x = layer_norm(x + part(x), x.shape[-1], *norm, eps)
    return x if batch_first else x.swapaxes(0, 1)


def encoder_layer(
    src,
    weights,
    nhead,
    activation="relu",
    layer_norm_eps=1e-5,
    batch_first=False,
    norm_first=False,
    src_mask=None,
):
    """In evaluation: self-attention, then the small network. `weights` by torch's names."""
    parts = [
        lambda x: attend(x, x, weights, "self_attn", nhead, src_mask),
        lambda x: feed_forward(x, weights, activation),
    ]
    return block(src, parts, weights, layer_norm_eps, norm_first, batch_first)


def decoder_layer(
    tgt,
    memory,
    weights,
    nhead,
    activation="relu",
    layer_norm_eps=1e-5,
    batch_first=False,
    norm_first=False,
    tgt_mask=None,
    memory_mask=None,
):
    """In evaluation: self-attention, attention to the memory, then the small network. `weights` by torch's names."""
    memory = memory if batch_first else memory.swapaxes(0, 1)
    parts = [
        lambda x: attend(x, x, weights, "self_attn", nhead, tgt_mask),
        lambda x: attend(x, memory, weights, "multihead_attn", nhead, memory_mask),
        lambda x: feed_forward(x, weights, activation),
    ]
    return block(tgt, parts, weights, layer_norm_eps, norm_first, batch_first)
