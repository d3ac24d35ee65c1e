"""Tensors from .npy, .npz and .pt files. Nothing in them is ever run: no pickled objects are loaded."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from nnwhy.errors import InputError

SUFFIXES = {".npy", ".npz", ".pt", ".pth"}


def read(path: Path, module: nn.Module) -> tuple[tuple[Any, ...], dict[str, Any], str]:
    """Positional and named inputs from a file, and a sentence about them.

    Several arrays whose names are arguments of the network's forward go there; of others the first one is taken.
    Whole numbers of 8 bits become 0…1 where the network's parameters are floating point and it has no embedding.
    Raises InputError for a file that holds anything but tensors.
    """
    found = _npy(path) if path.suffix.lower() in (".npy", ".npz") else _pt(path)
    notes: list[str] = [path.name]
    if isinstance(found, Mapping):
        named = {str(name): part for name, part in found.items()}
        known = [name for name in named if name in _arguments(module)]
        if known:
            kwargs = {name: _fitting(named[name], module, notes) for name in known}
            return (), kwargs, ", ".join([*notes, f"its {' and '.join(known)}"])
        first = next(iter(named), None)
        if first is None:
            raise InputError(f"{path.name} is empty")
        if len(named) > 1:
            notes.append(f"its first array, {first}, of {len(named)}")
        found = named[first]
    if isinstance(found, tuple | list):
        return tuple(_fitting(part, module, notes) for part in found), {}, ", ".join(notes)
    return (_fitting(found, module, notes),), {}, ", ".join(notes)


def _npy(path: Path) -> Any:
    try:
        loaded = np.load(path, allow_pickle=False)
        if isinstance(loaded, np.ndarray):
            return _tensor(loaded, path)
        with loaded:
            return {name: _tensor(loaded[name], path) for name in loaded.files}
    except (OSError, ValueError, EOFError) as error:
        raise InputError(f"{path.name} cannot be read as arrays of numbers: {_line(error)}") from None


def _tensor(array: Any, path: Path) -> torch.Tensor:
    try:
        return torch.from_numpy(np.ascontiguousarray(array).reshape(array.shape))
    except TypeError:
        raise InputError(f"{path.name} holds {array.dtype}, and not numbers that torch has") from None


def _pt(path: Path) -> Any:
    try:
        found = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise InputError(
            f"{path.name} cannot be loaded as tensors alone: {_line(error)}; save tensors with torch.save"
        ) from None
    parts = (
        found.values()
        if isinstance(found, Mapping)
        else found
        if isinstance(found, tuple | list)
        else [found]
    )
    if not any(isinstance(part, torch.Tensor) for part in parts):
        raise InputError(f"{path.name} holds {type(found).__name__} without a tensor in it")
    if isinstance(found, Mapping):
        return {name: part for name, part in found.items() if isinstance(part, torch.Tensor)}
    return found


def _line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")


def _arguments(module: nn.Module) -> list[str]:
    try:
        return list(inspect.signature(module.forward).parameters)
    except (TypeError, ValueError):
        return []


def _fitting(part: Any, module: nn.Module, notes: list[str]) -> Any:
    """In the precision of the network's parameters; pictures of whole numbers scaled to 0…1."""
    if not isinstance(part, torch.Tensor):
        return part
    first = next((p for p in module.parameters() if p.is_floating_point()), None)
    if first is None or part.is_complex():
        return part
    if part.is_floating_point() and part.dtype != first.dtype:
        notes.append(f"{str(part.dtype)[6:]} as {str(first.dtype)[6:]}")
        return part.to(first.dtype)
    if part.dtype is torch.uint8 and not any(isinstance(p, nn.Embedding) for p in module.modules()):
        notes.append("0…255 as 0…1")
        return part.to(first.dtype) / 255
    return part
