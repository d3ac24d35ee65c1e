"""Functions that keep a shape, and arithmetic that broadcasts."""

import torch
from torch.nn import functional

from rule_calls import Drawn, a_tensor, axis, broadcastable, calls, found, number, one_of, shape, tensor

PLAIN = (
    "relu", "relu6", "leaky_relu", "elu", "selu", "celu", "gelu", "silu", "mish", "hardswish", "hardsigmoid", "hardtanh",
    "sigmoid", "expit", "tanh", "softplus", "softsign", "tanhshrink", "softshrink", "hardshrink", "logsigmoid", "rrelu",
    "gumbel_softmax",
    "contiguous", "clone", "detach", "float", "half", "double", "bfloat16", "long", "int", "short", "bool", "byte",
    "cfloat", "cpu", "positive", "conj", "resolve_conj",
    "exp", "exp2", "expm1", "log", "log1p", "log2", "log10", "sqrt", "rsqrt", "abs", "absolute", "neg", "negative", "sin",
    "cos", "tan", "asin", "acos", "atan", "arcsin", "arccos", "arctan", "sinh", "cosh", "asinh", "acosh", "atanh", "erf",
    "erfc", "erfinv", "square", "sign", "sgn", "floor", "ceil", "round", "trunc", "frac", "reciprocal", "logit", "sinc",
    "lgamma", "digamma", "angle", "deg2rad", "rad2deg", "logical_not", "isnan", "isinf", "isfinite", "isposinf", "isneginf",
    "signbit", "nan_to_num", "zeros_like", "ones_like", "empty_like", "rand_like", "randn_like", "bernoulli", "zero",
    "uniform", "exponential", "random", "log_normal", "cauchy", "geometric", "argsort", "msort", "fftshift", "ifftshift",
)  # fmt: skip
MORE = {
    "threshold": (0.1, 0.0), "type": (torch.float64,), "to": (torch.float64,), "full_like": (3.0,), "fill": (2.0,),
    "geometric": (0.5,), "randint_like": (7,),
}  # fmt: skip


@calls(*PLAIN, "threshold", "type", "to", "full_like", "fill", "randint_like")
def plain(draw, name):
    return Drawn(found(name), (a_tensor(draw), *MORE.get(name, ())))


@calls("bitwise_not", "invert")
def of_whole_numbers(draw, name):
    function = torch.bitwise_not if name == "bitwise_not" else torch.Tensor.__invert__
    return Drawn(function, (tensor(shape(draw), torch.int64),))


@calls("dropout", "alpha_dropout", "feature_alpha_dropout")
def dropout(draw, name):
    return Drawn(getattr(functional, name), (a_tensor(draw, 2, 4), 0.5, one_of(draw, True, False)))


@calls("data", "real", "imag")
def attributes(draw, name):
    x = torch.complex(a_tensor(draw, 2, 2), torch.tensor(0.5))
    return Drawn(lambda given: getattr(given, name), (x,))


@calls("type_as", "copy")
def as_another(draw, name):
    sizes = shape(draw)
    function = torch.Tensor.copy_ if name == "copy" else torch.Tensor.type_as
    return Drawn(function, (tensor(sizes), tensor(sizes, torch.int64)))


@calls("softmax", "log_softmax", "softmin", "cumsum", "cumprod", "logcumsumexp", "normalize")
def along_an_axis(draw, name):
    x = a_tensor(draw)
    return Drawn(found(name), (x,), {"dim": axis(draw, x.dim())})


@calls("roll", "flip")
def moved(draw, name):
    x = a_tensor(draw)
    dim = axis(draw, x.dim())
    return Drawn(torch.roll, (x, 2, dim)) if name == "roll" else Drawn(torch.flip, (x, [dim]))


@calls("fliplr", "flipud", "tril", "triu")
def of_matrices(draw, name):
    return Drawn(found(name), (a_tensor(draw, 2, 4),))


@calls("matrix_power", "matrix_exp")
def of_squares(draw, name):
    batch, side = shape(draw, 0, 2), number(draw, 1, 4)
    return Drawn(found(name), (tensor((*batch, side, side)), *((2,) if name == "matrix_power" else ())))


@calls("prelu", "batch_norm", "instance_norm", "group_norm", "layer_norm", "rms_norm", "local_response_norm")
def normalised(draw, name):
    channels = 2 * number(draw, 1, 3)
    x = tensor((number(draw, 2, 3), channels, *shape(draw, 1, 3, 2)))
    if name == "prelu":
        return Drawn(functional.prelu, (x, torch.ones(one_of(draw, 1, channels))))
    if name == "batch_norm":
        return Drawn(functional.batch_norm, (x, torch.zeros(channels), torch.ones(channels)))
    if name in ("layer_norm", "rms_norm"):
        return Drawn(getattr(functional, name), (x, x.shape[-1:]))
    more = {"group_norm": (2,), "local_response_norm": (3,)}.get(name, ())
    return Drawn(getattr(functional, name), (x, *more))


@calls("dropout1d", "dropout2d", "dropout3d", "feature_dropout", "channel_shuffle", "native_channel_shuffle")
def by_channels(draw, name):
    rank = {"dropout1d": 1, "dropout3d": 3}.get(name, 2)
    x = tensor((number(draw, 1, 3), 4, *shape(draw, rank, rank)))
    if "shuffle" in name:
        return Drawn(found(name), (x, 2))
    return (
        Drawn(torch.feature_dropout, (x, 0.5, True))
        if name == "feature_dropout"
        else Drawn(found(name), (x,))
    )


@calls("renorm", "fake_quantize_per_tensor_affine")
def limited(draw, name):
    more = (2, 0, 1.0) if name == "renorm" else (0.1, 0, 0, 255)
    return Drawn(found(name), (a_tensor(draw, 2, 3), *more))


@calls("masked_fill", "masked_scatter")
def masked(draw, name):
    x = a_tensor(draw)
    return Drawn(found(name), (x, x > 0.05, 0.0 if name == "masked_fill" else x))


@calls("index_fill", "index_add", "index_copy", "index_reduce")
def written_rows(draw, name):
    x = tensor((4, *shape(draw, 1, 2)))
    index = torch.tensor([0, 2])
    value = 1.0 if name == "index_fill" else x[:2].clone()
    return Drawn(found(name), (x, 0, index, value, *(("mean",) if name == "index_reduce" else ())))


@calls("scatter", "scatter_add", "scatter_reduce")
def scattered(draw, name):
    x = tensor((4, *shape(draw, 1, 2)))
    index = torch.zeros_like(x, dtype=torch.int64)
    return Drawn(found(name), (x, 0, index, x, *(("sum",) if name == "scatter_reduce" else ())))


@calls("index_put", "put", "__setitem__", "fill_diagonal")
def written(draw, name):
    x = tensor((4, number(draw, 1, 5)))
    if name == "index_put":
        return Drawn(torch.index_put, (x, (torch.tensor([0, 1]),), torch.tensor(0.0)))
    if name == "put":
        return Drawn(torch.put, (x, torch.tensor([0, 1]), torch.zeros(2)))
    if name == "fill_diagonal":
        return Drawn(torch.Tensor.fill_diagonal_, (x, 0.0))

    def set_rows(given):
        given[1:3] = 0.0
        return given

    return Drawn(set_rows, (x,))


@calls("select_scatter", "slice_scatter", "diagonal_scatter")
def copied_parts(draw, name):
    side = number(draw, 2, 5)
    x = tensor((side, side))
    if name == "select_scatter":
        return Drawn(torch.select_scatter, (x, torch.zeros(side), 0, 1))
    if name == "slice_scatter":
        return Drawn(torch.slice_scatter, (x, torch.zeros(1, side), 0, 1, 2))
    return Drawn(torch.diagonal_scatter, (x, torch.zeros(side)))


OF_TWO = (
    "add", "sub", "subtract", "rsub", "mul", "multiply", "div", "divide", "true_divide", "floor_divide", "remainder",
    "fmod", "pow", "float_power", "atan2", "arctan2", "maximum", "minimum", "fmax", "fmin", "copysign", "hypot",
    "logaddexp", "logaddexp2", "xlogy", "nextafter", "heaviside", "complex", "polar", "eq", "ne", "lt", "le", "gt", "ge",
    "not_equal", "greater", "less", "greater_equal", "less_equal", "isclose", "logical_and", "logical_or", "logical_xor",
    "clamp_min", "clamp_max",
)  # fmt: skip


@calls(*OF_TWO)
def of_two(draw, name):
    first, second = (tensor(sizes) for sizes in broadcastable(draw, 2))
    if name in ("add", "mul", "maximum", "complex") or number(draw, 0, 3):
        return Drawn(found(name), (first, second))
    if name in ("add", "sub", "mul", "div", "pow", "eq", "lt"):
        return Drawn(found(name), (first, 2))
    return Drawn(found(name), (second, first))


@calls(
    "bitwise_left_shift",
    "bitwise_right_shift",
    "bitwise_and",
    "bitwise_or",
    "bitwise_xor",
    "gcd",
    "lcm",
    "ldexp",
)
def of_two_whole(draw, name):
    first, second = (tensor(sizes, torch.int64) for sizes in broadcastable(draw, 2))
    return Drawn(found(name), (first, second))


@calls("where", "lerp", "addcmul", "addcdiv", "clamp", "clip")
def of_three(draw, name):
    first, second, third = (tensor(sizes) for sizes in broadcastable(draw, 3))
    return Drawn(found(name), (first > 0.02 if name == "where" else first, second, third))


@calls("broadcast_tensors")
def broadcast_tensors(draw, name):
    return Drawn(torch.broadcast_tensors, tuple(tensor(sizes) for sizes in broadcastable(draw, 3)))


@calls("normal")
def normal(draw, name):
    mean, std = (tensor(sizes) for sizes in broadcastable(draw, 2))
    if one_of(draw, True, False):
        return Drawn(torch.normal, (mean, std))
    return Drawn(torch.normal, (0.0, 1.0, shape(draw)))


@calls("glu")
def glu(draw, name):
    x = tensor(tuple(2 * size for size in shape(draw)))
    return Drawn(functional.glu, (x, axis(draw, x.dim())))


@calls("_weight_norm", "norm_except_dim")
def weight_norm(draw, name):
    v = a_tensor(draw, 2, 4)
    g = torch.norm_except_dim(v, 2, 0)
    return (
        Drawn(torch._weight_norm, (v, g, 0))
        if name == "_weight_norm"
        else Drawn(torch.norm_except_dim, (v, 2, 0))
    )


@calls("isin", "searchsorted", "bucketize")
def looked_up(draw, name):
    x, others = tensor(shape(draw, 1, 3)), torch.tensor([0.01, 0.03, 0.05])
    args = (others, x) if name == "searchsorted" else (x, others)
    return Drawn(found(name), args)
