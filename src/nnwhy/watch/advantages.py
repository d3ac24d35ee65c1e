"""A critic's prediction that a policy's loss moves: log-probability times (return - prediction), the gradient left on both."""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.watch.functions import DIFFERENCES, DIVISIONS, PRODUCTS, RESHAPES
from nnwhy.watch.history import Node, ancestors

_LOGARITHMS = frozenset({"log", "log_softmax", "logsumexp"})
_PICKS = frozenset({"__getitem__", "unbind", "__iter__", "select"})
_NEAR = 60
_FORMS = 12


def with_gradient(calls: list[Node]) -> Iterator[tuple[Node, int, int]]:
    """The products of a log-probability and an advantage with a gradient, which factor the advantage is, and the critic's pass."""
    for one in calls:
        if one.name in PRODUCTS and len(one.parents) == 2 and all(each.alive for each in one.parents):
            for number, factor in enumerate(one.parents):
                other = one.parents[1 - number]
                value = _value(factor)
                if value is not None and _value(other) is None and _logarithmic(other):
                    yield one, number, value.latest


def _value(factor: Node) -> Node | None:
    """The prediction that something given is compared with, where the difference is scaled by its own mean and deviation at most."""
    for _ in range(_FORMS):
        if not factor.alive or not factor.parents:
            return None
        if factor.name in RESHAPES or factor.name in DIVISIONS or factor.name in _PICKS:
            factor = factor.parents[0]
        elif factor.name in DIFFERENCES and len(factor.parents) == 2:
            first, second = factor.parents
            if not second.name.endswith("mean"):
                predicted = not first.alive and second.alive and second.latest >= 0
                return second if predicted and not _logarithmic(second) else None
            factor = first
        else:
            return None
    return None


def _logarithmic(factor: Node) -> bool:
    """Whether it is a log-probability, or made of some: the ratio of two."""
    return any(one.name in _LOGARITHMS for one in ancestors(factor, most=_NEAR))
