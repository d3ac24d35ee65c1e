"""The terms that a loss is the sum of: which of them let no gradient through although they were computed from the weights."""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.watch.functions import SUMS
from nnwhy.watch.history import Node, ancestors

_LESS = frozenset({"sub", "__sub__", "subtract", "__isub__"})
_TIMES = frozenset({
    "mul", "__mul__", "__rmul__", "__imul__", "mul_", "multiply", "div", "__truediv__", "true_divide", "__itruediv__", "div_",
    "squeeze", "view", "reshape", "to", "float", "clone",
})  # fmt: skip
_PLAIN_CUTS = frozenset({"detach", "detach_", "data", "clone"})
_PRODUCTS = frozenset({"mul", "__mul__", "__rmul__"})
_POWERS = frozenset({"pow", "__pow__", "square"})
_OF_CLASSES = frozenset(
    {"cross_entropy", "nll_loss", "binary_cross_entropy", "binary_cross_entropy_with_logits"}
)
_DEEP = 40


def cut_parts(loss: Node, left: tuple[Node, ...]) -> Iterator[Node]:
    """The calls that end the gradient of a term of the loss, one for each such term, where another term has one.

    Not where the term belongs to a pass that no gradient reaches: that is another network's, or meant. `left` are the latest
    numbers that left torch: one that stands inside of the sum, and inside of no product with a tensor, is a term too.
    """
    terms = list(_terms(loss))
    live = [term for term in terms if term.alive]
    if not live or (len(terms) == 1 and not left):
        return
    passes = {one.latest for term in live for one in ancestors(term) if one.requires}
    found: list[Node] = []
    for term in terms:
        if not term.alive:
            cut = next((one for one in ancestors(term) if one.cuts), None)
            if cut is not None and (cut.latest in passes or cut.latest < 0):
                found.append(cut)
    sums = list(_sums(loss))
    for number in left:
        if number.latest not in passes or not any(_inside(number, outer) for outer in sums):
            continue
        if not any(_inside(number, other) for other in ancestors(loss) if other not in sums):
            found.append(number)
    yield from found


def weighted_by_itself(calls: list[Node]) -> Iterator[Node]:
    """The calls of loss functions whose result is multiplied by a power of 1 - exp(-result)."""
    for one in calls:
        if one.name not in _PRODUCTS or len(one.parents) != 2:
            continue
        for loss, factor in (one.parents, one.parents[::-1]):
            if loss.name in _OF_CLASSES and loss.loss >= 0 and _of_exponential(factor, loss):
                yield loss


def _of_exponential(factor: Node, loss: Node) -> bool:
    names: list[str] = []
    while factor is not loss and len(factor.parents) == 1 and len(names) < 8:
        names.append(factor.name)
        factor = factor.parents[0]
    return factor is loss and "exp" in names and any(name in _POWERS for name in names)


def _terms(loss: Node) -> Iterator[Node]:
    """What is added up; () where something without a gradient is taken away as it is, which leaves a value and keeps a gradient."""
    todo, terms = [loss], list[Node]()
    looked_at = 0
    while todo and looked_at < _DEEP:
        one = todo.pop()
        looked_at += 1
        if one.name in SUMS and one.parents:
            todo += one.parents
        elif one.name in _LESS and one.parents:
            if any(not other.alive and other.name in _PLAIN_CUTS for other in one.parents):
                return
            todo += one.parents
        elif one.name in _TIMES and len(one.parents) == 1 and one.alive:
            todo += one.parents
        else:
            terms.append(one)
    yield from terms


def _sums(loss: Node) -> Iterator[Node]:
    """The sums among the calls that a loss ends with."""
    todo, looked_at = [loss], 0
    while todo and looked_at < _DEEP:
        one = todo.pop()
        looked_at += 1
        if one.name in SUMS or one.name in _LESS:
            yield one
        if one.name in SUMS or one.name in _LESS or (one.name in _TIMES and len(one.parents) == 1):
            todo += one.parents


def _inside(one: Node, outer: Node) -> bool:
    """Whether a call stands inside of the expression of another."""
    inner, around = one.spot.place if one.spot else None, outer.spot.place if outer.spot else None
    if inner is None or around is None or inner.path != around.path:
        return False
    return (around.line, around.column) <= (inner.line, inner.column) and (
        inner.end_line,
        inner.end_column,
    ) <= (around.end_line, around.end_column)
