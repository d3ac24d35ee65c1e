"""Lookup tables in NumPy."""

from __future__ import annotations

import numpy as np


def embedding(ids, weight, max_norm=None, norm_type=2.0):
    """The row of each id. With max_norm, rows that are looked up are first shrunk, in the table itself."""
    if max_norm is not None:
        used = np.unique(ids)
        norms = (np.abs(weight[used]) ** norm_type).sum(axis=1) ** (1 / norm_type)
        shrink = norms > max_norm
        weight[used[shrink]] *= (max_norm / (norms[shrink] + 1e-7))[:, None].astype(weight.dtype)
    return weight[ids]


def embedding_bag(
    ids,
    weight,
    offsets=None,
    max_norm=None,
    norm_type=2.0,
    mode="mean",
    per_sample_weights=None,
    include_last_offset=False,
    padding_idx=None,
):
    """ids (N, L), or flat with the offsets where lists begin → the mean, sum or maximum of each list's rows."""
    if offsets is None:
        offsets, ids = np.arange(len(ids)) * ids.shape[1], ids.ravel()
    elif include_last_offset:
        offsets = offsets[:-1]
    scale = np.ones(len(ids)) if per_sample_weights is None else per_sample_weights.ravel()
    rows = embedding(ids, weight, max_norm, norm_type) * scale[:, None].astype(weight.dtype)
    y = np.zeros((len(offsets), weight.shape[1]), weight.dtype)
    for i, (start, end) in enumerate(zip(offsets, [*offsets[1:], len(ids)])):
        kept = rows[start:end][ids[start:end] != (-1 if padding_idx is None else padding_idx)]
        if len(kept):
            y[i] = {"mean": np.mean, "sum": np.sum, "max": np.max}[mode](kept, axis=0)
    return y


def one_hot(ids, num_classes=-1):
    """(*) → (*, num_classes)."""
    return np.eye(ids.max() + 1 if num_classes == -1 else num_classes, dtype=np.int64)[ids]
