"""What was seen of one layer: its input, its output, and the means to run it again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from nnwhy.facts.picture import Bars, Histogram, Numbers, Picture, Plane

Drawn = Picture | Bars | Histogram | Plane


@dataclass(frozen=True)
class Seen:
    """One call of one layer.

    path:     the layer's path, or the function as it was called
    layer:    the layer; for a function, the layer of torch.nn that does the same with the same arguments
    args, kwargs, output: what went in and came out, as they were at that moment
    x, y:     the first tensor of each, on the CPU, floating point where it was (half precision as float32)
    samples:  what the entries of the first axis are ("digit 5"), as far as that is known
    tokens:   what the positions of a text are, () for other data
    draws:    how many draws of a random layer are to be shown
    run:      `run(training, seed)` calls the layer again with the same input, leaving everything as it was; a third argument
              takes the place of the first input, and keywords are added to those of the call
    """

    path: str
    layer: nn.Module
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    output: Any
    x: torch.Tensor
    y: torch.Tensor
    samples: tuple[str, ...]
    tokens: tuple[str, ...]
    draws: int
    run: Callable[..., Any]

    @property
    def type(self) -> str:
        """The class name of the layer."""
        return type(self.layer).__name__

    def sample(self, index: int) -> str:
        """A name for the sample at `index` of the batch."""
        return self.samples[index] if index < len(self.samples) else f"sample {index}"


@dataclass(frozen=True)
class Told:
    """What a kind of layer has to show: the sentence that says what to see, pictures and numbers."""

    see: str
    pictures: tuple[Drawn, ...] = ()
    numbers: tuple[Numbers, ...] = ()
    notes: tuple[str, ...] = ()


def first_tensor(thing: Any) -> torch.Tensor | None:
    """The first tensor in a tensor, tuple, list or mapping (also a dataclass-like output with values), None where there is none."""
    if isinstance(thing, torch.Tensor):
        return thing
    if isinstance(thing, Mapping):
        thing = list(thing.values())
    if isinstance(thing, tuple | list):
        for part in thing:
            found = first_tensor(part)
            if found is not None:
                return found
    return None


def readable(tensor: torch.Tensor) -> torch.Tensor:
    """The values on the CPU; numbers of any precision as float32 (complex ones by magnitude), whole numbers as they are."""
    tensor = tensor.detach()
    if tensor.is_quantized:
        tensor = tensor.dequantize()
    if tensor.is_sparse:
        tensor = tensor.to_dense()
    tensor = tensor.to("cpu")
    if tensor.is_complex():
        tensor = tensor.abs()
    return tensor.float() if tensor.is_floating_point() else tensor
