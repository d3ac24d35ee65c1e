"""Targets made of the network's own next prediction: reward + discount * prediction, with the gradient left on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from nnwhy.watch.functions import DIFFERENCES, PRODUCTS, REGRESSIONS, RESHAPES, SUMS
from nnwhy.watch.history import Node

_SQUARES = frozenset({"pow", "__pow__", "square", "abs", "pow_"}) | REGRESSIONS
_MOST = 5000


def bootstrapped(loss: Node, network: Callable[[int], int]) -> Iterator[Node]:
    """The sums of something given and a share of a prediction that are compared with another prediction of the same network, both
    with a gradient. `network` says whose a pass is."""
    todo, seen = [loss], set[int]()
    while todo and len(seen) < _MOST:
        one = todo.pop()
        if id(one) in seen or not one.alive:
            continue
        seen.add(id(one))
        todo.extend(one.parents)
        for compared in _compared(one):
            for target, other in (compared.parents[:2], compared.parents[1::-1]):
                own = _predicted(target)
                if own is None or not other.alive or other.latest < 0:
                    continue
                if network(own.latest) == network(other.latest):
                    yield _formed(target)


def _compared(one: Node) -> Iterator[Node]:
    """The comparison of two predictions that a distance or a square is taken of."""
    if one.name in REGRESSIONS and len(one.parents) == 2:
        yield one
    elif one.name in _SQUARES or (one.name in PRODUCTS and len({id(each) for each in one.parents}) == 1):
        inner = _formed(one.parents[0]) if one.parents else one
        if inner.name in DIFFERENCES and len(inner.parents) == 2:
            yield inner


def _predicted(target: Node) -> Node | None:
    """The prediction of which a share is added to something that no network gave."""
    total = _formed(target)
    ours = [one for one in total.parents if one.network]
    if total.name not in SUMS or len(ours) != 1 or not total.alive:
        return None
    share = _formed(ours[0])
    if share.name not in PRODUCTS:
        return None
    while share.name in PRODUCTS:
        factors = [one for one in share.parents if one.network]
        if len(factors) != 1 or not share.alive:
            return None
        share = _formed(factors[0])
    return share if share.alive and share.latest >= 0 else None


def _formed(one: Node) -> Node:
    """Behind changes of form."""
    while one.name in RESHAPES and one.parents and one.alive:
        one = one.parents[0]
    return one
