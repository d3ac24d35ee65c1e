"""Functions that keep the shape of their input, and arithmetic that broadcasts."""

from __future__ import annotations

from collections.abc import Sequence

from nnwhy.facts.expression import Expression
from nnwhy.facts.trace import Tensor
from nnwhy.why.registry import Axis, Sizes, rule
from nnwhy.why.site import NoRule, Site, sizes_of


@rule("relu", "relu6", "leaky_relu", "elu", "selu", "celu", "gelu", "silu", "mish", "hardswish", "hardsigmoid", "hardtanh", "sigmoid",
      "tanh", "softplus", "softsign", "tanhshrink", "softshrink", "hardshrink", "logsigmoid", "threshold", "rrelu", "softmin",
      "dropout", "dropout1d", "dropout2d", "dropout3d", "alpha_dropout", "feature_alpha_dropout", "feature_dropout",
      "softmax", "log_softmax", "gumbel_softmax", "batch_norm", "layer_norm", "group_norm", "instance_norm", "rms_norm",
      "local_response_norm", "normalize", "native_layer_norm_", "contiguous", "clone", "detach", "to", "float", "half", "double",
      "bfloat16", "long", "int", "bool", "type", "type_as", "cpu", "cuda", "exp", "log", "sqrt", "rsqrt", "abs", "neg", "sin", "cos",
      "erf", "log1p", "log2", "expm1", "square", "sign", "floor", "ceil", "round", "reciprocal", "logical_not", "bitwise_not", "isnan",
      "isinf", "isfinite", "nan_to_num", "cumsum", "cumprod", "roll", "flip", "tril", "triu", "zeros_like", "ones_like", "empty_like",
      "full_like", "rand_like", "randn_like", "data", "real", "imag", "requires_grad_", "zero", "fill", "uniform", "normal",
      "masked_fill", "index_fill", "scatter", "scatter_add", "index_add", "index_copy", "copy", "clamp_scalar", "invert",
      "glu_", "logit", "atan", "tan", "asin", "acos", "sinh", "cosh", "alias", "__setitem__", "trunc", "frac", "sgn", "conj", "angle",
      "bernoulli", "positive", "polar_", "scatter_reduce", "masked_scatter", "index_put", "erfinv", "exp2", "argsort", "pin_memory")  # fmt: skip
def unchanged(site: Site) -> Sequence[Axis]:
    """The output has the input's shape."""
    return site.sizes("input")


def broadcast(tensors: Sequence[Tensor]) -> tuple[Expression, ...]:
    """The broadcast shape: aligned at the last axis, the first size that is not 1 (the first tensor's, where several are).

    Source: https://docs.pytorch.org/docs/stable/notes/broadcasting.html
    """
    rank = max((len(tensor.shape) for tensor in tensors), default=0)
    sizes: list[Expression] = []
    for axis in range(-rank, 0):
        here = [sizes_of(tensor)[axis] for tensor in tensors if len(tensor.shape) >= -axis]
        sizes.append(next((size for size in here if size.value != 1), here[0]))
    return tuple(sizes)


@rule("add", "sub", "subtract", "rsub", "mul", "multiply", "div", "divide", "true_divide", "floor_divide", "remainder", "fmod", "pow",
      "float_power", "atan2", "maximum", "minimum", "fmax", "fmin", "eq", "ne", "lt", "le", "gt", "ge", "greater", "less",
      "greater_equal", "less_equal", "not_equal", "logical_and", "logical_or", "logical_xor", "bitwise_and", "bitwise_or",
      "bitwise_xor", "bitwise_left_shift", "bitwise_right_shift", "where", "lerp", "addcmul", "addcdiv", "clamp", "clip", "xlogy",
      "hypot", "isclose", "complex", "polar", "prelu_", "rtruediv", "rdiv", "logaddexp", "clamp_min", "clamp_max", "copysign")  # fmt: skip
def broadcasting(site: Site) -> tuple[Axis, ...]:
    """Elementwise arithmetic on several tensors."""
    given = [site.trace.tensors[id] for id in site.call.inputs]
    if not given:
        raise NoRule("no tensor among the arguments")
    return broadcast(given)


@rule("prelu")
def prelu(site: Site) -> tuple[Axis, ...]:
    """The weight has one value, or one a channel; it changes nothing in the shape."""
    return site.sizes("input")


@rule("broadcast_tensors")
def broadcast_tensors(site: Site) -> list[Sizes]:
    """All tensors in one shape."""
    given = site.tensors("tensors")
    return [broadcast(given)] * len(given)
