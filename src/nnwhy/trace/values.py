"""Live values of a recorded call as facts."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

import torch
from torch import nn

from nnwhy.facts.expression import Constant, Expression, Size, Unknown, substitute
from nnwhy.facts.value import Opaque, Slice, Symbol, TensorRef, Traced, Value
from nnwhy.trace.integers import RawSize, TracedInt

FindTensor = Callable[[torch.Tensor], int]
FindSize = Callable[[RawSize], Expression]


def value_of(thing: Any, tensor_id: FindTensor, size: FindSize) -> Value:
    """`thing` as a value: tensors by `tensor_id`, traced numbers with their leaves resolved by `size`."""

    def convert(part: Any) -> Value:
        if isinstance(part, torch.Tensor):
            return TensorRef(tensor_id(part))
        if isinstance(part, TracedInt):
            return Traced(int(part), resolve(part.expression, size))
        if part is None or isinstance(part, bool | str):
            return part
        if isinstance(part, int):
            return int(part)
        if isinstance(part, float):
            return float(part)
        if isinstance(part, slice):
            return Slice(convert(part.start), convert(part.stop), convert(part.step))
        if isinstance(part, tuple | list):
            return tuple(convert(item) for item in part)
        if isinstance(part, Mapping):
            return {str(key): convert(item) for key, item in part.items()}
        if part is Ellipsis or isinstance(
            part, torch.dtype | torch.device | torch.layout | torch.memory_format
        ):
            return Symbol("Ellipsis" if part is Ellipsis else str(part))
        if isinstance(part, complex):
            return Symbol(str(part))
        if dataclasses.is_dataclass(part) and not isinstance(part, type):
            return {spec.name: convert(getattr(part, spec.name, None)) for spec in dataclasses.fields(part)}
        if isinstance(part, torch.SymInt):
            return Opaque("SymInt")
        return Opaque(type(part).__name__)

    return convert(thing)


def plain_value_of(thing: Any) -> Value:
    """A module's argument as a value; tensors in it are named by their kind only."""
    if isinstance(thing, nn.Module | torch.Tensor):
        return Opaque(type(thing).__name__)
    return value_of(thing, lambda _: -1, lambda leaf: Constant(leaf.value))


def resolve(expression: Expression, size: FindSize) -> Expression:
    """`expression` with its live leaves replaced by recorded ones."""
    return substitute(
        expression, lambda leaf: size(cast(RawSize, leaf)) if isinstance(leaf, RawSize) else leaf
    )


def resolved_size(leaf: RawSize, tensor_id: int | None) -> Expression:
    """The recorded leaf of a live one; unknown where its tensor never met a recorded call."""
    if tensor_id is None:
        return Unknown(leaf.value, "the size of a tensor that met no recorded call")
    return Size(tensor_id, leaf.axis, leaf.value)


def tensors(thing: Any) -> Iterator[torch.Tensor]:
    """The live tensors in `thing`, in order."""
    if isinstance(thing, torch.Tensor):
        yield thing
    elif isinstance(thing, tuple | list):
        for item in thing:
            yield from tensors(item)
    elif isinstance(thing, slice):
        yield from tensors((thing.start, thing.stop, thing.step))
    elif isinstance(thing, Mapping):
        for item in thing.values():
            yield from tensors(item)
    elif dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        for spec in dataclasses.fields(thing):
            yield from tensors(getattr(thing, spec.name, None))
