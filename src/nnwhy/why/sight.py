"""Which pixels of the input one value of a map sees: the first and the last along each axis.

Going through a window of `kernel` values, `dilation` apart, moved by `stride` over an input with `padding`, the value at i
sees its input from i·stride − padding to i·stride − padding + dilation·(kernel − 1). Steps through the network compose.
Source: Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural Networks", Distill 2019,
https://distill.pub/2019/computing-receptive-fields/.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import gcd, lcm

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
    """One axis: the value at i sees i·step + first[i mod n] … i·step + last[i mod n], where n is the number of entries."""

    step: Fraction
    first: tuple[Fraction, ...]
    last: tuple[Fraction, ...]
    whole: bool = False

    def through(
        self, period: int, stride: Fraction, low: Callable[[int], int], high: Callable[[int], int]
    ) -> _Line:
        """What values see of which the one at i sees low(i) … high(i) of the map whose values see this.

        Both move by `stride` a value, evenly at every `period`-th.
        """
        if self.whole:
            return self
        count = period * (len(self.first) // gcd(len(self.first), int(stride * period)))
        step = self.step * stride
        return _Line(
            step,
            tuple(self._at(low(i), self.first) - i * step for i in range(count)),
            tuple(self._at(high(i), self.last) - i * step for i in range(count)),
        )

    def joined(self, other: _Line) -> _Line:
        """What a value sees that sees what either sees."""
        count = lcm(len(self.first), len(other.first))
        return _Line(
            self.step,
            tuple(min(line.first[i % len(line.first)] for line in (self, other)) for i in range(count)),
            tuple(max(line.last[i % len(line.last)] for line in (self, other)) for i in range(count)),
            self.whole or other.whole,
        )

    def _at(self, position: int, ends: tuple[Fraction, ...]) -> Fraction:
        return position * self.step + ends[position % len(ends)]


_Lines = tuple[_Line, ...]
_ITSELF = _Line(Fraction(1), (Fraction(0),), (Fraction(0),))


class Sights:
    """The sights of a trace's tensors that are still maps over the axes of an input."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._lines: dict[int, _Lines] = {}
        for tensor in trace.tensors:
            rank = len(tensor.shape)
            if tensor.origin.kind == "input" and 3 <= rank <= 5:
                self._lines[tensor.id] = (_ITSELF,) * (rank - 2)
        for call in trace.calls:
            if call.kind == "function":
                self._through(call)

    def of(self, tensor: int) -> Sight | None:
        """What one value of `tensor` sees, None where it is no map of an input."""
        lines = self._lines.get(tensor)
        if lines is None:
            return None
        return Sight(
            tuple(float(line.step) for line in lines),
            tuple(tuple(map(float, line.first)) for line in lines),
            tuple(tuple(map(float, line.last)) for line in lines),
            tuple(line.whole for line in lines),
        )

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
            _windowed(line, stride, -padding, dilation * (kernel - 1) - padding)
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
            _spread(line, stride, padding - dilation * (kernel - 1), padding)
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
        return tuple(_Line(Fraction(0), line.first, line.last, whole=True) for line in lines)

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
        return tuple(reduce(_Line.joined, parts) for parts in columns)

    def _kernels(self, call: Call, rank: int) -> tuple[int, ...]:
        weight = call.arguments.get("weight")
        if isinstance(weight, TensorRef):
            return self._trace.tensors[weight.id].shape[-rank:]
        return _numbers(call, "kernel_size", rank, (1,) * rank)


def _windowed(line: _Line, stride: int, first: int, last: int) -> _Line:
    """Through a window: the value at i sees i·stride + first … i·stride + last."""
    return line.through(1, Fraction(stride), lambda i: i * stride + first, lambda i: i * stride + last)


def _spread(line: _Line, stride: int, first: int, last: int) -> _Line:
    """Through a transposed window: the value at i sees ⌈(i + first) / stride⌉ … ⌊(i + last) / stride⌋."""
    return line.through(
        stride, Fraction(1, stride), lambda i: -(-(i + first) // stride), lambda i: (i + last) // stride
    )


def _numbers(call: Call, name: str, rank: int, default: tuple[int, ...]) -> tuple[int, ...]:
    value: Value = plain(call.arguments.get(name))
    if isinstance(value, tuple):
        found = tuple(item for item in value if isinstance(item, int))
        return found * rank if len(found) == 1 else found or default
    return (value,) * rank if isinstance(value, int) and not isinstance(value, bool) else default
