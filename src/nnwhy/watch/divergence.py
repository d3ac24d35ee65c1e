"""The divergence of a variational autoencoder in a loss: with which sign it is added, read from autograd's own graph."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch

from nnwhy.watch import functions
from nnwhy.watch.history import Node, ancestors

_HANDS_ON = (
    "Sum", "Mean", "View", "ReshapeAlias", "UnsafeView", "Squeeze", "Unsqueeze", "Expand", "Transpose", "Permute", "T", "Clone",
    "ToCopy", "Alias", "Select", "Stack", "Nansum",
)  # fmt: skip
_MOST = 300
_NEAR = 400

Edge = tuple[Any, int]


def falls_without_bound(loss: torch.Tensor) -> bool:
    """Whether a loss adds a - exp(a) - b², or log(s) - s² - b², which is what a divergence from the standard normal is with the
    sign turned."""
    signs: dict[Edge, int] = {}
    exponentials: list[tuple[Edge, int]] = []
    logarithms: list[tuple[Edge, int]] = []
    squares: list[tuple[Edge, int]] = []
    todo: list[tuple[Edge, int]] = [((loss.grad_fn, 0), 1)]
    while todo and len(signs) < _MOST:
        edge, sign = todo.pop()
        if edge[0] is None or edge in signs:
            continue
        signs[edge] = sign
        name = _name(edge)
        if name == "Exp":
            exponentials.append((_scaled(edge[0].next_functions[0]), sign))
        elif name == "Log":
            logarithms.append((_scaled(edge[0].next_functions[0]), sign))
        elif (squared := _squared(edge)) is not None:
            squares.append((_scaled(squared), sign))
        else:
            todo += [(inner, sign * own) for inner, own in _linear(edge)]
    taken_away = [source for source, sign in squares if sign < 0]
    given = {_scaled(edge) for edge, sign in signs.items() if sign > 0}
    by_exponential = any(sign < 0 and source in given for source, sign in exponentials)
    by_logarithm = len(taken_away) > 1 and any(
        sign > 0 and (source in taken_away or _root(source) in taken_away) for source, sign in logarithms
    )
    return bool(taken_away) and (by_exponential or by_logarithm)


def written(loss: Node) -> Node | None:
    """Where a loss takes the divergence away, else its exponential or logarithm that is nearest to the loss."""
    here = loss
    while here.name in functions.SUMS or here.name in functions.DIFFERENCES:
        inside = [one for one in here.parents if _nearest(one) is not None]
        last = here.parents[-1]
        taken = here.name in functions.DIFFERENCES and len(here.parents) == 2 and inside[-1:] == [last]
        if taken and (inside == [last] or _reduced(last)):
            return here
        if len(inside) != 1:
            break
        here = inside[0]
    return _nearest(loss)


def _reduced(one: Node) -> bool:
    return one.name in ("sum", "mean") or (len(one.parents) == 1 and _reduced(one.parents[0]))


def _nearest(loss: Node) -> Node | None:
    near = ancestors(loss, lambda one: one.name not in functions.LOSSES, most=_NEAR)
    return next((one for one in near[:_NEAR] if one.name in ("exp", "log")), None)


def _name(edge: Edge) -> str:
    return edge[0].name().partition("Backward")[0]


def _linear(edge: Edge) -> Iterator[tuple[Edge, int]]:
    """The edges below one that adds, takes away, or multiplies by a number, with their signs."""
    function, name = edge[0], _name(edge)
    below: list[Edge] = [one for one in function.next_functions if one[0] is not None]
    if name in _HANDS_ON or name == "Add":
        yield from ((one, 1) for one in below)
    elif name == "Neg" or name == "Rsub":
        yield from ((one, -1) for one in below)
    elif name == "Sub":
        for position, one in enumerate(function.next_functions):
            if one[0] is not None:
                yield one, -1 if position else 1
    elif name in ("Mul", "Div") and len(below) == 1:
        saved = "_saved_other" if function.next_functions[0][0] is not None else "_saved_self"
        number = getattr(function, saved, None) if name == "Mul" or saved == "_saved_other" else None
        if isinstance(number, torch.Tensor):
            number = float(number) if number.numel() == 1 else None
        if isinstance(number, int | float) and number:
            yield below[0], 1 if number > 0 else -1


def _squared(edge: Edge) -> Edge | None:
    function, name = edge[0], _name(edge)
    if name == "Pow" and getattr(function, "_saved_exponent", None) == 2:
        return function.next_functions[0]
    if (
        name == "Mul"
        and len(function.next_functions) == 2
        and function.next_functions[0] == function.next_functions[1]
    ):
        return function.next_functions[0]
    return None


def _scaled(edge: Edge) -> Edge:
    """Behind changes of form, numbers that are added and positive factors."""
    for _ in range(20):
        if edge[0] is None or _name(edge) == "Stack":
            return edge
        below = list(_linear(edge))
        if len(below) != 1 or below[0][1] < 0:
            return edge
        edge = below[0][0]
    return edge


def _root(source: Edge) -> Edge | None:
    """Where a logarithm is taken of a square (log(s²)): what is squared."""
    squared = _squared(source) if source[0] is not None else None
    return _scaled(squared) if squared is not None else None
