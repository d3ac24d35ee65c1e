"""Argument names that torch's own table lacks or gives for another overload than the one that networks call."""

from __future__ import annotations

_RECURRENT = (
    "input", "hx", "params", "has_biases", "num_layers", "dropout", "train", "bidirectional", "batch_first",
)  # fmt: skip
_PACKED = (
    "input",
    "batch_sizes",
    "hx",
    "params",
    "has_biases",
    "num_layers",
    "dropout",
    "train",
    "bidirectional",
)
_REDUCED = ("input", "dim", "keepdim")
_SPREAD = ("input", "dim", "unbiased", "keepdim")
_TRANSPOSED = ("input", "dim0", "dim1")

# By full name where the short one is not enough.
CORRECTED: dict[str, tuple[str, ...]] = {
    "lstm": _RECURRENT, "gru": _RECURRENT, "rnn_tanh": _RECURRENT, "rnn_relu": _RECURRENT,
    "_pack_padded_sequence": ("input", "lengths", "batch_first"),
    "_pad_packed_sequence": ("input", "batch_sizes", "batch_first", "padding_value", "total_length"),
    "mean": _REDUCED, "sum": _REDUCED, "prod": _REDUCED, "amax": _REDUCED, "amin": _REDUCED, "any": _REDUCED,
    "all": _REDUCED, "max": _REDUCED, "min": _REDUCED, "argmax": _REDUCED, "argmin": _REDUCED, "median": _REDUCED,
    "nanmedian": _REDUCED, "nansum": _REDUCED, "nanmean": _REDUCED, "logsumexp": _REDUCED,
    "mode": _REDUCED, "count_nonzero": ("input", "dim"),
    "var": _SPREAD, "std": _SPREAD, "var_mean": _SPREAD, "std_mean": _SPREAD,
    "torch.linalg.vector_norm": ("input", "ord", "dim", "keepdim"),
    "torch.linalg.matrix_norm": ("input", "ord", "dim", "keepdim"),
    "torch.linalg.norm": ("input", "ord", "dim", "keepdim"),
    "gumbel_softmax": ("input", "tau", "hard", "eps", "dim"),
    "norm_except_dim": ("input", "pow", "dim"),
    "cumsum": ("input", "dim"), "cumprod": ("input", "dim"), "logcumsumexp": ("input", "dim"),
    "softmax": ("input", "dim", "dtype"), "log_softmax": ("input", "dim", "dtype"),
    "repeat_interleave": ("input", "repeats", "dim"),
    "unflatten": ("input", "dim", "sizes"),
    "transpose": _TRANSPOSED, "swapaxes": _TRANSPOSED, "swapdims": _TRANSPOSED,
    "squeeze": ("input", "dim"), "unsqueeze": ("input", "dim"),
    "split": ("input", "split_size_or_sections", "dim"),
    "split_with_sizes": ("input", "split_size_or_sections", "dim"),
    "tensor_split": ("input", "indices_or_sections", "dim"),
    "hsplit": ("input", "indices_or_sections"), "vsplit": ("input", "indices_or_sections"),
    "dsplit": ("input", "indices_or_sections"),
    "narrow": ("input", "dim", "start", "length"),
    "torch.Tensor.unfold": ("input", "dimension", "size", "step"),
    "masked_fill": ("input", "mask", "value"),
    "take_along_dim": ("input", "indices", "dim"),
    "isin": ("input", "test_elements"),
    "expand_as": ("input", "other"), "view_as": ("input", "other"), "reshape_as": ("input", "other"),
    "_grouped_mm": ("input", "mat2"), "mm": ("input", "mat2"), "addmm": ("input", "mat1", "mat2"),
    "tensordot": ("input", "other", "dims"),
    "cosine_similarity": ("x1", "x2", "dim"), "cdist": ("x1", "x2"),
    "embedding": ("input", "weight"), "torch.embedding": ("weight", "input"),
    "torch.embedding_bag": ("weight", "input", "offsets"),
    "diag_embed": ("input", "offset", "dim1", "dim2"), "diag": ("input", "diagonal"),
    "arange": ("start", "end", "step"), "range": ("start", "end", "step"),
    "linspace": ("start", "end", "steps"), "logspace": ("start", "end", "steps", "base"),
    "full": ("size", "fill_value"), "new_full": ("input", "size", "fill_value"),
    "randint": ("low", "high", "size"), "randperm": ("n",), "eye": ("n", "m"),
    "tril_indices": ("row", "col", "offset"), "triu_indices": ("row", "col", "offset"),
    "normal": ("mean", "std", "size"),
    "tensor": ("data",), "as_tensor": ("data",), "asarray": ("data",), "scalar_tensor": ("data",),
    "from_numpy": ("data",), "new_tensor": ("input", "data"),
    "hann_window": ("window_length",), "hamming_window": ("window_length",), "blackman_window": ("window_length",),
    "bartlett_window": ("window_length",), "kaiser_window": ("window_length",),
    "multinomial": ("input", "num_samples"),
    "as_strided": ("input", "size", "stride"),
    "where": ("condition", "input", "other"), "torch.Tensor.where": ("input", "condition", "other"),
    "searchsorted": ("sorted_sequence", "input"), "bucketize": ("input", "boundaries"),
    "__getitem__": ("input", "index"), "__setitem__": ("input", "index", "value"),
    "_weight_norm": ("v", "g", "dim"),
    "torch.polygamma": ("n", "input"),
    "roi_align": ("input", "boxes", "output_size", "spatial_scale", "sampling_ratio", "aligned"),
}  # fmt: skip

# The positional arguments after the named ones form one tuple.
GATHERED = {
    "einsum": ("equation", "operands"), "meshgrid": ("tensors",), "broadcast_tensors": ("tensors",),
    "cartesian_prod": ("tensors",), "block_diag": ("tensors",), "chain_matmul": ("tensors",),
    "atleast_1d": ("tensors",), "atleast_2d": ("tensors",), "atleast_3d": ("tensors",),
}  # fmt: skip

# Functions that take their sizes one by one or as one tuple; those in METHODS take a tensor first also as plain functions.
VARIADIC = {
    "view": "shape", "reshape": "shape", "permute": "dims", "expand": "size", "broadcast_to": "size",
    "repeat": "repeats", "tile": "dims", "zeros": "size", "ones": "size", "empty": "size", "rand": "size",
    "randn": "size", "new_zeros": "size", "new_ones": "size", "new_empty": "size", "flip": "dims",
}  # fmt: skip
METHODS = {"permute", "reshape", "tile", "flip", "broadcast_to", "view", "expand", "repeat"}

RENAMED = {
    "self": "input", "tensor": "input", "x": "input", "axis": "dim", "keepdims": "keepdim",
    "axis0": "dim0", "axis1": "dim1", "idx": "index", "matrices": "tensors", "fill": "fill_value",
}  # fmt: skip


def chosen(name: str, full: str, args: tuple[object, ...]) -> tuple[str, ...] | None:
    """The names of a call's positional arguments where this file knows better than torch's table; some depend on the arguments."""
    if name in ("arange", "range") and len(args) == 1:
        return ("end",)
    if name == "randint" and len(args) > 1 and isinstance(args[1], tuple | list):
        return ("high", "size")
    if (
        name in ("lstm", "gru", "rnn_tanh", "rnn_relu")
        and len(args) > 3
        and isinstance(args[3], tuple | list)
    ):
        return _PACKED
    if name in ("max", "min") and len(args) > 1 and not isinstance(args[1], int):
        return ("input", "other")
    if name in ("var", "std", "var_mean", "std_mean") and len(args) > 1 and isinstance(args[1], bool):
        return ("input", "unbiased")
    return CORRECTED.get(full) or CORRECTED.get(name)
