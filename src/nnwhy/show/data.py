"""Where the data come from: digits that nnwhy brings, images, arrays, text, or random numbers; made to fit the network."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from nnwhy.data import digits, normalised
from nnwhy.errors import InputError
from nnwhy.facts.contract import InputSpec
from nnwhy.show import arrays, images, text
from nnwhy.show.fitting import fitted

MOST = 64
ACCEPTED = "digits[:8], an image, a folder of images, a .npy, .npz or .pt file, text:some words, or random"


@dataclass(frozen=True)
class Data:
    """Inputs for a network, what they are (`source`), and names for samples and positions where there are any."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any] = field(default_factory=dict[str, Any])
    source: str = ""
    samples: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()


def read(description: str, module: nn.Module, specs: Sequence[InputSpec]) -> Data:
    """The data of `description`, made to fit the first of `specs` (the inputs that the network takes; () where unknown).

    "digits", "digits[:8]", "digits[3]"; the path of an image, a folder of images, a .npy, .npz or .pt file, each with an
    optional slice; "text:..."; "random". What is done to make the data fit is told in `source`.
    Raises InputError where there is no such data, or its package is not installed.
    """
    name, chosen = _sliced(description)
    if name == "random":
        raise InputError("random data are made from the network's inputs, see nnwhy.show.data.random")
    if name.startswith("text:"):
        ids, tokens, how = text.encoded(name.removeprefix("text:"), module)
        return Data((ids,), source=how, samples=("the text",), tokens=tokens)
    if name == "digits":
        return _digits(chosen, specs)
    path = Path(name).expanduser()
    if not path.exists():
        raise InputError(
            f"there is no data {name}: neither a file nor a folder; what can be given is {ACCEPTED}"
        )
    if path.is_dir() or path.suffix.lower() in images.SUFFIXES:
        found, names, note = images.read(path, chosen or slice(0, 8), _size(specs), _channels(specs))
        return _fit(found, specs, note, names)
    if path.suffix.lower() in arrays.SUFFIXES:
        args, kwargs, note = arrays.read(path, module)
        return _few(Data(args, kwargs, note), chosen)
    raise InputError(f"{path.name} is no file of data that is known here; what can be given is {ACCEPTED}")


def random(args: tuple[Any, ...], kwargs: dict[str, Any], reason: str) -> Data:
    """Inputs of random numbers, said so."""
    sizes = ", ".join(
        "×".join(map(str, part.shape)) for part in (*args, *kwargs.values()) if hasattr(part, "shape")
    )
    return Data(args, kwargs, f"random numbers, {sizes}{f' ({reason})' if reason else ''}")


def takes_digits(specs: Sequence[InputSpec]) -> bool:
    """Whether the digits fit as they are: one input, (N, 1, 28, 28)."""
    return len(specs) == 1 and tuple(specs[0].sizes[1:]) == (1, 28, 28)


def _digits(chosen: slice | None, specs: Sequence[InputSpec]) -> Data:
    pictures, labels = digits()
    # One of each class after the other, so that digits[3] is a 3 and the first ten are all different.
    each = len(labels) // 10
    order = np.argsort(labels, kind="stable").reshape(10, each).T.flatten()
    where = range(len(labels))[chosen or slice(0, 8)]
    if not where:
        raise InputError(f"that slice of the digits is empty; there are {len(labels):,}, as in digits[:8]")
    where = where[:MOST]
    x = torch.from_numpy(normalised(pictures[order[list(where)]]))
    names = tuple(f"digit {int(labels[order[index]])}" for index in where)
    count = "1 handwritten digit" if len(where) == 1 else f"{len(where)} handwritten digits, 0 to 9 in turn"
    return _fit(
        x,
        specs,
        f"{count} ({_numbers(where)} of {len(labels):,}), mean 0.1307 and deviation 0.3081 taken off",
        names,
    )


def _numbers(where: range) -> str:
    return f"number {where[0]}" if len(where) == 1 else f"numbers {where[0]} to {where[-1]}"


def _fit(x: torch.Tensor, specs: Sequence[InputSpec], note: str, names: tuple[str, ...]) -> Data:
    positional = [spec for spec in specs if not spec.name]
    if not positional:
        return Data((x,), source=note, samples=names)
    made, how = fitted(x, positional[0])
    return Data((made,), source=f"{note}{f'; {how}' if how else ''}", samples=names)


def _few(data: Data, chosen: slice | None) -> Data:
    """At most 64 samples, or those that were asked for."""
    first = next((t for t in (*data.args, *data.kwargs.values()) if isinstance(t, torch.Tensor)), None)
    if first is None or first.dim() == 0:
        return data
    size = len(first)
    where = range(size)[chosen or slice(0, MOST)][:MOST]
    if not where:
        raise InputError(f"that slice is empty; the data have {size} samples")
    if len(where) == size:
        return data

    def few(part: Any) -> Any:
        same = isinstance(part, torch.Tensor) and part.dim() > 0 and len(part) == size
        return part[list(where)] if same else part

    return replace(
        data,
        args=tuple(few(part) for part in data.args),
        kwargs={name: few(part) for name, part in data.kwargs.items()},
        source=f"{data.source}; {len(where)} of its {size:,} samples",
    )


_SLICE = re.compile(r"(?P<name>.*)\[(?P<inside>\s*-?\d*\s*(:\s*-?\d*\s*){0,2})\]$", re.DOTALL)


def _sliced(description: str) -> tuple[str, slice | None]:
    """ "digits[:8]" as "digits" and its slice; a single number is a slice of one."""
    found = _SLICE.fullmatch(description.strip())
    if found is None or not found["inside"].strip() or description.strip().startswith("text:"):
        return description.strip(), None
    numbers = [int(part) if part.strip() else None for part in found["inside"].split(":")]
    if len(numbers) == 1:
        start = numbers[0] or 0
        return found["name"], slice(start, start + 1 if start != -1 else None)
    if len(numbers) == 3 and numbers[2] == 0:
        raise InputError(f"a slice cannot go in steps of 0: {description}")
    return found["name"], slice(*numbers)


def _size(specs: Sequence[InputSpec]) -> tuple[int, int] | None:
    """The height and width that the first input is fixed to."""
    sizes = specs[0].sizes if specs else ()
    if len(sizes) < 3:
        return None
    high, wide = sizes[-2:]
    return (high, wide) if isinstance(high, int) and isinstance(wide, int) else None


def _channels(specs: Sequence[InputSpec]) -> int | None:
    sizes = specs[0].sizes if specs else ()
    return int(sizes[1]) if len(sizes) == 4 and isinstance(sizes[1], int) else None
