"""Which argument of a layer must equal which axis of its input."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nnwhy.facts.trace import Call, Module, Trace
from nnwhy.why.parameters import element

# Class, argument, and the input axis that it must equal; for convolutions the channel axis is counted from the end.
_CONSUMED: tuple[tuple[str, str, int], ...] = (
    (r"Linear|NonDynamicallyQuantizableLinear|Bilinear", "in_features", -1),
    (r"Conv(Transpose)?1d", "in_channels", -2),
    (r"Conv(Transpose)?2d", "in_channels", -3),
    (r"Conv(Transpose)?3d", "in_channels", -4),
    (r"BatchNorm\dd|SyncBatchNorm", "num_features", 1),
    (r"InstanceNorm1d", "num_features", -2),
    (r"InstanceNorm2d", "num_features", -3),
    (r"InstanceNorm3d", "num_features", -4),
    (r"GroupNorm", "num_channels", 1),
    (r"LSTM|GRU|RNN|LSTMCell|GRUCell|RNNCell", "input_size", -1),
    (r"MultiheadAttention", "embed_dim", -1),
    (r"Bilinear", "in1_features", -1),
)


@dataclass(frozen=True, slots=True)
class Consumed:
    """`argument` of `module` must equal the size of `axis` of `tensor`, the input of `call`."""

    module: Module
    argument: str
    index: int | None
    value: int
    call: Call
    tensor: int
    axis: int


def consumed(trace: Trace, path: str | None = None) -> Iterator[Consumed]:
    """All such pairs of the recorded calls, in the order of the calls; those of one module where `path` is given."""
    modules = {module.path: module for module in trace.modules}
    for call in trace.calls:
        if call.kind != "module" or not call.inputs or (path is not None and call.module != path):
            continue
        module = modules[call.module]
        if not module.qualified_type.startswith("torch.nn."):
            continue
        tensor = call.inputs[0]
        rank = len(trace.tensors[tensor].shape)
        for argument, index, axis in _axes(module):
            value = element(module.arguments.get(argument), index)
            if value is not None and -rank <= axis < rank:
                yield Consumed(module, argument, index, value, call, tensor, axis % rank)


def _axes(module: Module) -> Iterator[tuple[str, int | None, int]]:
    for classes, argument, axis in _CONSUMED:
        if re.fullmatch(classes, module.type):
            yield argument, None, axis
    if module.type in ("LayerNorm", "RMSNorm"):
        shape = module.arguments.get("normalized_shape")
        count = len(shape) if isinstance(shape, tuple) else 1
        for index in range(count):
            yield "normalized_shape", index if isinstance(shape, tuple) else None, index - count
