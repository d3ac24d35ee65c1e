"""What the functions of torch mean to somebody who watches training."""

from __future__ import annotations

from typing import Any

LOSSES = frozenset({
    "cross_entropy", "nll_loss", "mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "binary_cross_entropy",
    "binary_cross_entropy_with_logits", "kl_div", "poisson_nll_loss", "soft_margin_loss", "hinge_embedding_loss",
    "multilabel_soft_margin_loss", "multi_margin_loss", "multilabel_margin_loss", "gaussian_nll_loss", "cosine_embedding_loss",
    "margin_ranking_loss",
})  # fmt: skip

TARGET_THIRD = frozenset({"cosine_embedding_loss", "margin_ranking_loss"})
"""These losses compare two results of the network; what they should be is the third argument."""

RECTIFIERS = frozenset({"relu", "relu_", "relu6", "hardtanh"})

DOUBTFUL = frozenset({
    "log", "log2", "log10", "log1p", "log_", "sqrt", "rsqrt", "sqrt_", "div", "div_", "true_divide", "__truediv__", "__rtruediv__",
    "__itruediv__", "exp", "exp_", "expm1", "pow", "__pow__", "__rpow__", "acos", "asin", "atanh", "logit", "reciprocal",
    "__rdiv__", "__div__",
})  # fmt: skip

DIFFERENCES = frozenset({"sub", "__sub__", "__rsub__", "subtract", "rsub"})
COMPARISONS = frozenset({"eq", "__eq__", "ne", "__ne__"})
SUMS = frozenset({"add", "__add__", "__radd__", "__iadd__", "add_"})
LEAVES_TORCH = frozenset({"item", "tolist", "numpy", "__float__", "__array__"})
FROM_OUTSIDE = frozenset(
    {"tensor", "as_tensor", "from_numpy", "asarray", "FloatTensor", "new_tensor", "scalar_tensor"}
)
RESHAPES = frozenset({
    "view", "reshape", "flatten", "permute", "unsqueeze", "squeeze", "to", "float", "contiguous", "transpose", "type", "half",
    "double", "cpu", "cuda", "clone", "bfloat16", "unflatten",
})  # fmt: skip
RANDOM = frozenset({
    "rand_like", "randn_like", "zeros_like", "ones_like", "empty_like", "full_like", "randint_like", "bernoulli",
    "new_zeros", "new_ones", "new_empty", "new_full",
})  # fmt: skip
"""These take only the shape of what they are given."""

RECURRENT = frozenset(
    {"lstm", "gru", "rnn_tanh", "rnn_relu", "lstm_cell", "gru_cell", "rnn_tanh_cell", "rnn_relu_cell"}
)

REGRESSIONS = frozenset({"mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss"})

PRODUCTS = frozenset({"mul", "__mul__", "__rmul__", "mul_"})

DIVISIONS = frozenset({"div", "div_", "true_divide", "__truediv__", "__itruediv__"})

SENDS = frozenset({"to", "cuda"})

MOVES = frozenset({"add_", "lerp_", "copy_"})

SPECIAL = (
    LOSSES
    | RECTIFIERS
    | DOUBTFUL
    | DIFFERENCES
    | COMPARISONS
    | SUMS
    | LEAVES_TORCH
    | FROM_OUTSIDE
    | SENDS
    | MOVES
    | RECURRENT
    | {"softmax", "log_softmax", "normalize", "multi_head_attention_forward", "__setitem__"}
)
"""These say more than that a tensor was made."""

_NOTHING = frozenset({
    "size", "dim", "ndimension", "numel", "nelement", "stride", "storage_offset", "is_contiguous", "element_size",
    "is_floating_point", "is_complex", "get_device", "data_ptr", "untyped_storage", "storage", "__hash__", "__len__",
    "__repr__", "__format__", "__bool__", "__int__", "__index__", "requires_grad_", "register_hook", "__contains__",
    "is_inference", "is_signed", "backward", "is_pinned", "share_memory_", "is_shared", "retain_grad", "set_default_dtype",
    "_set_grad_enabled", "is_same_size", "_has_compatible_shallow_copy_type", "__dir__", "names", "has_names",
    "manual_seed", "zero_", "fill_", "uniform_", "normal_", "trunc_normal_", "kaiming_uniform_", "is_tensor", "save",
    "allclose", "equal", "__setstate__", "__reduce_ex__", "__deepcopy__", "result_type", "iscomplexobj", "pin_memory",
    "set_printoptions", "clip_grad_norm_", "is_nonzero", "get_default_dtype", "broadcast_shapes", "__array_priority__",
    "can_cast", "promote_types", "is_grad_enabled", "_is_zerotensor", "split_with_sizes_copy", "is_storage",
})  # fmt: skip
_PROPERTIES = frozenset({"T", "mT", "H", "mH", "real", "imag", "data"})


def name_of(function: Any) -> str:
    """The short name of a torch function; of a property's getter the property's name; "" for what makes no tensor."""
    name = getattr(function, "__name__", "")
    if name == "__get__":
        name = getattr(getattr(function, "__self__", None), "__name__", "")
        return name if name in _PROPERTIES else ""
    if (
        name in ("__set__", "__delete__")
        or name in _NOTHING
        or name.startswith(("_foreach_", "_record_function"))
    ):
        return ""
    return name
