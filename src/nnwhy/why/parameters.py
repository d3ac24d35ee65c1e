"""Which constructor arguments the axes of a layer's own tensors are."""

from __future__ import annotations

import re

from nnwhy.facts.expression import Argument, Constant, Expression, evaluate, floor_divide, multiply
from nnwhy.facts.trace import Module
from nnwhy.facts.value import Value, plain

# By class (or a stem of it) and local tensor name: the argument an axis is; "a/b" is a quotient, "4*a" a multiple, "a[0]" an element.
_AXES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (r"ConvTranspose\dd", "weight", ("in_channels", "out_channels/groups", "kernel_size[0]", "kernel_size[1]", "kernel_size[2]")),
    (r"Conv\dd", "weight", ("out_channels", "in_channels/groups", "kernel_size[0]", "kernel_size[1]", "kernel_size[2]")),
    (r"Conv(Transpose)?\dd", "bias", ("out_channels",)),
    (r"(Linear|NonDynamicallyQuantizableLinear)", "weight", ("out_features", "in_features")),
    (r"(Linear|NonDynamicallyQuantizableLinear)", "bias", ("out_features",)),
    (r"Bilinear", "weight", ("out_features", "in1_features", "in2_features")),
    (r"Bilinear", "bias", ("out_features",)),
    (r"(Batch|Instance)Norm\dd|SyncBatchNorm", "weight|bias|running_mean|running_var", ("num_features",)),
    (r"GroupNorm", "weight|bias", ("num_channels",)),
    (r"(Layer|RMS)Norm", "weight|bias", ("normalized_shape[0]", "normalized_shape[1]", "normalized_shape[2]")),
    (r"Embedding(Bag)?", "weight", ("num_embeddings", "embedding_dim")),
    (r"PReLU", "weight", ("num_parameters",)),
    (r"LSTM(Cell)?", r"weight_ih\w*|bias\w*", ("4*hidden_size", "input_size")),
    (r"LSTM(Cell)?", r"weight_hh\w*", ("4*hidden_size", "hidden_size")),
    (r"GRU(Cell)?", r"weight_ih\w*|bias\w*", ("3*hidden_size", "input_size")),
    (r"GRU(Cell)?", r"weight_hh\w*", ("3*hidden_size", "hidden_size")),
    (r"RNN(Cell)?", r"weight_ih\w*|bias\w*", ("hidden_size", "input_size")),
    (r"RNN(Cell)?", r"weight_hh\w*", ("hidden_size", "hidden_size")),
    (r"MultiheadAttention", "in_proj_weight", ("3*embed_dim", "embed_dim")),
    (r"MultiheadAttention", "in_proj_bias", ("3*embed_dim",)),
)  # fmt: skip


def axis_argument(module: Module, tensor: str, axis: int, size: int) -> Expression | None:
    """The constructor argument(s) that the axis `axis` of the module's tensor `tensor` is; None where that is not known.

    The expression is compared with the true size before it is returned.
    """
    if not module.qualified_type.startswith("torch.nn."):
        return None
    for classes, names, axes in _AXES:
        if not (re.fullmatch(classes, module.type) and re.fullmatch(names, tensor)) or axis >= len(axes):
            continue
        found = _expression(module, axes[axis])
        if found is not None and evaluate(found) == size:
            return found
    return None


def _expression(module: Module, text: str) -> Expression | None:
    multiple = re.fullmatch(r"(\d)\*(\w+)", text)
    if multiple:
        inner = _expression(module, multiple[2])
        return None if inner is None else multiply(Constant(int(multiple[1])), inner)
    if "/" in text:
        over, under = (_expression(module, part) for part in text.split("/"))
        if over is None or under is None:
            return None
        return floor_divide(over, under) if evaluate(under) != 1 else over
    indexed = re.fullmatch(r"(\w+)\[(\d)\]", text)
    name, index = (indexed[1], int(indexed[2])) if indexed else (text, None)
    value = element(module.arguments.get(name), index)
    return Argument(None, name, value, index, module.path) if value is not None else None


def element(value: Value, index: int | None) -> int | None:
    """A whole-number argument, or the element `index` of it where it is a tuple."""
    value = plain(value)
    if isinstance(value, tuple):
        value = value[index] if index is not None and index < len(value) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None
