"""Losses."""

import torch
from torch.nn import functional

from rule_calls import Drawn, calls, number, one_of, shape, tensor

BY_ELEMENT = (
    "mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "binary_cross_entropy", "binary_cross_entropy_with_logits",
    "poisson_nll_loss", "soft_margin_loss", "hinge_embedding_loss",
)  # fmt: skip


def reduction(draw):
    return {"reduction": one_of(draw, "none", "sum", "mean")}


@calls(*BY_ELEMENT, "kl_div", "gaussian_nll_loss")
def by_element(draw, name):
    sizes = shape(draw, 1, 3)
    x, more = tensor(sizes), (tensor(sizes),) if name == "gaussian_nll_loss" else ()
    given = {"reduction": one_of(draw, "none", "sum")} if name == "kl_div" else reduction(draw)
    return Drawn(getattr(functional, name), (x, x.clone(), *more), given)


@calls("cross_entropy", "nll_loss")
def by_sample(draw, name):
    rest = shape(draw, 0, 2)
    n, classes = number(draw, 1, 4), number(draw, 3, 5)
    target = tensor((n, *rest), torch.int64)
    return Drawn(getattr(functional, name), (tensor((n, classes, *rest)), target), reduction(draw))


@calls("multi_margin_loss", "multilabel_margin_loss", "multilabel_soft_margin_loss")
def by_row(draw, name):
    n, classes = number(draw, 1, 4), number(draw, 3, 5)
    x = tensor((n, classes))
    target = tensor((n,), torch.int64) if name == "multi_margin_loss" else tensor((n, classes), torch.int64)
    if name == "multilabel_soft_margin_loss":
        target = x.clone()
    return Drawn(getattr(functional, name), (x, target), reduction(draw))


@calls(
    "margin_ranking_loss", "cosine_embedding_loss", "triplet_margin_loss", "triplet_margin_with_distance_loss"
)
def of_vectors(draw, name):
    n, size = number(draw, 1, 4), number(draw, 1, 4)
    one = tensor((n,) if name == "margin_ranking_loss" else (n, size))
    last = one if "triplet" in name else torch.ones(n)
    return Drawn(getattr(functional, name), (one, one.clone(), last.clone()), reduction(draw))


@calls("ctc_loss")
def ctc_loss(draw, name):
    batch, length = number(draw, 1, 3), number(draw, 4, 6)
    targets = torch.ones((batch, 2), dtype=torch.int64)
    lengths = (torch.full((batch,), length), torch.full((batch,), 2))
    return Drawn(functional.ctc_loss, (tensor((length, batch, 3)), targets, *lengths), reduction(draw))
