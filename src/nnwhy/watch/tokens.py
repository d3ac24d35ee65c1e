"""Whole numbers in, class numbers as target: whether the target is the input, its next token, and where rows are filled up."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from nnwhy.facts.session import Tokens
from nnwhy.trace.evaluating import evaluating
from nnwhy.trace.untouched import untouched
from nnwhy.watch.frames import Spot
from nnwhy.watch.history import Node, ancestors
from nnwhy.watch.looking import readable, tensors_in

_MOST = 2**16
_FEWEST = 16
_LOOKS_ALONG = frozenset({
    "scaled_dot_product_attention", "multi_head_attention_forward", "_transformer_encoder_layer_fwd", "softmax", "lstm", "gru",
    "rnn_tanh", "rnn_relu",
})  # fmt: skip


def tokens_of(inputs: list[torch.Tensor], target: torch.Tensor, ignored: int) -> tuple[Tokens, int] | None:
    """How `target` lies to the inputs of whole numbers that have as many, and the number among `inputs` of the one that it
    follows; None where there is none."""
    if not _FEWEST <= target.numel() <= _MOST or not _ids(target, least=1):
        return None
    given = [one for one in inputs if _ids(one) and one.numel() == target.numel()]
    given = [one for one in given if one.data_ptr() != target.data_ptr()] or given
    target = target.detach()
    counted = target != ignored
    if not given or not bool(counted.any()):
        return None
    rows, counted = target.reshape(given[0].shape), counted.reshape(given[0].shape)
    padding, filled, _ = _padding(rows)
    padded = padding if any(_padding(one)[0] == padding for one in inputs if _ids(one)) else None
    shift, chosen = None, given[0]
    if int(torch.unique(rows[counted]).numel()) >= 3:
        following = [one for one in given if _next(one, rows, counted)]
        if following:
            shift, chosen = 1, following[0]
        elif all(_same(one, rows, counted) for one in given):
            shift = 0
    index = next(number for number, one in enumerate(inputs) if one is chosen)
    return Tokens(shift, padding=padded, rows=filled if padded is not None else 0), index


def _ids(tensor: torch.Tensor, least: int = 2) -> bool:
    return tensor.dtype in (torch.int64, torch.int32) and least <= tensor.dim() <= 2 and readable(tensor)


def _same(one: torch.Tensor, other: torch.Tensor, counted: torch.Tensor) -> bool:
    return one.shape == other.shape and bool((one[counted] == other[counted]).all())


def _next(given: torch.Tensor, target: torch.Tensor, counted: torch.Tensor) -> bool:
    """Whether the target is the input one place on, along either axis."""
    if given.shape != target.shape:
        return False
    for axis in (1, 0):
        length = given.shape[axis]
        if length < 3:
            continue
        later, before = given.narrow(axis, 1, length - 1), target.narrow(axis, 0, length - 1)
        if _same(later, before, counted.narrow(axis, 0, length - 1)):
            return True
    return False


def _padding(rows: torch.Tensor) -> tuple[int | None, int, int]:
    """The number that fills the ends of some rows, by two at least, and stands nowhere else; how many rows; and of how many."""
    for one in (rows, rows.t()):
        if min(one.shape) < 3:
            continue
        last = one[:, -1]
        numbers, counts = torch.unique(last, return_counts=True)
        number = int(numbers[int(counts.argmax())])
        there = one == number
        run = there.flip(1).long().cumprod(1).sum(1)
        filled = int((run >= 2).sum())
        if filled >= 2 and bool((run < one.shape[1]).all()) and int(run.sum()) == int(there.sum()):
            return number, filled, len(one)
    return None, 0, 0


def filled_rows(inputs: list[torch.Tensor]) -> tuple[int, int, int] | tuple[()]:
    """Of the first input of whole numbers some of whose rows are filled up: how many are, how many rows it has, and the number
    that fills."""
    for one in inputs:
        if _ids(one) and one.numel() <= _MOST:
            number, filled, rows = _padding(one)
            if number is not None:
                return filled, rows, number
    return ()


def looks_ahead(module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any], index: int) -> bool | None:
    """Whether a result of the network changes with later inputs: in the input tensor of that number the last token of each
    row is changed, and the results before it are looked at. None where the results do not lie along the input."""
    given = list(tensors_in((args, kwargs)))[index]
    if min(given.shape) < 2:
        return None
    plain = _along(_asked(module, args, kwargs), given)
    if plain is None:
        return None
    for axis in (1, 0):
        length = given.shape[axis]
        other = given.clone()
        last = other.narrow(axis, length - 1, 1)
        first = other.narrow(axis, 0, 1)
        last.copy_(torch.where(first == last, given.flatten()[0], first))
        after = _along(_asked(module, _with(args, given, other), _with(kwargs, given, other)), given)
        if after is None or after.shape != plain.shape:
            return None
        before = plain.narrow(axis, 0, length - 1), after.narrow(axis, 0, length - 1)
        if not torch.allclose(*before, rtol=1e-3, atol=1e-5):
            return True
    return False


def _asked(module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A pass aside; a state that the network keeps for its next pass is then as it was."""
    with untouched(module), evaluating(module), torch.no_grad():
        return module(*args, **kwargs)


def _with(thing: Any, old: torch.Tensor, new: torch.Tensor) -> Any:
    """`thing` with `new` for `old`."""
    if thing is old:
        return new
    if type(thing) in (tuple, list):
        return type(thing)(_with(item, old, new) for item in thing)
    if type(thing) is dict:
        return {key: _with(item, old, new) for key, item in thing.items()}
    return thing


def _along(result: Any, given: torch.Tensor) -> torch.Tensor | None:
    """The scores for each of the given numbers, (…, classes) with their shape in front."""
    for tensor in tensors_in(result):
        if not tensor.is_floating_point() or not readable(tensor) or tensor.dim() < 2:
            continue
        if tensor.shape[:2] == given.shape and tensor.dim() == 3:
            return tensor
        if tensor.dim() == 2 and tensor.shape[0] == given.numel():
            return tensor.reshape(*given.shape, -1)
        if tensor.dim() == 3 and (tensor.shape[0], tensor.shape[2]) == tuple(given.shape):
            return tensor.transpose(1, 2)
    return None


def reader(node: Node | None) -> Spot | None:
    """Where the network looked along the sequence, the latest such call."""
    for one in ancestors(node) if node is not None else ():
        if one.name in _LOOKS_ALONG:
            return one.spot
    return None
