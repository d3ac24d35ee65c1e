"""What a tensor that is a view says about the tensor that it shows: the order of its axes in memory, what it was cut from."""

from __future__ import annotations

from typing import Any

import torch

from nnwhy.watch.looking import readable, tensors_in


def scores_cut_anew(scores: torch.Tensor) -> tuple[int, ...]:
    """The shape of a map of scores (N, C, …) whose memory was cut anew to rows of C, so that no row holds the scores of one
    place; () for every other tensor.

    The rows of `scores` (M, C) then run along the map's last axis, which is not the axis of length C.
    """
    base = scores._base
    if base is None or scores.dim() != 2 or base.dim() < 3 or base.numel() != scores.numel():
        return ()
    classes = scores.shape[1]
    if classes < 2 or base.shape[1] != classes or classes in base.shape[2:]:
        return ()
    if scores.stride() != (classes, 1) or base.stride(1) == 1 or base.stride(-1) != 1:
        return ()
    return tuple(base.shape)


def images_cut_anew(images: torch.Tensor) -> tuple[int, ...]:
    """The shape (N, H, W, C) of images whose memory was cut anew to (N, C, H, W), so that each channel is a mixture; () for
    every other tensor."""
    base = images._base
    if base is None or images.dim() != 4 or base.dim() != 4 or not images.is_contiguous():
        return ()
    channels = images.shape[1]
    if channels not in (3, 4) or base.shape[3] != channels or base.shape[1] == channels:
        return ()
    if base.numel() != images.numel() or not base.is_contiguous():
        return ()
    return tuple(base.shape)


def cut_from(labels: torch.Tensor) -> torch.Tensor | None:
    """The list of class numbers that `labels` is a slice of; None where it is no slice."""
    base = labels._base
    if base is None or labels.dim() != 1 or base.dim() != 1 or labels.dtype != torch.int64:
        return None
    return base if base.numel() >= 2 * labels.numel() else None


def one_sample(batch: Any) -> bool:
    """Whether all samples of a batch are the same, its inputs being numbers that differ within the sample."""
    found = list(tensors_in(batch))[:8]
    if not found or any(t.dim() == 0 or t.shape[0] < 4 or not readable(t) for t in found):
        return False
    first = found[0]
    if first.dim() < 2 or not first.is_floating_point() or bool((first[0] == first[0].reshape(-1)[0]).all()):
        return False
    if not torch.equal(first[0], first[1]):
        return False
    return all(bool((tensor == tensor[:1]).all()) for tensor in found)
