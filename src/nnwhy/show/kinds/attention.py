"""Attention: how much each position takes from each other one, head by head."""

from __future__ import annotations

import math
from typing import Any

import torch

from nnwhy.facts.picture import Bar, Bars, Numbers, Row
from nnwhy.show.maps import picture, tile
from nnwhy.show.measures import before_and_after, mean
from nnwhy.show.registry import NotShown, kind
from nnwhy.show.seen import Seen, Told, readable

_HEADS = 8
_POSITIONS = 12


@kind("MultiheadAttention")
def tell(seen: Seen) -> Told:
    """The weights of `nn.MultiheadAttention`, asked for by calling it again."""
    found = seen.run(False, 0, need_weights=True, average_attn_weights=False)
    if not isinstance(found, tuple) or len(found) != 2 or not isinstance(found[1], torch.Tensor):
        raise NotShown
    weights = readable(found[1])
    return _told(seen, weights[None] if weights.dim() == 3 else weights)


@kind("ScaledDotProductAttention")
def tell_function(seen: Seen) -> Told:
    """The weights of `F.scaled_dot_product_attention`, worked out from its arguments."""
    bound: dict[str, Any] = getattr(seen.layer, "bound", {})
    if not {"query", "key"} <= bound.keys():
        raise NotShown
    query, key = readable(bound["query"]), readable(bound["key"])
    while query.dim() < 4:
        query, key = query[None], key[None]
    if key.shape[-3] != query.shape[-3]:
        key = key.repeat_interleave(query.shape[-3] // key.shape[-3], -3)  # grouped queries
    scores = query @ key.transpose(-2, -1) * (bound.get("scale") or 1 / math.sqrt(query.shape[-1]))
    if bound.get("is_causal"):
        scores = scores.masked_fill(torch.ones(scores.shape[-2:]).tril() == 0, -math.inf)
    mask = bound.get("attn_mask")
    if isinstance(mask, torch.Tensor):
        mask = mask.detach().cpu()
        scores = scores.masked_fill(~mask, -math.inf) if mask.dtype is torch.bool else scores + mask.float()
    return _told(seen, scores.softmax(-1).nan_to_num(0))


def _told(seen: Seen, weights: torch.Tensor) -> Told:
    """weights: (samples, heads, positions that look, positions looked at); each row sums to 1."""
    heads, size = weights.shape[1], weights.shape[-1]
    shown = weights[0, :_HEADS]
    pictures: list[Any] = [
        picture(
            f"{len(shown)} of the {heads} heads for {seen.sample(0)}: rows look, columns are looked at",
            [tile(f"head {number}", image) for number, image in enumerate(shown)],
            scale=[shown],
        )
    ]
    last = shown.shape[1] - 1
    average = weights[0, :, last].mean(0)
    chosen = sorted(average.argsort(descending=True)[:_POSITIONS].tolist())
    pictures.append(
        Bars(
            f"what {_name(seen, last)} (the last position) takes from where, mean of the heads",
            tuple(Bar(_name(seen, index), float(average[index])) for index in chosen),
        )
    )
    entropy = -(weights * weights.clamp_min(1e-30).log2()).sum(-1)
    same = weights.shape[-2] == size
    own = float(weights.diagonal(dim1=-2, dim2=-1).mean()) if same else None
    rows = [
        Row(f"head {h}", (_perplexity(entropy[:, h]), float(weights[:, h].max(-1).values.mean())))
        for h in range(min(heads, _HEADS))
    ]
    table = Numbers("head by head", ("positions used, of " + str(size), "largest share"), tuple(rows))
    spread = 2 ** mean(entropy)
    return Told(
        f"Each row shares out 1 over the positions it takes from: a bright pixel is a large share. On average a position takes "
        f"from {spread:.1f} of {size}{f', and {own:.1%} from itself' if own is not None else ''}.",
        tuple(pictures),
        (table, before_and_after(seen.x, seen.y)),
    )


def _perplexity(entropy: torch.Tensor) -> float:
    """2 to the entropy in bits: over how many positions a row spreads as if evenly."""
    return 2 ** mean(entropy)


def _name(seen: Seen, index: int) -> str:
    return f"{index} {seen.tokens[index]}" if index < len(seen.tokens) else f"position {index}"
