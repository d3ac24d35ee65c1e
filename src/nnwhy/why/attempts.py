"""One try of an input: a recorded pass with its requirements, how far it came, and what would bring it further."""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property

from torch import nn

from nnwhy.errors import NnwhyError
from nnwhy.facts.contract import InputSpec
from nnwhy.facts.expression import Size
from nnwhy.facts.trace import Call, Failure, Trace
from nnwhy.facts.value import TensorRef, tensors_in
from nnwhy.trace import Constructions, record
from nnwhy.trace.comparisons import watching_comparisons
from nnwhy.trace.inputs import dtypes, make_inputs
from nnwhy.why.derive import Derivations
from nnwhy.why.guesses import START
from nnwhy.why.requirements import Requirement, requirements

FINISHED = 1 << 40

Axis = tuple[int, int]
"""An input's index and an axis of it."""


@dataclass(frozen=True, eq=False)
class Attempt:
    """A pass with `specs` (numbers only).

    `progress` counts the calls before the first failure, FINISHED without one.
    """

    specs: tuple[InputSpec, ...]
    trace: Trace
    derivations: Derivations
    progress: int

    @property
    def works(self) -> bool:
        """Whether the pass ran to its end, and nothing was computed that its author cannot mean."""
        return self.progress == FINISHED and self.mixing is None

    @cached_property
    def requirements(self) -> tuple[Requirement, ...]:
        """What the calls demand; worked out only when asked for, for closed forms take longer than a small pass."""
        return tuple(requirements(self.derivations))

    @cached_property
    def mixing(self) -> Requirement | None:
        """A view that mixes samples, if there is one."""
        suspect = not _batch_comes_out(self.trace) and any(
            _changes_count(self.trace, call) for call in self.trace.calls if call.name in ("view", "reshape")
        )
        return next((r for r in self.requirements if r.meant and not r.holds()), None) if suspect else None

    @property
    def failure(self) -> Failure | None:
        """The first failure."""
        return self.trace.failures[0] if self.trace.failures else None

    def size(self, index: int, axis: int) -> Size:
        """The axis of the input `index` as a leaf of closed forms."""
        tensor = self.input_ids[index]
        return Size(tensor, axis, self.trace.tensors[tensor].shape[axis])

    @property
    def input_ids(self) -> list[int]:
        """The tensors of the inputs, one a spec."""
        return [next(iter(tensors_in(given.value))) for given in self.trace.inputs]

    def current(self) -> dict[Size, int]:
        """The sizes of all inputs as they are."""
        return {
            self.size(index, axis): int(size)
            for index, spec in enumerate(self.specs)
            for axis, size in enumerate(spec.sizes)
        }

    def axes(self, sizes: Iterable[Size]) -> tuple[Axis, ...]:
        """The inputs' axes that these leaves stand for."""
        ids = self.input_ids
        return tuple((ids.index(size.tensor), size.axis) for size in sizes if size.tensor in ids)

    def by_axis(self, values: Mapping[Size, int]) -> dict[Axis, int]:
        """The values by input and axis, which stay the same from pass to pass."""
        return {axis: value for size, value in values.items() for axis in self.axes([size])}

    def with_values(self, values: dict[Size, int]) -> tuple[InputSpec, ...]:
        """The specs with these sizes."""
        return tuple(
            replace(spec, sizes=tuple(values.get(self.size(index, axis), size) for axis, size in enumerate(spec.sizes)))
            for index, spec in enumerate(self.specs)
        )  # fmt: skip


def attempt(
    module: nn.Module, specs: Sequence[InputSpec], *, constructions: Constructions | None = None
) -> Attempt | None:
    """Run the module once with these inputs; None where not even a recording can be made of it."""
    try:
        args, kwargs, _ = make_inputs(specs, module)
        with watching_comparisons(), _quiet():
            trace = record(module, args, kwargs, constructions=constructions)
    except (NnwhyError, RuntimeError, MemoryError):
        return None
    return Attempt(tuple(specs), trace, Derivations(trace), _progress(trace))


def _batch_comes_out(trace: Trace) -> bool:
    """Whether the first axis of the result is that of the first input: what was joined to it was taken apart again."""
    ends = (
        [next(tensors_in(value), None) for value in (trace.inputs[0].value, trace.result)]
        if trace.inputs
        else []
    )
    sizes = [trace.tensors[end].shape[:1] for end in ends if end is not None]
    return len(sizes) == 2 and sizes[0] == sizes[1] != ()


def _changes_count(trace: Trace, call: Call) -> bool:
    """Whether the first axis of a view has another size than that of its input."""
    sizes = [trace.tensors[id].shape[:1] for id in (*call.inputs[:1], *call.outputs[:1])]
    return len(sizes) == 2 and sizes[0] != sizes[1]


@contextmanager
def _quiet() -> Generator[None]:
    """torch logs each failed call on fake tensors; here failing is normal."""
    logger = logging.getLogger("torch._subclasses.fake_tensor")
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before


def _progress(trace: Trace) -> int:
    if not trace.failures:
        return FINISHED if trace.complete else len(trace.calls)
    reached = len(trace.calls)
    for call in trace.calls:
        if call.failure is not None:
            # a failed module counts up to its last call: how far its Python came
            last = call.id if call.kind == "function" else _last_inside(trace, call.id)
            reached = min(reached, last)
    return reached


def _last_inside(trace: Trace, outer: int) -> int:
    last = outer
    for call in trace.calls[outer + 1 :]:
        if call.parent is not None and call.parent >= outer:
            last = call.id
        else:
            break
    return last


_WHOLE = {
    "embedding": ("input",), "embedding_bag": ("input", "offsets"), "one_hot": ("tensor", "input"), "gather": ("index",),
    "index_select": ("index",), "scatter": ("index",), "scatter_add": ("index",), "index_add": ("index",), "__getitem__": ("argument1", "index", "other", "indices"),
    "take_along_dim": ("indices",), "bincount": ("input",), "cross_entropy": ("target",),
}  # fmt: skip
_REAL = {
    "linear", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d", "matmul", "bmm", "mm",
    "layer_norm", "batch_norm", "group_norm", "lstm", "gru", "rnn_tanh", "rnn_relu", "mean", "softmax", "addmm", "einsum",
    "multi_head_attention_forward", "scaled_dot_product_attention", "normalize", "norm", "sigmoid", "max_pool2d", "avg_pool2d",
    "adaptive_avg_pool2d", "var", "std", "interpolate",
}  # fmt: skip
_CONVOLVED = {
    "conv1d": 3,
    "conv2d": 4,
    "conv3d": 5,
    "conv_transpose1d": 3,
    "conv_transpose2d": 4,
    "conv_transpose3d": 5,
}


def other_kind(tried: Attempt) -> tuple[InputSpec, ...] | None:
    """The specs with the dtype or the number of axes that the first failed call wants; None where that is not the trouble."""
    call = next((call for call in tried.trace.calls if call.failure is not None), None)
    if call is None or call.kind != "function":
        call = _failed_module(tried.trace)
        return _for_recurrent(tried, call) if call is not None else None
    return _for_whole_numbers(tried, call) or _for_axes(tried, call) or _for_real_numbers(tried, call)


def _failed_module(trace: Trace) -> Call | None:
    failed = [call for call in trace.calls if call.failure is not None and call.kind == "module"]
    return failed[-1] if failed else None


def _for_whole_numbers(tried: Attempt, call: Call) -> tuple[InputSpec, ...] | None:
    for name in _WHOLE.get(call.name, ()):
        for tensor in tensors_in(call.arguments.get(name)):
            index = origin(tried, tensor)
            if index is not None and _floats(tried.specs[index]):
                return _changed(tried.specs, index, dtype="int64")
    if call.name in ("bitwise_not", "logical_not", "bitwise_and", "bitwise_or", "masked_fill", "where"):
        for name in ("mask", "condition", "input"):
            for tensor in tensors_in(call.arguments.get(name)):
                index = origin(tried, tensor)
                if (
                    index is not None
                    and tried.specs[index].dtype != "bool"
                    and (name != "input" or "bitwise" in call.name)
                ):
                    return _changed(tried.specs, index, dtype="bool")
    return None


def _for_real_numbers(tried: Attempt, call: Call) -> tuple[InputSpec, ...] | None:
    if call.name not in _REAL:
        return None
    floats = next(
        (t.dtype for t in tried.trace.tensors if t.origin.kind == "parameter" and "float" in t.dtype),
        "float32",
    )
    for tensor in call.inputs:
        index = origin(tried, tensor)
        if (
            index is not None
            and tried.trace.tensors[tensor].dtype != floats
            and not _floats(tried.specs[index])
        ):
            return _changed(tried.specs, index, dtype=floats)
    return None


def _for_axes(tried: Attempt, call: Call) -> tuple[InputSpec, ...] | None:
    """A convolution got too many or too few axes."""
    rank = _CONVOLVED.get(call.name)
    given = call.arguments.get("input")
    if rank is None or not isinstance(given, TensorRef):
        return None
    missing = rank - len(tried.trace.tensors[given.id].shape)
    index = origin(tried, given.id)
    if missing == 0 or index is None:
        return None
    wanted = len(tried.specs[index].sizes) + missing
    return _changed(tried.specs, index, sizes=START[wanted]) if wanted in START else None


def _for_recurrent(tried: Attempt, call: Call) -> tuple[InputSpec, ...] | None:
    if call.name not in ("LSTM", "GRU", "RNN") or not call.inputs:
        return None
    missing = 3 - len(tried.trace.tensors[call.inputs[0]].shape)
    index = origin(tried, call.inputs[0])
    if missing == 0 or index is None:
        return None
    wanted = len(tried.specs[index].sizes) + missing
    return _changed(tried.specs, index, sizes=START[wanted]) if wanted in START else None


def origin(tried: Attempt, tensor: int) -> int | None:
    """The index of the only input that a tensor was made from; None where there are none or several."""
    todo, seen, found = [tensor], set[int](), set[int]()
    ids = tried.input_ids
    while todo:
        here = todo.pop()
        if here in seen:
            continue
        seen.add(here)
        if here in ids:
            found.add(ids.index(here))
            continue
        made = tried.trace.tensors[here].origin
        if made.kind == "call" and made.call is not None:
            todo.extend(tried.trace.calls[made.call].inputs)
    return found.pop() if len(found) == 1 else None


def _floats(spec: InputSpec) -> bool:
    return dtypes()[spec.dtype].is_floating_point


def _changed(
    specs: tuple[InputSpec, ...], index: int, *, sizes: tuple[int, ...] | None = None, dtype: str = ""
) -> tuple[InputSpec, ...]:
    old = specs[index]
    new = replace(old, sizes=sizes if sizes is not None else old.sizes, dtype=dtype or old.dtype)
    return (*specs[:index], new, *specs[index + 1 :])
