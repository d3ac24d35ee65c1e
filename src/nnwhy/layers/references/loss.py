"""Losses in NumPy: the loss of each element, then `reduced`."""

from __future__ import annotations

import math

import numpy as np

from nnwhy.layers.references.activation import log_softmax
from nnwhy.layers.references.distance import cosine_similarity, length


def reduced(losses, reduction):
    """The mean, the sum, or as it is."""
    return {"mean": np.mean, "sum": np.sum, "none": np.asarray}[reduction](losses)


def log_sigmoid(x):
    return -np.logaddexp(0, -x)


def l1_loss(x, target, reduction="mean"):
    return reduced(np.abs(x - target), reduction)


def mse_loss(x, target, reduction="mean"):
    return reduced((x - target) ** 2, reduction)


def smooth_l1_loss(x, target, reduction="mean", beta=1.0):
    d = np.abs(x - target)
    return reduced(d if beta == 0 else np.where(d < beta, d * d / (2 * beta), d - beta / 2), reduction)


def huber_loss(x, target, reduction="mean", delta=1.0):
    d = np.abs(x - target)
    return reduced(np.where(d <= delta, d * d / 2, delta * (d - delta / 2)), reduction)


def nll_loss(x, target, weight=None, ignore_index=-100, reduction="mean"):
    """x (N, C, *) of log-probabilities, target (N, *) of class numbers."""
    counted = target != ignore_index
    picked = np.take_along_axis(x, np.where(counted, target, 0)[:, None], axis=1)[:, 0]
    share = np.where(counted, 1 if weight is None else weight[np.where(counted, target, 0)], 0).astype(
        x.dtype
    )
    losses = -picked * share
    return losses.sum() / share.sum() if reduction == "mean" else reduced(losses, reduction)


def cross_entropy(x, target, weight=None, ignore_index=-100, reduction="mean", label_smoothing=0.0):
    """x (N, C, *) of scores; target (N, *) of class numbers, or (N, C, *) of probabilities."""
    classes, log_probabilities = x.shape[1], log_softmax(x, 1)
    scale = (np.ones(classes) if weight is None else weight).reshape(-1, *[1] * (x.ndim - 2)).astype(x.dtype)
    if target.shape == x.shape:
        smooth = (1 - label_smoothing) * target + label_smoothing / classes
        losses = -(scale * smooth * log_probabilities).sum(axis=1)
        return losses.sum() / (x.size / classes) if reduction == "mean" else reduced(losses, reduction)
    counted = target != ignore_index
    losses = nll_loss(log_probabilities, target, weight, ignore_index, "none")
    spread = -(scale * log_probabilities).sum(axis=1) * counted / classes
    losses = (1 - label_smoothing) * losses + label_smoothing * spread
    share = counted * scale.ravel()[np.where(counted, target, 0)]
    return losses.sum() / share.sum() if reduction == "mean" else reduced(losses, reduction)


def linear_cross_entropy(x, linear_weight, target, linear_bias=None, ignore_index=None, **options):
    """x (N, in), linear_weight (C, *, in): scores, then their cross entropy."""
    scores = np.einsum("ni,c...i->nc...", x, linear_weight)
    scores = scores if linear_bias is None else scores + linear_bias
    return cross_entropy(
        scores, target, ignore_index=-100 if ignore_index is None else ignore_index, **options
    )


def binary_cross_entropy(x, target, weight=None, reduction="mean"):
    with np.errstate(divide="ignore"):
        yes, no = np.maximum(np.log(x), -100), np.maximum(np.log(1 - x), -100)
    return reduced(-(1 if weight is None else weight) * (target * yes + (1 - target) * no), reduction)


def binary_cross_entropy_with_logits(x, target, weight=None, reduction="mean", pos_weight=None):
    pos_weight = 1 if pos_weight is None else pos_weight
    losses = -(pos_weight * target * log_sigmoid(x) + (1 - target) * log_sigmoid(-x))
    return reduced(losses * (1 if weight is None else weight), reduction)


def kl_div(x, target, reduction="mean", log_target=False):
    """x is log-probabilities."""
    if log_target:
        losses = np.exp(target) * (target - x)
    else:
        losses = np.where(target > 0, target * (np.log(np.where(target > 0, target, 1)) - x), 0)
    return losses.sum() / len(x) if reduction == "batchmean" else reduced(losses, reduction)


def poisson_nll_loss(x, target, log_input=True, full=False, eps=1e-8, reduction="mean"):
    losses = np.exp(x) - target * x if log_input else x - target * np.log(x + x.dtype.type(eps))
    if full:
        safe = np.maximum(target, 1)
        losses = losses + np.where(target > 1, safe * np.log(safe) - safe + np.log(2 * math.pi * safe) / 2, 0)
    return reduced(losses, reduction)


def gaussian_nll_loss(x, target, var, full=False, eps=1e-6, reduction="mean"):
    if x.shape != var.shape and x.shape[:-1] == var.shape:
        var = var[..., None]
    var = np.maximum(var, x.dtype.type(eps))
    return reduced(
        (np.log(var) + (x - target) ** 2 / var) / 2 + (math.log(2 * math.pi) / 2 if full else 0), reduction
    )


def margin_ranking_loss(x1, x2, target, margin=0.0, reduction="mean"):
    return reduced(np.maximum(0, -target * (x1 - x2) + margin), reduction)


def hinge_embedding_loss(x, target, margin=1.0, reduction="mean"):
    return reduced(np.where(target == 1, x, np.maximum(0, margin - x)), reduction)


def multilabel_margin_loss(x, target, reduction="mean"):
    """target (N, C): class numbers, up to the first −1."""
    losses = []
    for scores, labels in zip(x, target):
        right = labels[: np.argmax(labels == -1) if (labels == -1).any() else None]
        wrong = np.setdiff1d(np.arange(len(scores)), right)
        losses.append(np.maximum(0, 1 - (scores[right][:, None] - scores[wrong])).sum() / len(scores))
    return reduced(np.array(losses, x.dtype), reduction)


def soft_margin_loss(x, target, reduction="mean"):
    return reduced(-log_sigmoid(target * x), reduction)


def multilabel_soft_margin_loss(x, target, weight=None, reduction="mean"):
    losses = -(target * log_sigmoid(x) + (1 - target) * log_sigmoid(-x))
    return reduced((losses * (1 if weight is None else weight)).mean(axis=-1), reduction)


def cosine_embedding_loss(x1, x2, target, margin=0.0, reduction="mean"):
    cosine = cosine_similarity(x1, x2)
    return reduced(np.where(target == 1, 1 - cosine, np.maximum(0, cosine - margin)), reduction)


def multi_margin_loss(x, target, p=1, margin=1.0, weight=None, reduction="mean"):
    """x (N, C), target (N) of class numbers."""
    rows = np.arange(len(x))
    lead = np.maximum(0, margin - x[rows, target][:, None] + x) ** p
    lead[rows, target] = 0
    return reduced(lead.sum(axis=1) / x.shape[1] * (1 if weight is None else weight[target]), reduction)


def triplet_margin_loss(
    anchor, positive, negative, margin=1.0, p=2.0, eps=1e-6, swap=False, reduction="mean"
):
    def distance(a, b):
        return length(a - b + a.dtype.type(eps), p)

    return triplet_margin_with_distance_loss(anchor, positive, negative, distance, margin, swap, reduction)


def triplet_margin_with_distance_loss(
    anchor, positive, negative, distance_function=None, margin=1.0, swap=False, reduction="mean"
):
    distance = distance_function or (lambda a, b: length(a - b + a.dtype.type(1e-6)))
    far = distance(anchor, negative)
    far = np.minimum(far, distance(positive, negative)) if swap else far
    return reduced(np.maximum(0, distance(anchor, positive) - far + margin), reduction)
