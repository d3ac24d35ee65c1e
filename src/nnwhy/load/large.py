"""Building a network of any size: what goes beyond the first 256 MB of tensors is made on the meta device, as shapes only.

One construction is enough, and its many small tensors (drop rates, position indices, scalars that the constructor
reads with `.item()`) stay real. Building everything on the meta device first was tried and dropped: it costs each
small network 1.1 s of imports inside torch, and constructors that read values fail there.
"""

from __future__ import annotations

from math import prod
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

REAL_BYTES = 256 * 2**20
SMALL_BYTES = 2**18
VALUES_BYTES = 2**31
"""Up to here a network is built again, all of it real, where its constructor raises on tensors that are shapes only."""

_BY_SIZES = {torch.empty, torch.zeros, torch.ones, torch.rand, torch.randn}
_BY_SHAPE = {torch.full}
_LIKE = {
    torch.empty_like,
    torch.zeros_like,
    torch.ones_like,
    torch.rand_like,
    torch.randn_like,
    torch.full_like,
}
_SQUARE = {torch.eye}


class MetaBeyond(TorchFunctionMode):
    """While active, factory calls count their bytes; once `real_bytes` are made, large ones give meta tensors.

    `meta_elements` counts the elements that were never given memory, `asked` the bytes of all.
    """

    def __init__(self, real_bytes: int = REAL_BYTES) -> None:
        super().__init__()
        self.real_bytes = real_bytes
        self.made = 0
        self.asked = 0
        self.meta_elements = 0

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        elements = _elements(func, args, kwargs)
        if (
            elements is None
            or kwargs.get("device") not in (None, "cpu", torch.device("cpu"))
            or kwargs.get("out") is not None
        ):
            return func(*args, **kwargs)
        dtype = kwargs.get("dtype") or torch.get_default_dtype()
        size = elements * dtype.itemsize
        self.asked += size
        if size > SMALL_BYTES and self.made + size > self.real_bytes:
            self.meta_elements += elements
            return func(
                *args,
                **{**kwargs, "device": "meta", "generator": None}
                if "generator" in kwargs
                else {**kwargs, "device": "meta"},
            )
        self.made += size
        return func(*args, **kwargs)


def _elements(func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> int | None:
    """How many elements a factory call makes; None for any other call."""
    try:
        if func in _BY_SIZES:
            given = kwargs.get("size", args)
            sizes = given[0] if len(given) == 1 and isinstance(given[0], tuple | list) else given
            return prod(int(size) for size in sizes)
        if func in _BY_SHAPE:
            return prod(int(size) for size in (kwargs["size"] if "size" in kwargs else args[0]))
        if func in _SQUARE:
            sides = [side for side in args[:2] if isinstance(side, int)]
            return sides[0] * sides[-1]
        if func in _LIKE and not args[0].is_meta:
            return args[0].numel()
    except (TypeError, ValueError, KeyError, IndexError):
        return None
    return None
