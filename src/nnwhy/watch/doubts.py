"""Calls on the way to a loss that run without an error and do something else than they look like."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import torch

from nnwhy.watch.bootstraps import bootstrapped
from nnwhy.watch.history import Node
from nnwhy.watch.looking import readable
from nnwhy.watch.parts import cut_parts, weighted_by_itself

_PRODUCTS = frozenset({"matmul", "__matmul__", "mm", "bmm"})
_WEIGHTED = frozenset({"linear", "conv1d", "conv2d", "conv3d", "conv_transpose2d", "addmm", "lstm", "gru"})
_MOST = 5000


def doubts(
    calls: list[Node], left: tuple[Node, ...], network: Callable[[int], int]
) -> Iterator[tuple[str, Node]]:
    """What is doubtful among the calls behind a loss, the loss first, by its kind: "normalised", rows of samples scaled along the
    batch and then compared row by row; "sampled", a sample drawn without a way back that layers go on with; "part-cut", a term of
    the loss without a gradient beside one with; "bootstrapped", a target that a gradient goes back through; "weighted", a
    loss multiplied by a function of its own exponential. `left` are the latest
    numbers that left torch; `network` says whose a pass is."""
    for cut in cut_parts(calls[0], left):
        yield "part-cut", cut
    for loss in weighted_by_itself(calls):
        yield "weighted", loss
    for target in bootstrapped(calls[0], network):
        yield "bootstrapped", target
    drawn = {id(one): one for one in calls if one.name == "normal" and one.requires}
    for one in calls:
        if one.name in _PRODUCTS and one.parents and one.parents[0].name == "normalize":
            if one.parents[0].axis == 0 and one.parents[0].network:
                yield "normalised", one.parents[0]
        elif drawn and one.name in _WEIGHTED and one.parents:
            found = _behind(one, drawn)
            if found is not None:
                del drawn[id(found)]
                yield "sampled", found


def _behind(call: Node, wanted: dict[int, Node]) -> Node | None:
    """The nearest of the wanted calls that this one's input was computed from, not through another layer."""
    todo, seen = list(call.parents[:1]), set[int]()
    while todo and len(seen) < _MOST:
        here = todo.pop()
        if id(here) in wanted:
            return wanted[id(here)]
        if id(here) not in seen and here.name not in _WEIGHTED:
            seen.add(id(here))
            todo.extend(here.parents)
    return None


def shows_padding_only(mask: Any, inputs: list[torch.Tensor], padding: tuple[int, ...]) -> bool:
    """Whether a mask of attention hides exactly the tokens that are no padding."""
    if not isinstance(mask, torch.Tensor) or mask.dim() != 2 or not readable(mask):
        return False
    hidden = mask if mask.dtype == torch.bool else mask == float("-inf")
    for ids in inputs:
        if ids.shape == mask.shape and not ids.is_floating_point() and readable(ids):
            for number in padding:
                filled = ids == number
                if bool(filled.any()) and bool((hidden != filled).all()):
                    return True
    return False


def of_itself(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Whether a tensor is moved towards what is the very same memory."""
    if len(args) < 2 or not all(isinstance(one, torch.Tensor) for one in args[:2]) or args[0].requires_grad:
        return False
    if name == "add_" and not 0 < float(kwargs.get("alpha", 1.0)) < 1:
        return False
    one, other = args[0], args[1]
    return one.numel() > 1 and one.shape == other.shape and one.data_ptr() == other.data_ptr()
