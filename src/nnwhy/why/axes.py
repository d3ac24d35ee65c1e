"""The usual names of axes: batch, channels, height, width, length, features, heads.

A function names the axes whose meaning it fixes (`conv2d` all four, `linear` the last); from there a name goes on along every
axis whose size is handed on unchanged, and back to the network's inputs. What nothing names stays "".
"""

from __future__ import annotations

import re

from nnwhy.facts.expression import Size
from nnwhy.facts.trace import Call, Trace
from nnwhy.facts.value import TensorRef, plain, tensors_in
from nnwhy.why.sizes import CallSizes

Names = tuple[str, ...]

_SPATIAL: dict[int, Names] = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}
_LETTERS = {
    "batch": "N", "channels": "C", "height": "H", "width": "W", "depth": "D", "length": "L", "features": "F",
}  # fmt: skip
_IMAGE = re.compile(
    r"(conv|conv_transpose|(max|avg|lp|adaptive_avg|adaptive_max|fractional_max)_pool|max_unpool)(\d)d.*"
)
_OF_CHANNELS = ("batch_norm", "instance_norm", "group_norm", "interpolate", "grid_sample")
_OF_IMAGES = ("pixel_shuffle", "pixel_unshuffle")
_RECURRENT = ("lstm", "gru", "rnn_tanh", "rnn_relu")
_LOOKED_AT = 400
"""How many calls are followed to find what becomes of the inputs."""


class AxisNames:
    """The names of all axes of a trace, worked out when asked for and kept."""

    def __init__(self, trace: Trace, sizes: CallSizes | None = None) -> None:
        self._trace = trace
        self._sizes = sizes or CallSizes(trace)
        self._fixed: dict[int, Names] = {}
        self._known: dict[tuple[int, int], str] = {}
        for call in trace.calls:
            if call.kind == "function":
                self._fix(call)
        self._name_inputs()
        self._letters = self._input_letters()

    def of(self, tensor: int) -> Names:
        """One name an axis, "" where unknown."""
        return tuple(self.name(tensor, axis) for axis in range(self._rank(tensor)))

    def name(self, tensor: int, axis: int) -> str:
        """The name of one axis, "" where unknown."""
        key, passed = (tensor, axis), list[tuple[int, int]]()
        found: str | None = None
        while found is None:
            found = self._known.get(key) or self._fixed_name(key) or None
            if found is None:
                passed.append(key)
                before = self._handed_on(key)
                if before is None:
                    found = ""
                else:
                    key = before
        self._known.update(dict.fromkeys(passed, found))
        return found

    def letter(self, tensor: int, axis: int) -> str:
        """The letter of an input's axis: the user's, or the usual one of its name."""
        return self._letters.get((tensor, axis), f"size{axis}")

    def inputs(self) -> dict[str, Size]:
        """The input sizes by letter."""
        return {
            letter: Size(tensor, axis, self._trace.tensors[tensor].shape[axis])
            for (tensor, axis), letter in self._letters.items()
        }

    def _rank(self, tensor: int) -> int:
        return len(self._trace.tensors[tensor].shape)

    def _fixed_name(self, key: tuple[int, int]) -> str:
        names = self._fixed.get(key[0])
        return names[key[1]] if names else ""

    def _handed_on(self, key: tuple[int, int]) -> tuple[int, int] | None:
        """The axis of an input of the call whose size this one is, unchanged."""
        tensor, axis = key
        origin = self._trace.tensors[tensor].origin.call
        if origin is None:
            return None
        call = self._trace.calls[origin]
        if tensor not in call.outputs:
            return None
        expression = self._sizes.of(call)[call.outputs.index(tensor)][axis].expression
        if not isinstance(expression, Size) or (expression.tensor, expression.axis) == key:
            return None
        kind = self._trace.tensors[expression.tensor].origin.kind
        return (expression.tensor, expression.axis) if kind in ("input", "call") else None

    def _fix(self, call: Call) -> None:
        """Name the axes whose meaning the function fixes, of what it takes and of what it makes."""
        image = _IMAGE.fullmatch(call.name)
        if image:
            spatial = _SPATIAL.get(int(image[3]), ())
            for tensor in (*self._input(call), *call.outputs):
                self._set(tensor, ("channels", *spatial))
                self._set(tensor, ("batch", "channels", *spatial))
        elif call.name in _OF_CHANNELS:
            for tensor in (*self._input(call), *call.outputs):
                self._set(tensor, _with_channels(self._rank(tensor)))
        elif call.name in _OF_IMAGES:
            for tensor in (*self._input(call), *call.outputs):
                self._set_last(tensor, ("channels", "height", "width"))
        elif call.name == "linear" or (call.name in ("layer_norm", "rms_norm") and _over_the_last(call)):
            for tensor in (*self._input(call), *call.outputs):
                self._set_last(tensor, ("features",))
        elif call.name in ("embedding", "embedding_bag"):
            self._set_last(call.outputs[0], ("features",))
        elif call.name == "flatten":
            self._fix_flat(call)
        elif call.name in _RECURRENT and "batch_sizes" not in call.arguments:
            order = ("batch", "length") if call.arguments.get("batch_first") else ("length", "batch")
            for tensor in (*self._input(call), *call.outputs[:1]):
                self._set(tensor, (*order, "features"))
        elif call.name == "multi_head_attention_forward":
            given = (call.arguments.get(name) for name in ("query", "key", "value"))
            for tensor in (*(t for value in given for t in tensors_in(value)), *call.outputs[:1]):
                self._set(tensor, ("length", "batch", "features"))
        elif call.name == "scaled_dot_product_attention":
            given = (call.arguments.get(name) for name in ("query", "key", "value"))
            for tensor in (*(t for value in given for t in tensors_in(value)), *call.outputs):
                self._set(tensor, ("", "heads", "length", ""))

    def _fix_flat(self, call: Call) -> None:
        """What stands behind the batch after a flatten is a row of features."""
        for tensor in self._input(call):
            if self._rank(call.outputs[0]) == 2 and self._rank(tensor) > 2:
                self._set_last(call.outputs[0], ("features",))

    def _input(self, call: Call) -> tuple[int, ...]:
        found = call.arguments.get("input")
        return (found.id,) if isinstance(found, TensorRef) else ()

    def _set(self, tensor: int, names: Names) -> None:
        """Names for all axes, where there are as many; those that were there first stay."""
        if len(names) == self._rank(tensor):
            old = self._fixed.get(tensor, ("",) * len(names))
            self._fixed[tensor] = tuple(first or second for first, second in zip(old, names, strict=True))

    def _set_last(self, tensor: int, names: Names) -> None:
        if self._rank(tensor) >= len(names):
            self._set(tensor, (*("",) * (self._rank(tensor) - len(names)), *names))

    def _name_inputs(self) -> None:
        """Names for the axes of the network's inputs: what becomes of them, else what such inputs usually are."""
        given = [tensor for each in self._trace.inputs for tensor in tensors_in(each.value)]
        for key, name in self._becoming(given).items():
            self._set(key[0], tuple(name if axis == key[1] else "" for axis in range(self._rank(key[0]))))
        for tensor in given:
            names, rank = self._fixed.get(tensor, ()), self._rank(tensor)
            if names[-1:] == ("features",) and rank in (2, 3) and not any(names[:-1]):
                self._set(tensor, (*("batch", "length")[: rank - 1], "features"))

    def _becoming(self, given: list[int]) -> dict[tuple[int, int], str]:
        """For axes of the inputs, the first name of an axis that they are handed on to."""
        from_input = {
            (tensor, axis): (tensor, axis) for tensor in given for axis in range(self._rank(tensor))
        }
        reached = set(given)
        found: dict[tuple[int, int], str] = {}
        nameless = {key for key in from_input if not self._fixed_name(key)}
        functions = (call for call in self._trace.calls if call.kind == "function")
        for call, _ in zip(functions, range(_LOOKED_AT), strict=False):
            if nameless <= found.keys():
                break
            if reached.isdisjoint(call.inputs):
                continue
            if call.name == "embedding":
                found.update(self._looked_up(call, from_input))
            for tensor in call.outputs:
                for axis in range(self._rank(tensor)):
                    before = self._handed_on((tensor, axis))
                    source = from_input.get(before) if before else None
                    if source is None:
                        continue
                    from_input[(tensor, axis)] = source
                    reached.add(tensor)
                    name = self._fixed_name((tensor, axis))
                    if name:
                        found.setdefault(source, name)
        return found

    def _looked_up(
        self, call: Call, from_input: dict[tuple[int, int], tuple[int, int]]
    ) -> dict[tuple[int, int], str]:
        """Two axes of numbers that an embedding looks up are samples and their words, where both are an input's own."""
        for tensor in self._input(call):
            sources = [from_input.get((tensor, axis)) for axis in range(self._rank(tensor))]
            if len(sources) == 2 and sources[0] and sources[1] and sources[0][0] == sources[1][0]:
                return {sources[0]: "batch", sources[1]: "length"}
        return {}

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


def _with_channels(rank: int) -> Names:
    """The names of an axis order with the channels second."""
    if rank == 2:
        return ("batch", "features")
    return ("batch", "channels", *_SPATIAL[rank - 2]) if rank - 2 in _SPATIAL else ("",) * rank


def _over_the_last(call: Call) -> bool:
    """Whether a norm runs over the last axis alone."""
    shape = plain(call.arguments.get("normalized_shape"))
    return not isinstance(shape, tuple) or len(shape) == 1


def _free(letter: str, taken: dict[str, int]) -> str:
    if letter not in taken:
        return letter
    number = 2
    while f"{letter}{number}" in taken:
        number += 1
    return f"{letter}{number}"
