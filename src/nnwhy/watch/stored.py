"""What a data set keeps its samples in, and whether drawing a batch changed it."""

from __future__ import annotations

from typing import Any

import torch

_MOST = 2**22
"""Bytes of an array that are looked through; a tensor counts its changes itself."""
_ROWS = 10_000
_INNER = 4


class Stored:
    """The tensors and arrays of a data set at one moment."""

    def __init__(self, dataset: Any) -> None:
        self._dataset = innermost(dataset)
        self._before = _states(self._dataset)

    def changed(self) -> tuple[str, ...]:
        """The attributes that hold the same tensor or array still, with other numbers."""
        now = _states(self._dataset)
        return tuple(
            name
            for name, (holder, state) in self._before.items()
            if name in now and now[name][0] == holder and now[name][1] != state
        )


def innermost(dataset: Any) -> Any:
    """The data set that some samples are taken of."""
    for _ in range(_INNER):
        if not isinstance(dataset, torch.utils.data.Subset):
            break
        dataset = dataset.dataset
    return dataset


def drawn_by(dataset: Any) -> str:
    """The method that gives a sample, as its source calls it."""
    method = getattr(type(innermost(dataset)), "__getitem__", None)
    return getattr(method, "__qualname__", "")


def _states(dataset: Any) -> dict[str, tuple[int, Any]]:
    """By the names of a data set's attributes: which tensor or array, and a number that changes with what is in it."""
    found: dict[str, tuple[int, Any]] = {}
    held: dict[str, Any] = getattr(dataset, "__dict__", {})
    for name, value in held.items():
        if isinstance(value, torch.Tensor) and not value.is_inference():
            found[name] = id(value), value._version
        elif isinstance(value, list) and 0 < len(value) <= _ROWS and isinstance(value[0], torch.Tensor):
            rows: list[Any] = value
            found[name] = id(rows), [(id(one), getattr(one, "_version", 0)) for one in rows]
        elif _small_array(value):
            found[name] = id(value), _bytes(value)
    return found


def _bytes(array: Any) -> bytes:
    return array.tobytes()


def _small_array(value: Any) -> bool:
    return (
        type(value).__module__ == "numpy"
        and 0 < getattr(value, "nbytes", 0) <= _MOST
        and value.dtype.kind in "fiub"
    )
