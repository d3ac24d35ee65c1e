"""The usual names of axes, where a function on the way gives them one: batch, channels, height, width, length, features."""

from __future__ import annotations

import re

from nnwhy.facts.expression import Size
from nnwhy.facts.trace import Call, Trace
from nnwhy.facts.value import TensorRef, tensors_in

_SPATIAL = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}
_LETTERS = {
    "batch": "N", "channels": "C", "height": "H", "width": "W", "depth": "D", "length": "L", "features": "F",
}  # fmt: skip
_IMAGE = re.compile(
    r"(conv|conv_transpose|max_pool|avg_pool|lp_pool|adaptive_avg_pool|adaptive_max_pool|fractional_max_pool)(\d)d.*"
)


class AxisNames:
    """Names by tensor, given by the functions that make or take it, and handed on along axes that stay the same."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._names: dict[int, tuple[str, ...]] = {}
        for call in trace.calls:
            if call.kind == "function":
                self._name_by(call)
        for call in reversed(trace.calls):
            if call.kind == "function":
                self._hand_back(call)
        for call in trace.calls:
            if call.kind == "function":
                self._hand_on(call)
        self._letters = self._input_letters()

    def of(self, tensor: int) -> tuple[str, ...]:
        """One name an axis, "" where unknown."""
        return self._names.get(tensor, ("",) * len(self._trace.tensors[tensor].shape))

    def name(self, tensor: int, axis: int) -> str:
        """The name of one axis, "" where unknown."""
        return self.of(tensor)[axis]

    def letter(self, tensor: int, axis: int) -> str:
        """The letter of an input's axis: the user's, or the usual one of its name."""
        return self._letters.get((tensor, axis), f"size{axis}")

    def inputs(self) -> dict[str, Size]:
        """The input sizes by letter."""
        return {
            letter: Size(tensor, axis, self._trace.tensors[tensor].shape[axis])
            for (tensor, axis), letter in self._letters.items()
        }

    def _name_by(self, call: Call) -> None:
        image = _IMAGE.fullmatch(call.name)
        if image:
            spatial = _SPATIAL.get(int(image[2]), ())
            for tensor in (*self._input(call), *call.outputs):
                self._set(tensor, self._with_batch(tensor, ("channels", *spatial)))
        elif call.name in (
            "batch_norm",
            "instance_norm",
            "group_norm",
            "pixel_shuffle",
            "interpolate",
            "upsample",
        ):
            for tensor in (*self._input(call), *call.outputs):
                rank = len(self._trace.tensors[tensor].shape)
                spatial = _SPATIAL.get(rank - 2, ())
                if rank == 2:
                    self._set(tensor, ("batch", "features"))
                elif spatial:
                    self._set(tensor, ("batch", "channels", *spatial))
        elif call.name in ("linear", "layer_norm", "rms_norm", "embedding"):
            for tensor in (*(self._input(call) if call.name != "embedding" else ()), *call.outputs):
                rank = len(self._trace.tensors[tensor].shape)
                names = {1: (), 2: ("batch",), 3: ("batch", "length")}.get(rank, ("",) * (rank - 1))
                self._set(tensor, (*names, "features"))
            if call.name == "embedding":
                for tensor in self._input(call):
                    rank = len(self._trace.tensors[tensor].shape)
                    self._set(tensor, {1: ("length",), 2: ("batch", "length")}.get(rank, ("",) * rank))
        elif call.name in ("lstm", "gru", "rnn_tanh", "rnn_relu"):
            first = bool(call.arguments.get("batch_first"))
            order = ("batch", "length") if first else ("length", "batch")
            for tensor in (*self._input(call), *call.outputs[:1]):
                if len(self._trace.tensors[tensor].shape) == 3:
                    self._set(tensor, (*order, "features"), force=True)

    def _input(self, call: Call) -> tuple[int, ...]:
        found = call.arguments.get("input")
        return (found.id,) if isinstance(found, TensorRef) else ()

    def _with_batch(self, tensor: int, names: tuple[str, ...]) -> tuple[str, ...]:
        rank = len(self._trace.tensors[tensor].shape)
        return ("batch", *names) if rank == len(names) + 1 else names

    def _set(self, tensor: int, names: tuple[str, ...], force: bool = False) -> None:
        if len(names) == len(self._trace.tensors[tensor].shape):
            if force:
                self._names[tensor] = names
            else:
                self._names.setdefault(tensor, names)

    def _hand_on(self, call: Call) -> None:
        for tensor in call.outputs:
            if tensor not in self._names:
                self._copy(call, self._input(call) or call.inputs[:1], tensor)

    def _hand_back(self, call: Call) -> None:
        for tensor in self._input(call) or call.inputs[:1]:
            if tensor not in self._names and self._trace.tensors[tensor].origin.kind in ("call", "input"):
                self._copy(call, call.outputs[:1], tensor)

    def _copy(self, call: Call, sources: tuple[int, ...], tensor: int) -> None:
        """Equal shapes keep their names; a flat result keeps that of the batch."""
        if not sources or sources[0] not in self._names:
            return
        names, shape = self._names[sources[0]], self._trace.tensors[sources[0]].shape
        mine = self._trace.tensors[tensor].shape
        if mine == shape and call.name not in ("transpose", "permute", "swapaxes"):
            self._names[tensor] = names
        elif call.name == "flatten" and len(mine) == 2 and mine[0] == shape[0]:
            self._names[tensor] = (names[0], "features")

    def _input_letters(self) -> dict[tuple[int, int], str]:
        taken: dict[str, int] = {}
        letters: dict[tuple[int, int], str] = {}
        for given in self._trace.inputs:
            for position, tensor in enumerate(tensors_in(given.value)):
                own = given.letters if position == 0 else ()
                names = self.of(tensor)
                for axis, size in enumerate(self._trace.tensors[tensor].shape):
                    letter = own[axis] if axis < len(own) and own[axis] else None
                    if letter is None:
                        letter = _free(_LETTERS.get(names[axis], f"size{axis}"), taken)
                    taken.setdefault(letter, size)
                    letters[(tensor, axis)] = letter
        return letters


def _free(letter: str, taken: dict[str, int]) -> str:
    if letter not in taken:
        return letter
    number = 2
    while f"{letter}{number}" in taken:
        number += 1
    return f"{letter}{number}"
