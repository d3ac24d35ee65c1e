"""Tables of how alike samples are: whether each sample is compared with itself."""

from __future__ import annotations

import torch

from nnwhy.watch.looking import readable

_FEWEST = 4
_MOST = 4096


def own_pairs(scores: torch.Tensor, target: torch.Tensor) -> bool:
    """Whether the scores are those of all pairs of samples, each its own best, and no target is a sample itself."""
    if scores.dim() != 2 or target.shape != scores.shape[:1] or target.is_floating_point():
        return False
    if scores.shape[0] != scores.shape[1] or not _FEWEST <= len(scores) <= _MOST:
        return False
    if not readable(scores) or not readable(target):
        return False
    table = scores.detach()
    own = table.diagonal()
    places = torch.arange(len(table), device=target.device)
    return (
        bool((target != places).all())
        and bool(torch.isfinite(table).all())
        and bool((own >= table.amax(1) - 1e-6).all())
        and torch.allclose(table, table.t(), rtol=1e-3, atol=1e-5)
        and torch.allclose(own, own[:1].expand_as(own), rtol=1e-3, atol=1e-5)
    )
