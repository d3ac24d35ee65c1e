"""Which call made which tensor: a graph of small nodes, found again by the tensor's identity, which keeps no tensor alive."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from nnwhy.facts.session import Made
from nnwhy.watch.frames import Spot

_MOST_KEPT = 50_000
_MOST_WALKED = 20_000


class Node:
    """One call. `forward` is the pass that it belongs to (-1: none), `latest` the last pass that it was computed from;
    `network` says that there is one. `cuts` says that a gradient ends here; `off` is where gradients were switched off, if
    that was why. `loss` is the number of the loss call that it is, else -1. `wide` is the operand (0 or 1) with several numbers a
    row, where a sum or difference met it with a column, else -1."""

    layer = ""
    cuts = False
    no_grad = False
    off: Spot | None = None
    requires = False
    forward = -1
    network = False
    axis: int | None = None
    value: float | None = None
    latest = -1
    loss = -1
    wide = -1
    constructed: Spot | None = None

    def __init__(self, name: str, parents: tuple[Node, ...], spot: Spot | None) -> None:
        self.name = name
        self.parents = parents
        self.spot = spot

    @property
    def alive(self) -> bool:
        """Whether a gradient goes on behind it."""
        return self.requires and not self.cuts

    def copy(self) -> Node:
        """The same call once more, for one of its results that differs: the places of a `max` have no gradient, its values have."""
        other = Node(self.name, self.parents, self.spot)
        vars(other).update(vars(self))
        return other

    @property
    def made(self) -> Made:
        """The node as a fact."""
        place = self.spot.place if self.spot else None
        constructed = self.constructed.place if self.constructed else None
        off = self.off.place if self.off else None
        return Made(self.name, place, self.layer, self.cuts, self.no_grad, self.axis, constructed, off)


class History:
    """The nodes of the tensors that are alive."""

    def __init__(self) -> None:
        self._nodes: dict[int, tuple[weakref.ref[Any], Node]] = {}

    def of(self, tensor: Any) -> Node | None:
        """The node that made `tensor`, None where it was not seen."""
        found = self._nodes.get(id(tensor))
        return found[1] if found is not None and found[0]() is tensor else None

    def keep(self, tensor: Any, node: Node) -> None:
        """`tensor` was made (or changed in place) by `node`."""
        if len(self._nodes) > _MOST_KEPT:
            self._nodes = {key: pair for key, pair in self._nodes.items() if pair[0]() is not None}
        self._nodes[id(tensor)] = (weakref.ref(tensor), node)

    def forget(self) -> None:
        """Drop everything."""
        self._nodes.clear()


def main_line(node: Node | None, most: int = 24) -> Iterator[Node]:
    """The node, the node that made its first input, and so on."""
    while node is not None and most:
        yield node
        node = node.parents[0] if node.parents else None
        most -= 1


@dataclass(slots=True)
class Behind:
    """What a loss was computed from: the `cuts`, the numbers of the `losses` and of the `passes` that its calls belong to, and of
    those passes that a gradient has `reached`."""

    cuts: list[Node]
    losses: set[int]
    passes: set[int]
    reached: set[int]


def behind(node: Node) -> Behind:
    """What `node` was computed from. Without a cut one walk tells it all: what needs a gradient makes all behind it need one."""
    found = Behind([], set(), set(), set())
    for one in ancestors(node):
        if one.cuts:
            found.cuts.append(one)
        if one.loss >= 0:
            found.losses.add(one.loss)
        if one.forward >= 0:
            found.passes.add(one.forward)
            if one.requires:
                found.reached.add(one.forward)
    if found.cuts:
        found.reached = {one.forward for one in ancestors(node, lambda one: one.alive)} - {-1}
    return found


def ancestors(
    node: Node, through: Callable[[Node], bool] | None = None, most: int = _MOST_WALKED
) -> list[Node]:
    """The node and everything that it was computed from, each once, the nearest first; not those that `through` refuses, nor
    what lies behind them. It looks no further than `most`."""
    if through is not None and not through(node):
        return []
    found, seen = [node], {node}
    for one in found:
        for parent in one.parents:
            if parent not in seen and (through is None or through(parent)):
                seen.add(parent)
                found.append(parent)
        if len(found) > most:
            break
    return found
