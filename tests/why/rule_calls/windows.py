"""Convolutions, pools and what undoes them."""

import torch
from torch.nn import functional

from rule_calls import Drawn, calls, number, one_of, shape, tensor


def rank_of(name):
    return next(int(letter) for letter in name if letter.isdigit())


def per_axis(draw, rank, low, high):
    """One number for all axes, or one each."""
    if one_of(draw, True, False):
        return number(draw, low, high)
    return tuple(number(draw, low, high) for _ in range(rank))


def image(draw, rank, channels, smallest=7):
    batch = (number(draw, 1, 3),) if one_of(draw, True, True, False) else ()
    return tensor((*batch, channels, *shape(draw, rank, rank, smallest, 11)))


@calls("conv1d", "conv2d", "conv3d")
def convolution(draw, name):
    rank, groups = rank_of(name), number(draw, 1, 2)
    inside, out = groups * number(draw, 1, 2), groups * number(draw, 1, 2)
    weight = tensor((out, inside // groups, *shape(draw, rank, rank, 1, 3)))
    x = image(draw, rank, inside)
    given = {"groups": groups, "dilation": per_axis(draw, rank, 1, 3), "stride": per_axis(draw, rank, 1, 3)}
    padding = one_of(draw, "same", "valid", "number")
    if padding == "same":
        given["stride"] = 1
    given["padding"] = per_axis(draw, rank, 0, 3) if padding == "number" else padding
    return Drawn(getattr(functional, name), (x, weight), given)


@calls("conv_transpose1d", "conv_transpose2d", "conv_transpose3d")
def transposed(draw, name):
    rank, groups = rank_of(name), number(draw, 1, 2)
    inside = groups * number(draw, 1, 2)
    weight = tensor((inside, number(draw, 1, 2), *shape(draw, rank, rank, 1, 3)))
    stride = number(draw, 1, 3)
    given = {
        "groups": groups, "stride": stride, "dilation": per_axis(draw, rank, 1, 3), "padding": per_axis(draw, rank, 0, 2),
        "output_padding": number(draw, 0, stride - 1),
    }  # fmt: skip
    return Drawn(getattr(functional, name), (image(draw, rank, inside), weight), given)


@calls("max_pool1d", "max_pool2d", "max_pool3d")
def max_pool(draw, name):
    rank, kernel = rank_of(name), number(draw, 1, 3)
    given = {
        "padding": number(draw, 0, kernel // 2),
        "ceil_mode": one_of(draw, True, False),
        "dilation": number(draw, 1, 2),
    }
    if one_of(draw, True, False):
        given["stride"] = per_axis(draw, rank, 1, 4)
    return Drawn(getattr(functional, name), (image(draw, rank, 2), kernel), given)


@calls("max_pool1d_with_indices", "max_pool2d_with_indices", "max_pool3d_with_indices")
def max_pool_with_indices(draw, name):
    return Drawn(getattr(functional, name), (image(draw, rank_of(name), 2), number(draw, 1, 3)))


@calls("avg_pool1d", "avg_pool2d", "avg_pool3d", "lp_pool1d", "lp_pool2d", "lp_pool3d")
def average_pool(draw, name):
    rank, kernel = rank_of(name), number(draw, 1, 3)
    given = {"ceil_mode": one_of(draw, True, False)}
    if one_of(draw, True, False):
        given["stride"] = number(draw, 1, 4)
    if name.startswith("avg"):
        given["padding"] = number(draw, 0, kernel // 2)
    x = image(draw, rank, 2)
    args = (x, kernel) if name.startswith("avg") else (x, 2.0, kernel)
    return Drawn(getattr(functional, name), args, given)


@calls("adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_avg_pool3d", "adaptive_max_pool1d", "adaptive_max_pool2d",
       "adaptive_max_pool3d", "adaptive_max_pool1d_with_indices", "adaptive_max_pool2d_with_indices",
       "adaptive_max_pool3d_with_indices")  # fmt: skip
def adaptive_pool(draw, name):
    rank = rank_of(name)
    size = number(draw, 1, 4)
    if rank > 1 and one_of(draw, True, False):
        size = (None, *(number(draw, 1, 4) for _ in range(rank - 1)))
    return Drawn(getattr(functional, name), (image(draw, rank, 2), size))


@calls("fractional_max_pool2d", "fractional_max_pool3d", "fractional_max_pool2d_with_indices",
       "fractional_max_pool3d_with_indices")  # fmt: skip
def fractional_pool(draw, name):
    rank = rank_of(name)
    x = tensor((2, 2, *shape(draw, rank, rank, 8, 11)))
    given = (
        {"output_size": number(draw, 2, 4)} if one_of(draw, True, False) else {"output_ratio": (0.5,) * rank}
    )
    return Drawn(getattr(functional, name), (x, 2), given)


@calls("max_unpool1d", "max_unpool2d", "max_unpool3d")
def unpool(draw, name):
    rank, kernel = rank_of(name), number(draw, 1, 3)
    x = image(draw, rank, 2)
    pooled, indices = getattr(functional, name.replace("un", ""))(x, kernel, return_indices=True)
    whole = list(x.shape) if x.dim() == rank + 2 else list(x.shape[-rank:])
    given = {"output_size": whole} if one_of(draw, True, False) else {}
    if not given:  # the positions of the larger image may lie outside of the smaller one
        indices = torch.zeros_like(indices)
    return Drawn(getattr(functional, name), (pooled, indices, kernel), given)
