"""Windows of a series: whether what is to be told stands in the window already."""

from __future__ import annotations

import torch

from nnwhy.watch.looking import readable

_FEWEST = 4
_MOST = 2**18


def told_before(inputs: list[torch.Tensor], target: torch.Tensor) -> bool:
    """Whether the first number that is to be told of each row is a number of the last step of its window, (rows, steps, features)."""
    if not 1 <= target.dim() <= 3 or not _numbers(target) or len(target) < _FEWEST:
        return False
    first = target.detach()
    if first.dim() == 3:
        first = first[:, 0]
    for one in inputs:
        if one.dim() != 3 or len(one) != len(target) or one.shape[1] < 3 or not _numbers(one):
            continue
        last = one.detach()[:, -1]
        if first.dim() == 2 and first.shape == last.shape and torch.equal(first, last):
            return int(torch.unique(first).numel()) >= _FEWEST
        column = first[:, :1] if first.dim() == 2 else first[:, None]
        if last.dtype == column.dtype and bool((last == column).all(0).any()):
            return int(torch.unique(column).numel()) >= _FEWEST
    return False


def _numbers(tensor: torch.Tensor) -> bool:
    return tensor.is_floating_point() and readable(tensor) and tensor.numel() <= _MOST
