"""Functions that keep the shape of their input, and arithmetic that broadcasts."""

from __future__ import annotations

from collections.abc import Sequence

from nnwhy.facts.expression import floor_divide
from nnwhy.facts.value import TensorRef
from nnwhy.why.registry import Axis, Sizes, rule
from nnwhy.why.rules.broadcasting import broadcast
from nnwhy.why.site import NoRule, Site

_ACTIVATIONS = (
    "relu", "relu6", "leaky_relu", "elu", "selu", "celu", "gelu", "silu", "mish", "hardswish", "hardsigmoid", "hardtanh",
    "sigmoid", "expit", "tanh", "softplus", "softsign", "tanhshrink", "softshrink", "hardshrink", "logsigmoid", "threshold", "rrelu",
    "prelu", "softmin", "softmax", "log_softmax", "gumbel_softmax",
)  # fmt: skip
_DROPOUTS = (
    "dropout",
    "dropout1d",
    "dropout2d",
    "dropout3d",
    "alpha_dropout",
    "feature_alpha_dropout",
    "feature_dropout",
)
_NORMS = (
    "batch_norm", "layer_norm", "group_norm", "instance_norm", "rms_norm", "local_response_norm", "normalize", "renorm",
)  # fmt: skip
_COPIES = (
    "contiguous", "clone", "detach", "to", "float", "half", "double", "bfloat16", "long", "int", "short", "bool", "byte", "cfloat",
    "type", "type_as", "cpu", "cuda", "pin_memory", "positive", "data", "real", "imag", "conj",
    "resolve_conj", "fake_quantize_per_tensor_affine", "native_channel_shuffle", "channel_shuffle",
)  # fmt: skip
_ARITHMETIC = (
    "exp", "exp2", "expm1", "log", "log1p", "log2", "log10", "sqrt", "rsqrt", "abs", "absolute", "neg", "negative", "sin", "cos", "tan",
    "asin", "acos", "atan", "arcsin", "arccos", "arctan", "sinh", "cosh", "asinh", "acosh", "atanh", "erf", "erfc", "erfinv", "square",
    "sign", "sgn", "floor", "ceil", "round", "trunc", "frac", "reciprocal", "logit", "sinc", "lgamma", "digamma", "angle", "deg2rad",
    "rad2deg", "logical_not", "bitwise_not", "invert", "isnan", "isinf", "isfinite", "isposinf", "isneginf", "signbit", "nan_to_num",
)  # fmt: skip
_ALONG_AN_AXIS = (
    "cumsum", "cumprod", "logcumsumexp", "roll", "flip", "fliplr", "flipud", "tril", "triu", "argsort", "msort", "matrix_power",
    "matrix_exp", "fftshift", "ifftshift",
)  # fmt: skip
_ALIKE = (
    "zeros_like", "ones_like", "empty_like", "full_like", "rand_like", "randn_like", "randint_like", "bernoulli", "zero",
    "fill", "uniform", "exponential", "random", "log_normal", "cauchy", "geometric",
)  # fmt: skip
_WRITTEN_TO = (
    "__setitem__", "masked_fill", "masked_scatter", "index_fill", "index_add", "index_copy", "index_put", "index_reduce", "scatter",
    "scatter_add", "scatter_reduce", "select_scatter", "slice_scatter", "diagonal_scatter", "fill_diagonal", "copy", "put",
)  # fmt: skip


@rule(*_ACTIVATIONS, *_DROPOUTS, *_NORMS, *_COPIES, *_ARITHMETIC, *_ALONG_AN_AXIS, *_ALIKE, *_WRITTEN_TO)
def unchanged(site: Site) -> Sequence[Axis]:
    """The output has the input's shape."""
    return site.sizes("input")


_OF_TWO = (
    "add", "sub", "subtract", "rsub", "mul", "multiply", "div", "divide", "true_divide", "floor_divide", "remainder", "fmod",
    "pow", "float_power", "atan2", "arctan2", "maximum", "minimum", "fmax", "fmin", "copysign", "hypot", "logaddexp", "logaddexp2",
    "xlogy", "nextafter", "ldexp", "heaviside", "gcd", "lcm", "complex", "polar", "bitwise_left_shift", "bitwise_right_shift",
)  # fmt: skip
_COMPARISONS = (
    "eq", "ne", "lt", "le", "gt", "ge", "not_equal", "greater", "less", "greater_equal", "less_equal", "isclose",
    "logical_and", "logical_or", "logical_xor", "bitwise_and", "bitwise_or", "bitwise_xor",
)  # fmt: skip
_OF_MORE = ("where", "lerp", "addcmul", "addcdiv", "clamp", "clip", "clamp_min", "clamp_max")


@rule(*_OF_TWO, *_COMPARISONS, *_OF_MORE)
def broadcasting(site: Site) -> tuple[Axis, ...]:
    """Elementwise arithmetic on several tensors."""
    given = [site.trace.tensors[id] for id in site.call.inputs]
    if not given:
        raise NoRule("no tensor among the arguments")
    if (
        site.call.name == "where"
        and "input" not in site.call.arguments
        and "other" not in site.call.arguments
    ):
        raise NoRule("where with a condition alone finds positions")
    return broadcast(given)


@rule("broadcast_tensors")
def broadcast_tensors(site: Site) -> list[Sizes]:
    """All tensors in one shape."""
    given = site.tensors("tensors")
    return [broadcast(given)] * len(given)


@rule("normal")
def normal(site: Site) -> Sequence[Axis]:
    """Random numbers in the shape of the tensors given, or in `size`."""
    if site.has("size"):
        return site.elements("size")
    return broadcast([site.trace.tensors[id] for id in site.call.inputs])


@rule("glu")
def glu(site: Site) -> tuple[Axis, ...]:
    """One half of an axis gates the other: that axis becomes half as long."""
    x = site.sizes("input")
    dim = site.axis("dim", len(x), -1)
    return (*x[:dim], floor_divide(x[dim], 2), *x[dim + 1 :])


@rule("_weight_norm")
def weight_norm(site: Site) -> tuple[Axis, ...]:
    """A weight from its direction `v` and its lengths `g`: the shape of `v`."""
    return site.sizes("v")


@rule("norm_except_dim")
def norm_except_dim(site: Site) -> tuple[Axis, ...]:
    """The norms over all axes but `dim`, whose axes stay with size 1."""
    x = site.sizes("input")
    dim = site.integer("dim", 0)
    if dim == -1:
        return ()
    return tuple(size if axis == dim % len(x) else 1 for axis, size in enumerate(x))


@rule("isin")
def isin(site: Site) -> Sequence[Axis]:
    """Whether each element is among others."""
    return site.sizes("input") if isinstance(site.call.arguments.get("input"), TensorRef) else ()


@rule("searchsorted", "bucketize")
def searchsorted(site: Site) -> Sequence[Axis]:
    """For each value the position where it belongs."""
    return site.sizes("input") if isinstance(site.call.arguments.get("input"), TensorRef) else ()
