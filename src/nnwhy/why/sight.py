"""Which pixels of the input one value of a map sees: the first and the last along each axis.

Going through a window of `kernel` values, `dilation` apart, moved by `stride` over an input with `padding`, the value at i
sees its input from i·stride − padding to i·stride − padding + dilation·(kernel − 1). Steps through the network compose.
Source: Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural Networks", Distill 2019,
https://distill.pub/2019/computing-receptive-fields/.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nnwhy.facts.page import Sight
from nnwhy.facts.trace import Call, Trace
from nnwhy.facts.value import TensorRef, Value, plain

_WINDOW = re.compile(r"(conv|max_pool|avg_pool|lp_pool)([123])d(_with_indices)?")
_TRANSPOSED = re.compile(r"conv_transpose([123])d")
_POOLED = re.compile(r"adaptive_(avg|max)_pool([123])d(_with_indices)?")
_MOVED = re.compile(
    r"interpolate|upsample\w*|grid_sample|fold|unfold|pixel_\w+|fft\w*|pad|roll|flip|transpose|permute|__getitem__|affine_grid"
)


@dataclass(frozen=True, slots=True)
class _Line:
    """One axis: the value at i sees i·step + first … i·step + last."""

    step: float
    first: float
    last: float
    whole: bool = False

    def through(self, stride: float, first: float, last: float) -> _Line:
        """What a value sees that sees i·stride + first … i·stride + last of the map whose values see this."""
        if self.whole:
            return self
        return _Line(stride * self.step, first * self.step + self.first, last * self.step + self.last)


_Lines = tuple[_Line, ...]


class Sights:
    """The sights of a trace's tensors that are still maps over the axes of an input."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._lines: dict[int, _Lines] = {}
        for tensor in trace.tensors:
            rank = len(tensor.shape)
            if tensor.origin.kind == "input" and 3 <= rank <= 5:
                self._lines[tensor.id] = (_Line(1, 0, 0),) * (rank - 2)
        for call in trace.calls:
            if call.kind == "function":
                self._through(call)

    def of(self, tensor: int) -> Sight | None:
        """What one value of `tensor` sees, None where it is no map of an input."""
        lines = self._lines.get(tensor)
        if lines is None:
            return None
        return Sight(
            tuple(line.step for line in lines), tuple(line.first for line in lines),
            tuple(line.last for line in lines), tuple(line.whole for line in lines),
        )  # fmt: skip

    def _through(self, call: Call) -> None:
        found = (
            self._window(call)
            or self._transposed(call)
            or self._pooled(call)
            or (() if self._is_other(call) else self._merged(call))
        )
        for output in call.outputs:
            if found and len(self._trace.tensors[output].shape) in (len(found) + 1, len(found) + 2):
                self._lines[output] = found

    def _is_other(self, call: Call) -> bool:
        return any(
            pattern.fullmatch(call.name) is not None for pattern in (_WINDOW, _TRANSPOSED, _POOLED, _MOVED)
        )

    def _source(self, call: Call, rank: int) -> _Lines:
        source = call.arguments.get("input")
        lines = self._lines.get(source.id, ()) if isinstance(source, TensorRef) else ()
        return lines if len(lines) == rank else ()

    def _window(self, call: Call) -> _Lines:
        match = _WINDOW.fullmatch(call.name)
        if match is None or call.arguments.get("padding") == "same":
            return ()
        rank = int(match[2])
        kernels = self._kernels(call, rank)
        strides = _numbers(call, "stride", rank, kernels if "kernel_size" in call.arguments else (1,) * rank)
        dilations = _numbers(call, "dilation", rank, (1,) * rank)
        paddings = _numbers(call, "padding", rank, (0,) * rank)
        return tuple(
            line.through(stride, -padding, dilation * (kernel - 1) - padding)
            for line, kernel, stride, dilation, padding in zip(
                self._source(call, rank), kernels, strides, dilations, paddings, strict=False
            )
        )

    def _transposed(self, call: Call) -> _Lines:
        """The value at i takes from (i + padding − dilation·(kernel − 1)) / stride to (i + padding) / stride."""
        match = _TRANSPOSED.fullmatch(call.name)
        if match is None:
            return ()
        rank = int(match[1])
        kernels = self._kernels(call, rank)
        strides, dilations = (_numbers(call, name, rank, (1,) * rank) for name in ("stride", "dilation"))
        paddings = _numbers(call, "padding", rank, (0,) * rank)
        return tuple(
            line.through(1 / stride, (padding - dilation * (kernel - 1)) / stride, padding / stride)
            for line, kernel, stride, dilation, padding in zip(
                self._source(call, rank), kernels, strides, dilations, paddings, strict=False
            )
        )

    def _pooled(self, call: Call) -> _Lines:
        """Adaptive pooling to one value sees everything; to several, windows that do not move evenly, which are not told."""
        match = _POOLED.fullmatch(call.name)
        if match is None or not call.outputs:
            return ()
        rank = int(match[2])
        made = self._trace.tensors[call.outputs[0]].shape[-rank:]
        lines = self._source(call, rank)
        if any(size != 1 for size in made):
            return ()
        return tuple(_Line(0, line.first, line.last, whole=True) for line in lines)

    def _merged(self, call: Call) -> _Lines:
        """Functions that keep the pixels where they are; where branches meet, a value sees what either saw."""
        known = [tensor for tensor in call.inputs if tensor in self._lines]
        if not known or not call.outputs:
            return ()
        rank = len(self._lines[known[0]])
        made = self._trace.tensors[call.outputs[0]].shape
        if any(
            len(self._lines[tensor]) != rank or self._trace.tensors[tensor].shape[-rank:] != made[-rank:]
            for tensor in known
        ):
            return ()
        columns = zip(*(self._lines[tensor] for tensor in known), strict=True)
        return tuple(
            _Line(
                parts[0].step,
                min(part.first for part in parts),
                max(part.last for part in parts),
                any(part.whole for part in parts),
            )
            for parts in columns
        )

    def _kernels(self, call: Call, rank: int) -> tuple[int, ...]:
        weight = call.arguments.get("weight")
        if isinstance(weight, TensorRef):
            return self._trace.tensors[weight.id].shape[-rank:]
        return _numbers(call, "kernel_size", rank, (1,) * rank)


def _numbers(call: Call, name: str, rank: int, default: tuple[int, ...]) -> tuple[int, ...]:
    value: Value = plain(call.arguments.get(name))
    if isinstance(value, tuple):
        found = tuple(item for item in value if isinstance(item, int))
        return found * rank if len(found) == 1 else found or default
    return (value,) * rank if isinstance(value, int) and not isinstance(value, bool) else default
