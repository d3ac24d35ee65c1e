"""Weights from a file, checked against the network: what is missing, what is too much, what has another shape."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import torch
from torch import nn

from nnwhy.errors import InputError, nearest

_INSIDE = ("state_dict", "model_state_dict", "model", "net", "weights")
_PREFIXES = ("module.", "_orig_mod.", "model.", "net.")
_TOLD = 4


def load_weights(module: nn.Module, path: Path) -> tuple[str, tuple[str, ...]]:
    """Put the tensors of `path` (.pt, .pth, .bin or .safetensors) into `module`: those whose names and shapes agree.

    Returns a sentence about it, and one for each thing that does not agree. Networks built as shapes only get values.
    Raises InputError where the file cannot be read as tensors, or where no name agrees.
    """
    found = _tensors(path)
    known = module.state_dict(keep_vars=True)
    found, prefix = _without_prefix(found, known)
    wrong = [name for name in found if name in known and found[name].shape != known[name].shape]
    missing = [name for name in known if name not in found]
    unexpected = [name for name in found if name not in known]
    fitting = {name: part for name, part in found.items() if name in known and name not in wrong}
    if not fitting:
        raise InputError(_nothing(path, found, known, wrong))
    on_meta = any(known[name].is_meta for name in fitting)
    module.load_state_dict(fitting, strict=False, assign=on_meta)
    notes = [
        *_told(missing, f"not in {path.name}, so left as the file makes them"),
        *_told(unexpected, f"in {path.name}, and not in the network"),
        *(
            f"{name} is {_sizes(known[name])} in the network and {_sizes(found[name])} in {path.name}; left as it was"
            for name in wrong[:_TOLD]
        ),
        *((f"and {len(wrong) - _TOLD} more of other shapes",) if len(wrong) > _TOLD else ()),
    ]
    cut = f", without the prefix {prefix!r}" if prefix else ""
    return f"{path.name}: {len(fitting)} of {len(known)} tensors{cut}", tuple(notes)


def _tensors(path: Path) -> dict[str, torch.Tensor]:
    if not path.is_file():
        raise InputError(f"there is no file of weights {path}")
    if path.suffix.lower() == ".safetensors":
        found = _safetensors(path)
    else:
        try:
            found = torch.load(path, map_location="cpu", weights_only=True)
        except Exception as error:
            first = (str(error).strip().splitlines() or [type(error).__name__])[0]
            raise InputError(
                f"{path.name} cannot be loaded as weights alone: {first}; save them with torch.save(net.state_dict(), ...)"
            ) from None
    for key in _INSIDE:
        if isinstance(found, Mapping) and isinstance(found.get(key), Mapping):
            found = found[key]
            break
    tensors = (
        {str(name): part for name, part in found.items() if isinstance(part, torch.Tensor)}
        if isinstance(found, Mapping)
        else {}
    )
    if not tensors:
        raise InputError(
            f"{path.name} holds no named tensors; save them with torch.save(net.state_dict(), ...)"
        )
    return tensors


def _safetensors(path: Path) -> Any:
    try:
        reader = import_module("safetensors.torch")
    except ImportError:
        raise InputError("the package safetensors is not installed: pip install safetensors") from None
    try:
        return reader.load_file(str(path))
    except Exception as error:
        raise InputError(f"{path.name} cannot be read as safetensors: {error}") from None


def _without_prefix(
    found: dict[str, torch.Tensor], known: Mapping[str, Any]
) -> tuple[dict[str, torch.Tensor], str]:
    """Weights saved from a wrapped network (DataParallel, compile) have its name in front of each of theirs."""
    for prefix in _PREFIXES:
        if all(name.startswith(prefix) for name in found):
            cut = {name.removeprefix(prefix): part for name, part in found.items()}
            if sum(name in known for name in cut) > sum(name in known for name in found):
                return cut, prefix
    return found, ""


def _told(names: list[str], what: str) -> list[str]:
    if not names:
        return []
    more = f" and {len(names) - _TOLD} more" if len(names) > _TOLD else ""
    return [f"{', '.join(names[:_TOLD])}{more}: {what}"]


def _nothing(path: Path, found: Mapping[str, Any], known: Mapping[str, Any], wrong: list[str]) -> str:
    if wrong:
        name = wrong[0]
        return (
            f"no tensor of {path.name} fits the network: {name} is {_sizes(known[name])} in the network and "
            f"{_sizes(found[name])} in the file"
        )
    first = next(iter(found))
    hint = nearest(first, list(known)) or f"the network has {', '.join(list(known)[:3]) or 'none'}"
    return f"no tensor of {path.name} has a name of the network's: {first}, for example; {hint}"


def _sizes(tensor: torch.Tensor) -> str:
    return "×".join(map(str, tensor.shape)) or "one number"
