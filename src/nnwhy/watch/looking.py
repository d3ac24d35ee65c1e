"""A look at a tensor: its shape and a few numbers. The tensor itself is not kept, at most a copy of a small one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import torch

from nnwhy.facts.session import Values

_functorch: Any = torch._C._functorch  # type: ignore[attr-defined]
_MOST = 4_000_000
_COPIED = 2**18
"""Bytes up to which copying a tensor costs less than its numbers do."""


_PLAIN = (str, int, float, bool)
_MAPPINGS = (dict, Mapping)
_ROWS = (tuple, list)


class Look:
    """A tensor at one moment. The numbers of a small one are worked out from a copy when they are asked for."""

    __slots__ = ("_copy", "_kind", "_values", "shape")

    def __init__(self, tensor: torch.Tensor, full: bool = True) -> None:
        self.shape = tensor.shape
        self._kind = (tensor.dtype, tensor.device)
        self._copy: torch.Tensor | None = None
        self._values: Values | None = None
        if full and readable(tensor) and tensor.nbytes <= _COPIED:
            self._copy = tensor.detach().clone()
        elif full:
            self._values = values_of(tensor)

    @property
    def values(self) -> Values:
        """The numbers."""
        if self._values is None:
            copy, self._copy = self._copy, None
            self._values = values_of(copy) if copy is not None else _bare(self.shape, *self._kind)
        return self._values


def _bare(shape: torch.Size, dtype: torch.dtype, device: torch.device) -> Values:
    return Values(tuple(shape), str(dtype).removeprefix("torch."), device.type)


def values_of(tensor: torch.Tensor) -> Values:
    """The shape, type and range of `tensor`; of a very large one the range of a part."""
    seen = _bare(tensor.shape, tensor.dtype, tensor.device)
    if not readable(tensor):
        return seen
    with torch.no_grad(), torch._C.DisableTorchFunction():
        flat = tensor.detach().reshape(-1)
        if flat.numel() > _MOST:
            flat = flat[: _MOST // 4]
        floating = tensor.is_floating_point()
        numbers = flat.to(torch.float32) if not floating or tensor.element_size() < 4 else flat
        low, high = (float(x) for x in torch.aminmax(numbers))
        finite = not (low != low or high != high or abs(low) == float("inf") or abs(high) == float("inf"))
        mean = float(numbers.mean()) if finite else None
        deviation = float(numbers.std(correction=0)) if finite else None
        whole = not floating or (finite and bool((numbers[:10_000] == numbers[:10_000].round()).all()))
        few = whole and flat.numel() <= 100_000
        distinct = int(torch.unique(flat).numel()) if few else None
        ordered = few and tensor.dim() <= 2 and flat.numel() > 1 and bool((flat[1:] >= flat[:-1]).all())
    return Values(
        seen.shape, seen.dtype, seen.device, low, high, mean, deviation, whole, finite, distinct, ordered
    )


def readable(tensor: torch.Tensor) -> bool:
    """Whether its numbers can be looked at: there are some, they are real, dense and really there."""
    return (
        not tensor.is_meta
        and tensor.numel() > 0
        and not tensor.is_complex()
        and tensor.layout is torch.strided
        and not tensor.is_quantized
        and type(tensor).__name__ not in ("FakeTensor", "FunctionalTensor")
        and not _functorch.is_functorch_wrapped_tensor(tensor)
    )


def given_tensors(args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[torch.Tensor]:
    """The tensors among the arguments of a call."""
    if not kwargs and len(args) == 1 and isinstance(args[0], torch.Tensor):
        return [args[0]]
    return list(tensors_in((args, kwargs)))


def tensors_in(thing: Any, depth: int = 4) -> Iterator[torch.Tensor]:
    """The tensors in nested tuples, lists, mappings and simple objects such as a model's output."""
    if isinstance(thing, torch.Tensor):
        yield thing
    elif depth == 0 or thing is None or isinstance(thing, _PLAIN):
        return
    elif isinstance(thing, _MAPPINGS):
        for item in list(thing.values()):
            yield from tensors_in(item, depth - 1)
    elif isinstance(thing, _ROWS):
        for item in thing[:64]:
            yield from tensors_in(item, depth - 1)
    elif hasattr(thing, "__dataclass_fields__"):
        for name in thing.__dataclass_fields__:
            yield from tensors_in(getattr(thing, name, None), depth - 1)


def root_mean_square(tensor: torch.Tensor) -> float:
    """√(mean of squares); 0 of an empty tensor."""
    if not tensor.numel() or not readable(tensor):
        return 0.0
    with torch.no_grad(), torch._C.DisableTorchFunction():
        return float(tensor.detach().float().norm()) / tensor.numel() ** 0.5
