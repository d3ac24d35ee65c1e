"""Receptive fields: how much of the input one value of a feature map sees.

Along one axis, a window of `kernel` values, `dilation` apart, widens a field by dilation·(kernel − 1)·stride-so-far, and
its own stride multiplies the distance between neighbours. Source: Araujo, Norris and Sim, "Computing Receptive Fields of
Convolutional Neural Networks", Distill 2019, https://distill.pub/2019/computing-receptive-fields/.
"""

from __future__ import annotations

import re
from fractions import Fraction

from nnwhy.facts.explanation import ReceptiveField
from nnwhy.facts.trace import Call, Trace
from nnwhy.facts.value import TensorRef, Value, plain

_Field = tuple[tuple[Fraction, ...], tuple[Fraction, ...]]
_WINDOW = re.compile(r"(conv|max_pool|avg_pool|lp_pool)([123])d")
_TRANSPOSED = re.compile(r"conv_transpose([123])d")
_GLOBAL = re.compile(r"(adaptive_\w+_pool\dd|interpolate|upsample|grid_sample|fold|unfold|pixel_\w+|fft\w*)")


class ReceptiveFields:
    """The receptive fields of a trace's tensors, for those that are still maps of the input's axes."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._fields: dict[int, _Field] = {}
        self._lost: set[int] = set()
        for call in trace.calls:
            if call.kind == "function":
                self._through(call)

    def of(self, tensor: int) -> ReceptiveField | None:
        """The field of one value of `tensor`, None where there is none (after flattening, or before the first window)."""
        found = self._fields.get(tensor)
        if found is None or all(size == 1 for size in found[0]):
            return None
        return ReceptiveField(tuple(int(size) for size in found[0]), tuple(int(jump) for jump in found[1]))

    def _through(self, call: Call) -> None:
        window = _WINDOW.fullmatch(call.name)
        transposed = _TRANSPOSED.fullmatch(call.name)
        if window or transposed:
            self._window(call, int((window or transposed)[2 if window else 1]), transposed is not None)  # type: ignore[index]
        elif not _GLOBAL.fullmatch(call.name):
            self._hand_on(call)
        if any(tensor in self._fields or tensor in self._lost for tensor in call.inputs):
            self._lost.update(output for output in call.outputs if output not in self._fields)

    def _window(self, call: Call, rank: int, transposed: bool) -> None:
        source = call.arguments.get("input")
        if not isinstance(source, TensorRef) or not call.outputs:
            return
        start: _Field = ((Fraction(1),) * rank, (Fraction(1),) * rank)
        field = self._fields.get(source.id) or (start if source.id not in self._lost else None)
        if field is None or len(field[0]) != rank:
            return
        kernels = self._kernels(call, rank)
        strides = _numbers(
            call.arguments.get("stride"), rank, kernels if "kernel_size" in call.arguments else (1,) * rank
        )
        dilations = _numbers(call.arguments.get("dilation"), rank, (1,) * rank)
        sizes: list[Fraction] = []
        jumps: list[Fraction] = []
        for axis in range(rank):
            reach = dilations[axis] * (kernels[axis] - 1)
            size, jump = field[0][axis], field[1][axis]
            if transposed:
                jump = jump / strides[axis]
                sizes.append(size + Fraction(reach // strides[axis]) * jump * strides[axis])
                jumps.append(jump)
            else:
                sizes.append(size + reach * jump)
                jumps.append(jump * strides[axis])
        for output in call.outputs:
            self._fields[output] = (tuple(sizes), tuple(jumps))

    def _kernels(self, call: Call, rank: int) -> tuple[int, ...]:
        weight = call.arguments.get("weight")
        if isinstance(weight, TensorRef):
            return self._trace.tensors[weight.id].shape[-rank:]
        return _numbers(call.arguments.get("kernel_size"), rank, (1,) * rank)

    def _hand_on(self, call: Call) -> None:
        """Elementwise functions keep the field; where branches meet, the largest counts."""
        fields = [self._fields[tensor] for tensor in call.inputs if tensor in self._fields]
        if not fields or not call.outputs:
            return
        rank = len(fields[0][0])
        source = next(tensor for tensor in call.inputs if tensor in self._fields)
        spatial = self._trace.tensors[source].shape[-rank:]
        for output in call.outputs:
            if self._trace.tensors[output].shape[-rank:] == spatial and all(
                len(field[0]) == rank for field in fields
            ):
                sizes = tuple(max(field[0][axis] for field in fields) for axis in range(rank))
                jumps = tuple(max(field[1][axis] for field in fields) for axis in range(rank))
                self._fields[output] = (sizes, jumps)


def _numbers(value: Value, rank: int, default: tuple[int, ...]) -> tuple[int, ...]:
    value = plain(value)
    if isinstance(value, tuple):
        found = tuple(item for item in value if isinstance(item, int))
        return found * rank if len(found) == 1 else found or default
    return (value,) * rank if isinstance(value, int) else default
