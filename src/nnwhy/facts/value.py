"""The values that a recorded call was given and gave back, without tensors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nnwhy.facts.expression import Expression


@dataclass(frozen=True, slots=True)
class TensorRef:
    """A recorded tensor, by its id in the trace."""

    id: int


@dataclass(frozen=True, slots=True)
class Traced:
    """A whole number that the user's code computed from sizes."""

    value: int
    expression: Expression


@dataclass(frozen=True, slots=True)
class Slice:
    """A slice as in `x[start:stop:step]`."""

    start: Value
    stop: Value
    step: Value


@dataclass(frozen=True, slots=True)
class Symbol:
    """A value of torch or Python that is named by its text: `torch.float32`, `cpu`, `Ellipsis`."""

    text: str


@dataclass(frozen=True, slots=True)
class Opaque:
    """Any other value: its type's name; what is in it is not recorded."""

    type: str


Value = (
    None
    | bool
    | int
    | float
    | str
    | TensorRef
    | Traced
    | Slice
    | Symbol
    | Opaque
    | tuple["Value", ...]
    | Mapping[str, "Value"]
)


def tensors_in(value: Value) -> Iterator[int]:
    """The ids of the tensors in `value`, in order."""
    if isinstance(value, TensorRef):
        yield value.id
    elif isinstance(value, tuple):
        for item in value:
            yield from tensors_in(item)
    elif isinstance(value, Slice):
        yield from tensors_in((value.start, value.stop, value.step))
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from tensors_in(item)


def plain(value: Value) -> Value:
    """`value` with traced numbers as plain numbers."""
    if isinstance(value, Traced):
        return value.value
    if isinstance(value, tuple):
        return tuple(plain(item) for item in value)
    return value
