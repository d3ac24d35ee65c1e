"""Many numbers become one."""

import torch
from torch.nn import functional

from rule_calls import Drawn, a_tensor, axis, broadcastable, calls, found, number, one_of, shape, tensor

MANY = (
    "sum",
    "mean",
    "var",
    "std",
    "amax",
    "amin",
    "nansum",
    "nanmean",
    "any",
    "all",
    "count_nonzero",
    "norm",
)


def axes(draw, rank, many):
    """No axis, one, or several."""
    choices = [axis(draw, rank)]
    if many and rank > 1:
        choices.append((0, -1))
    return one_of(draw, *choices)


@calls(*MANY, "prod", "logsumexp", "argmax", "argmin", "vector_norm", "var_mean", "std_mean", "aminmax", "quantile",
       "nanquantile")  # fmt: skip
def reduction(draw, name):
    x = tensor(shape(draw, 1, 4, 2, 5))
    given = {}
    if name == "logsumexp" or one_of(draw, True, True, False):
        given["dim"] = axes(
            draw, x.dim(), name in (*MANY, "logsumexp", "vector_norm", "var_mean", "std_mean")
        )
        if name != "count_nonzero":
            given["keepdim"] = one_of(draw, True, False)
    if name in ("any", "all"):
        x = x > 0.03
    more = (one_of(draw, 0.5, torch.tensor([0.1, 0.9])),) if "quantile" in name else ()
    if name in ("sum", "mean", "amax") and "dim" in given and one_of(draw, True, False):
        return Drawn(getattr(torch.Tensor, name), (x, given["dim"], given["keepdim"]))
    return Drawn(found(name), (x, *more), given)


@calls("max", "min", "median", "nanmedian")
def extreme(draw, name):
    x = tensor(shape(draw, 1, 4, 2, 5))
    kinds = ("all", "axis", "two") if name in ("max", "min") else ("all", "axis")
    kind = one_of(draw, *kinds)
    if kind == "two":
        first, second = (tensor(sizes) for sizes in broadcastable(draw, 2))
        return Drawn(found(name), (first, second))
    return Drawn(found(name), (x,) if kind == "all" else (x, axis(draw, x.dim()), one_of(draw, True, False)))


@calls("mode", "kthvalue")
def along_one_axis(draw, name):
    x = tensor(shape(draw, 1, 3, 2, 5))
    more = (1,) if name == "kthvalue" else ()
    return Drawn(found(name), (x, *more), {"dim": axis(draw, x.dim()), "keepdim": one_of(draw, True, False)})


@calls("matrix_norm")
def matrix_norm(draw, name):
    return Drawn(torch.linalg.matrix_norm, (a_tensor(draw, 2, 4),), {"keepdim": one_of(draw, True, False)})


@calls("trace", "det", "logdet", "slogdet")
def of_a_matrix(draw, name):
    side = number(draw, 1, 4)
    batch = () if name == "trace" else shape(draw, 0, 2)
    return Drawn(found(name), (tensor((*batch, side, side)),))


@calls("dist", "cosine_similarity", "pairwise_distance")
def of_two(draw, name):
    first, second = broadcastable(draw, 2, 2, 3)
    if name == "dist":
        return Drawn(torch.dist, (tensor(first), tensor(second)))
    if name == "cosine_similarity":
        longest = max(len(first), len(second))
        return Drawn(
            functional.cosine_similarity, (tensor(first), tensor(second)), {"dim": axis(draw, longest)}
        )
    width = number(draw, 1, 4)
    sizes = (*shape(draw, 1, 2), width)
    return Drawn(
        functional.pairwise_distance, (tensor(sizes), tensor(sizes)), {"keepdim": one_of(draw, True, False)}
    )
