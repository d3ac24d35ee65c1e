"""Does each sample of a batch keep to itself? The pass is run twice, the second time with one sample changed.

What a call makes may differ in the part that belongs to that sample: one part in N, wherever the batch's axis stands or
whatever it is merged with. A call that makes more than that differ, from inputs that did not, mixes the samples.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from nnwhy.facts.finding import Mixing
from nnwhy.trace.evaluating import evaluating
from nnwhy.trace.naming import short_name
from nnwhy.trace.passes import run
from nnwhy.trace.tape import Event
from nnwhy.trace.values import tensors

_SAMPLES = 3
_VALUES = 4_000_000
_MIXES_ITSELF = {
    "softmax", "log_softmax", "lstm", "gru", "rnn_tanh", "rnn_relu", "multi_head_attention_forward", "batch_norm",
    "_transformer_encoder_layer_fwd", "scaled_dot_product_attention", "mean", "sum", "cumsum", "max", "min", "amax", "std",
}  # fmt: skip


def find_mixing(module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Mixing | None:
    """Where samples are mixed in evaluation mode, if they are; None where it cannot be tried.

    The first axis of every input is taken for the batch, then, if samples mix, the second. The calls are numbered as in
    a trace of the same pass in evaluation mode.
    """
    given = list(tensors((args, kwargs)))
    sizes = {tensor.shape[0] for tensor in given if tensor.dim() > 0}
    if len(sizes) != 1 or sizes == {1} or not sizes or sum(t.numel() for t in given) > _VALUES:
        return None
    if sizes != {1} and min(sizes) > _SAMPLES:
        args, kwargs = _fewer(args), _fewer(kwargs)
        given = list(tensors((args, kwargs)))
    first = _first_mixing(module, args, kwargs, 0)
    if first is None:
        return None
    if first < 0:
        return Mixing(0, None)
    other = None
    if all(tensor.dim() > 1 and tensor.shape[1] > 1 for tensor in given):
        other = _first_mixing(module, args, kwargs, 1)
    return Mixing(0, first, other is not None and other < 0)


def _first_mixing(module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any], axis: int) -> int | None:
    """The first call that mixes along `axis`, −1 where none does, None where the passes do not tell.

    A second axis can only be the batch if the results have as many samples, or a multiple: as rows, or merged with others.
    """
    plain = _events(module, args, kwargs)
    changed = _events(module, _changed(args, axis), _changed(kwargs, axis))
    if plain is None or changed is None or len(plain) != len(changed):
        return None
    size = next(tensors((args, kwargs))).shape[axis]
    top = next((event for event in plain if event.kind == "module"), None)
    ends = list(tensors(top.result)) if top is not None else []
    if axis and not any(length % size == 0 for tensor in ends for length in tensor.shape):
        return None
    search = _Search(size)
    for index, (one, other) in enumerate(zip(plain, changed, strict=True)):
        if one.kind != "module":
            search.look(index, one, other)
    if search.mixing is None:
        return -1
    return search.mixing if any(id(tensor) in search.spread for tensor in ends) else -1


class _Search:
    """Follows a change from call to call. `mixing` is the first call to blame, `spread` the tensors that it reached.

    A view can break up what belongs to one sample without spreading it yet; the linear layer behind it then does. Such a
    layer cannot mix rows by itself, so the view is blamed.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.mixing: int | None = None
        self.spread: set[int] = set()
        self._broken: dict[int, int] = {}

    def look(self, index: int, one: Event, other: Event) -> None:
        """Take in one call of the plain pass and its twin of the changed one."""
        before = list(zip(tensors((one.args, one.kwargs)), tensors((other.args, other.kwargs)), strict=False))
        results = list(zip(tensors(one.result), tensors(other.result), strict=False))
        name = short_name(one.function)
        broken = [self._broken[id(tensor)] for tensor, _ in before if id(tensor) in self._broken]
        wide = [
            made for made, twin in results
            if made.numel() > 1 and _differing(made, twin) > 1 / self.size + 1e-6
        ]  # fmt: skip
        if wide and self.mixing is None and not any(id(tensor) in self.spread for tensor, _ in before):
            self.mixing = broken[-1] if broken and name not in _MIXES_ITSELF else index
        self.spread.update(id(made) for made in wide)
        if name in ("view", "reshape") and before and results:
            inside, outside = self._confined(*before[0]), self._confined(*results[0])
            if inside and not outside:
                broken = [index]
            elif outside:
                broken = []
        if broken:
            self._broken.update((id(made), broken[-1]) for made, _ in results)

    def _confined(self, one: torch.Tensor, other: torch.Tensor) -> bool:
        """Whether two tensors differ at one index of an axis as long as the batch."""
        if one.shape != other.shape:
            return False
        differs = one != other
        for axis, size in enumerate(one.shape):
            if size == self.size:
                rest = [other_axis for other_axis in range(one.dim()) if other_axis != axis]
                touched = differs.any(dim=rest) if rest else differs
                if int(touched.sum()) <= 1:
                    return True
        return False


def _fewer(thing: Any) -> Any:
    """The first samples of each tensor."""
    if isinstance(thing, torch.Tensor):
        return thing[:_SAMPLES] if thing.dim() else thing
    if isinstance(thing, tuple | list):
        return type(thing)(_fewer(item) for item in thing)
    if isinstance(thing, dict):
        return {key: _fewer(item) for key, item in thing.items()}
    return thing


def _events(module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Event] | None:
    with evaluating(module), torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        recording = run(module, args, kwargs, how="real")
    if recording.error is not None or any(event.error is not None for event in recording.recorder.events):
        return None
    return recording.recorder.events


def _changed(thing: Any, axis: int) -> Any:
    """The same inputs with the second sample another one."""
    if isinstance(thing, torch.Tensor):
        if thing.dim() <= axis or thing.shape[axis] < 2:
            return thing
        made = thing.clone()
        part = made.select(axis, 1)
        if thing.is_floating_point():
            part.copy_(torch.flip(part, [0] if part.dim() else []) * 0.5 + 0.25)
        elif thing.dtype == torch.bool:
            part.copy_(~part)
        else:
            low, high = int(thing.min()), int(thing.max())
            part.copy_((part - low + 1 + (high - low) // 2) % (high - low + 1) + low)
        return made
    if isinstance(thing, tuple | list):
        return type(thing)(_changed(item, axis) for item in thing)
    if isinstance(thing, dict):
        return {key: _changed(item, axis) for key, item in thing.items()}
    return thing


def _differing(one: torch.Tensor, other: torch.Tensor) -> float:
    """The share of elements that differ by more than rounding."""
    if one.shape != other.shape or one.numel() == 0:
        return 1.0 if one.shape != other.shape else 0.0
    if one.is_floating_point() or one.is_complex():
        scale = float(one.detach().abs().amax()) if one.numel() else 0.0
        differs = (one - other).abs() > 1e-5 * max(scale, 1e-3)
        differs |= one.isnan() != other.isnan()
    else:
        differs = one != other
    return float(differs.float().mean())
