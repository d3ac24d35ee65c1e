"""What goes through a network on real data, kept as small maps for the page."""

from __future__ import annotations

import warnings
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.func import functional_call

from nnwhy.data import digits, normalised
from nnwhy.facts.page import Maps
from nnwhy.facts.trace import Trace
from nnwhy.trace.naming import short_name
from nnwhy.trace.recorder import Recorder, recording
from nnwhy.trace.tape import Event
from nnwhy.trace.untouched import untouched
from nnwhy.trace.values import tensors

CHANNELS = 8
DROPOUT_CHANNELS = 64
SIDE = 56
BYTES = 600_000
VALUES = 40_000_000


Key = tuple[str, str, int]
"""A call by the path of the module that it stands in, its name, and how many such calls came before it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A call whose result is kept: the shape that it must have, and how many channels at most."""

    call: int
    shape: tuple[int, ...]
    most: int


class _Keeping(Recorder):
    """A recorder that keeps a picture of what each wanted call gives, at that moment: a later call may write over it."""

    def __init__(self, wanted: Mapping[Key, Wanted], module: nn.Module) -> None:
        super().__init__()
        self.maps: dict[int, Maps] = {}
        self._wanted = wanted
        self._paths = {id(part): path for path, part in reversed(list(module.named_modules()))}
        self._counts: Counter[tuple[str, str]] = Counter()
        self._room = BYTES // max(len(wanted), 1)

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        before = len(self.events)
        result = super().__torch_function__(func, types, args, kwargs)
        if len(self.events) > before and self.events[-1].kind == "call":
            self._keep(self.events[-1])
        return result

    def _keep(self, event: Event) -> None:
        owner = self.events[event.parent] if event.parent >= 0 else None
        path = self._paths.get(id(owner.function), "") if owner else ""
        name = short_name(event.function)
        number = self._counts[(path, name)]
        self._counts[(path, name)] += 1
        wanted = self._wanted.get((path, name, number))
        first = next(iter(tensors(event.result)), None)
        if wanted is None or first is None or tuple(first.shape) != wanted.shape:
            return
        maps = maps_of(first, wanted.most, self._room)
        if maps is not None:
            self.maps[wanted.call] = maps


def feature_maps(
    module: nn.Module, trace: Trace, args: tuple[Any, ...], kwargs: dict[str, Any], most: Mapping[int, int]
) -> dict[int, Maps]:
    """The maps that calls of `trace` give in evaluation mode, by the call's id; `most` says of which, and how many channels at most.

    A call that is not met again, or gives another shape, has no map; a pass that fails gives those before it.
    """
    keeping = _Keeping(_keys(trace, most), module)
    with untouched(module), ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        stack.enter_context(torch.no_grad())
        for part in module.modules():
            part.training = False
        torch.manual_seed(0)
        buffers = {name: buffer.detach().clone() for name, buffer in module.named_buffers()}
        with suppress(Exception), recording(keeping):
            functional_call(module, buffers, args, kwargs, tie_weights=False)
    return keeping.maps


def _keys(trace: Trace, most: Mapping[int, int]) -> dict[Key, Wanted]:
    counts: Counter[tuple[str, str]] = Counter()
    found: dict[Key, Wanted] = {}
    for call in trace.calls:
        if call.kind != "function":
            continue
        number = counts[(call.module, call.name)]
        counts[(call.module, call.name)] += 1
        if call.id in most and call.outputs:
            shape = trace.tensors[call.outputs[0]].shape
            found[(call.module, call.name, number)] = Wanted(call.id, shape, most[call.id])
    return found


def real_data(
    module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[tuple[Any, ...], str]:
    """The arguments with real data in the place of random numbers where the shape fits, and a sentence on what they are."""
    first = args[0] if args and isinstance(args[0], torch.Tensor) else None
    if first is not None and first.is_floating_point() and tuple(first.shape[1:]) == (1, 28, 28):
        images, labels = digits()
        chosen = np.arange(first.shape[0]) * 7 % len(images)
        made = torch.from_numpy(normalised(images[chosen])).to(first.dtype)
        return (made, *args[1:]), f"a handwritten {labels[chosen[0]]} of MNIST, normalised"
    given = list(tensors((args, kwargs)))
    if any(tensor.is_floating_point() for tensor in given):
        return args, "random numbers: no data of this shape comes with nnwhy"
    return args, "random token numbers: no data of this kind comes with nnwhy"


def fits(module: nn.Module) -> bool:
    """Whether a real pass is at hand: nothing on the meta device, and small enough."""
    state = [*module.parameters(), *module.buffers()]
    return not any(part.is_meta for part in state) and sum(part.numel() for part in state) <= VALUES


def maps_of(tensor: torch.Tensor, most: int, room: int = BYTES) -> Maps | None:
    """The first sample of a tensor as maps: channels of pixels, positions by features, or one row of features.

    At most `most` channels, and no more (but one) than fit into about `room` bytes.
    """
    if tensor.is_meta or tensor.is_complex() or tensor.dim() not in (2, 3, 4) or not tensor.numel():
        return None
    sample = tensor.detach()[0].to(torch.float32).cpu().numpy()
    if sample.ndim == 3:
        kind, of = "maps", sample.shape[0]
    else:
        kind, of = ("grid" if sample.ndim == 2 else "row"), 1
        sample = sample.reshape(1, *(sample.shape if sample.ndim == 2 else (1, sample.shape[0])))
        sample = sample[:, : SIDE * 4, : SIDE * 20]
    skip = max(1, -(-max(sample.shape[1:]) // SIDE)) if kind == "maps" else 1
    fit = max(1, room // (4 * sample[0, ::skip, ::skip].size // 3))
    channels = range(min(of, most, fit))
    return _quantised(sample[list(channels)][:, ::skip, ::skip], channels, of, skip, kind)


def sample_maps() -> Maps:
    """Eight digits as eight maps, for networks that give none."""
    images, _ = digits()
    chosen = images[np.arange(8) * 613 % len(images)].astype(np.float32) / 255
    made = _quantised(chosen, tuple(range(8)), 8, 1, "maps")
    assert made is not None
    return made


def _quantised(values: Any, channels: Iterable[int], of: int, skip: int, kind: str) -> Maps | None:
    finite = values[np.isfinite(values)]
    if not finite.size:
        return None
    low, high = float(finite.min()), float(finite.max())
    scaled = (np.nan_to_num(values, nan=low, posinf=high, neginf=low) - low) / ((high - low) or 1.0)
    levels = b64encode(np.round(scaled * 255).astype(np.uint8).tobytes()).decode("ascii")
    return Maps(tuple(channels), of, values.shape[1], values.shape[2], low, high, levels, skip, kind)
