"""Multiply-adds of recorded calls, from their shapes alone.

One multiply-add is two floating-point operations. Norms, activations and pools are not counted, as is usual
(and as torch's own FlopCounterMode does it).
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod

from nnwhy.facts.trace import Call, Tensor, Trace
from nnwhy.facts.value import TensorRef, tensors_in

_Count = Callable[[Trace, Call], int]
_BYTES = {
    "float64": 8, "int64": 8, "complex64": 8, "complex128": 16, "float32": 4, "int32": 4, "float16": 2, "bfloat16": 2,
    "int16": 2, "int8": 1, "uint8": 1, "bool": 1,
}  # fmt: skip


def multiply_adds(trace: Trace, call: Call) -> int:
    """The multiply-adds of one function call; 0 for functions that multiply nothing with weights or each other."""
    count = _COUNTS.get(call.name)
    if count is None or call.kind != "function" or call.stand_in:
        return 0
    try:
        return count(trace, call)
    except (IndexError, KeyError, ValueError):
        return 0


def tensor_bytes(tensor: Tensor) -> int:
    """The memory that the tensor's numbers take; an unknown dtype counts as one byte a number."""
    return prod(tensor.shape) * _BYTES.get(tensor.dtype, 1)


def _shape(trace: Trace, call: Call, name: str) -> tuple[int, ...]:
    value = call.arguments[name]
    if not isinstance(value, TensorRef):
        raise KeyError(name)
    return trace.tensors[value.id].shape


def _made(trace: Trace, call: Call) -> tuple[int, ...]:
    return trace.tensors[call.outputs[0]].shape


def _convolution(trace: Trace, call: Call) -> int:
    return prod(_made(trace, call)) * prod(_shape(trace, call, "weight")[1:])


def _transposed(trace: Trace, call: Call) -> int:
    return prod(_shape(trace, call, "input")) * prod(_shape(trace, call, "weight")[1:])


def _linear(trace: Trace, call: Call) -> int:
    return prod(_made(trace, call)) * _shape(trace, call, "weight")[-1]


def _bilinear(trace: Trace, call: Call) -> int:
    return prod(_made(trace, call)) * prod(_shape(trace, call, "weight")[1:])


def _product(trace: Trace, call: Call) -> int:
    left = trace.tensors[call.inputs[0]].shape
    return prod(_made(trace, call)) * left[-1]


def _added_product(trace: Trace, call: Call) -> int:
    left = trace.tensors[call.inputs[1]].shape
    return prod(_made(trace, call)) * left[-1]


def _einsum(trace: Trace, call: Call) -> int:
    """All indices together, once: what a single contraction costs; 0 for one operand."""
    equation = call.arguments.get("equation")
    if not isinstance(equation, str) or len(call.inputs) < 2:
        return 0
    sizes: dict[str, int] = {}
    for indices, tensor in zip(
        equation.split("->")[0].replace(" ", "").split(","), call.inputs, strict=False
    ):
        shape = trace.tensors[tensor].shape
        before, dots, behind = indices.partition("...")
        for position, index in enumerate(before):
            sizes[index] = shape[position]
        for position, index in enumerate(reversed(behind if dots else "")):
            sizes[index] = shape[-1 - position]
        if dots:
            for axis, size in enumerate(shape[len(before) : len(shape) - len(behind)]):
                sizes[f".{axis}"] = size
    return prod(sizes.values())


def _scaled_dot_product(trace: Trace, call: Call) -> int:
    query, key, value = (trace.tensors[id].shape for id in call.inputs[:3])
    return prod(query[:-1]) * key[-2] * (query[-1] + value[-1])


def _attention(trace: Trace, call: Call) -> int:
    """Three projections, scores, weighted sum, and the output projection."""
    query, key = _shape(trace, call, "query"), _shape(trace, call, "key")
    width, targets, sources = query[-1], prod(query[:-1]), prod(key[:-1])
    projections = targets * width * width * 2 + sources * width * width * 2
    scores = targets * key[0] * width * 2
    return projections + scores


def _recurrent(trace: Trace, call: Call) -> int:
    """Every step multiplies every weight matrix once with every sequence's state."""
    weights = [trace.tensors[id].shape for id in tensors_in(call.arguments.get("params"))]
    steps = prod(_shape(trace, call, "input")[:-1])
    return steps * sum(prod(shape) for shape in weights if len(shape) == 2)


_COUNTS: dict[str, _Count] = {
    **dict.fromkeys(("conv1d", "conv2d", "conv3d"), _convolution),
    **dict.fromkeys(("conv_transpose1d", "conv_transpose2d", "conv_transpose3d"), _transposed),
    **dict.fromkeys(("matmul", "bmm", "mm", "mv", "dot"), _product),
    **dict.fromkeys(("addmm", "baddbmm", "addbmm"), _added_product),
    **dict.fromkeys(("lstm", "gru", "rnn_tanh", "rnn_relu"), _recurrent),
    "linear": _linear,
    "bilinear": _bilinear,
    "einsum": _einsum,
    "scaled_dot_product_attention": _scaled_dot_product,
    "multi_head_attention_forward": _attention,
}
