"""Orders drawn at random: whether an input and its target were put in order by the same draw."""

from __future__ import annotations

from collections.abc import Sequence

from nnwhy.watch.frames import Spot
from nnwhy.watch.history import Node

_DRAWS = frozenset({"randperm"})
_PICKS = frozenset({"__getitem__", "index_select", "take", "narrow", "select", "split", "chunk", "unbind"})
_KEEPS = frozenset({
    "view", "reshape", "flatten", "unsqueeze", "squeeze", "to", "float", "long", "double", "contiguous", "clone", "type", "div",
    "sub", "mul", "add", "cpu", "cuda", "detach",
})  # fmt: skip


def drawn_apart(inputs: Sequence[Node | None], target: Node | None) -> tuple[Spot, ...]:
    """The two draws of an order, one for an input and one for the target, where they have none in common; else ()."""
    if target is None:
        return ()
    one = _draws(target)
    for node in inputs:
        other = _draws(node) if node is not None and one else {}
        if other and not one.keys() & other.keys():
            spots = [next((node.spot for node in draws.values()), None) for draws in (other, one)]
            return tuple(spot for spot in spots if spot is not None)
    return ()


def _draws(node: Node) -> dict[int, Node]:
    """The draws behind a tensor that was picked from a larger one, through nothing but picks and changes of form."""
    found: dict[int, Node] = {}
    todo = [node]
    looked_at = 0
    while todo and looked_at < 64:
        here = todo.pop()
        looked_at += 1
        if here.name in _DRAWS:
            found[id(here)] = here
        elif here.name.strip("_") in _KEEPS:
            todo += here.parents[:1]
        elif here.name in _PICKS:
            todo += here.parents
    return found
