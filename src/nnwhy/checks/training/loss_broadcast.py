"""A prediction (N, 1) meets a target (N), and every pair of the two is compared.

## What it finds
A loss that compares element by element, a subtraction or a comparison of a network's result, where the two shapes differ and
broadcasting makes them fit: usually (N, 1) against (N), which gives (N, N).

## Why it matters
Every prediction is compared with the targets of all samples. The best answer is then the mean of all targets, and that is what
the network learns. An accuracy counted this way can exceed 1.

## Example
    loss = F.mse_loss(net(x), y)           # (64, 1) and (64,)

## Use instead
    loss = F.mse_loss(net(x).squeeze(1), y)

## When it is fine
Where every pair is meant, as in a matrix of distances between two sets.

## References
- https://docs.pytorch.org/docs/stable/notes/broadcasting.html
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from math import prod

from nnwhy.checks.basis.definitions import parsed
from nnwhy.checks.basis.editing import bracketed
from nnwhy.checks.basis.operands import inside
from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.session import Broadcast, LossCall

_BY_ELEMENT = frozenset({
    "mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "poisson_nll_loss", "gaussian_nll_loss", "soft_margin_loss",
    "hinge_embedding_loss", "kl_div",
})  # fmt: skip

_COMPARED = frozenset({"mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss"})


@training_check(
    name="loss-broadcast",
    severity="warning",
    summary="Prediction and target have different shapes, and every pair is compared.",
    title="{function} compares {prediction} with {target}: every pair of the two",
)
def loss_broadcast(watched: Watched) -> Iterator[Finding]:
    for loss in watched.losses:
        shape, target = loss.prediction.shape, loss.target.shape
        if loss.function in _COMPARED and _stretched(shape, target) and loss.from_network:
            yield _repeated(watched, loss)
            continue
        if loss.function not in _BY_ELEMENT or shape == target:
            continue
        made = broadcast(shape, target)
        if made is None or prod(made) <= max(prod(shape), prod(target)):
            continue
        label, edits = _mended(watched, loss)
        yield Finding(
            "loss-broadcast", "warning", loss.place,
            {"function": loss.function, "prediction": str(shape), "target": str(target)},
            expected=str(shape), actual=str(target),
            because=(f"Broadcasting makes both {made}: each prediction is compared with the targets of all samples.",),
            fixes=(advice(label, edits),),
        )  # fmt: skip
    for one in watched.session.broadcasts:
        meaning = "an accuracy" if one.function in ("eq", "ne") else "a loss"
        yield Finding(
            "loss-broadcast", "warning", one.place,
            {"function": {"eq": "==", "ne": "!="}.get(one.function, "-"), "prediction": str(one.left), "target": str(one.right)},
            because=(f"The result has the shape {one.result}: {meaning} of this counts every pair of samples.",),
            fixes=(_squeezed(watched, one),),
        )  # fmt: skip


def _squeezed(watched: Watched, one: Broadcast) -> Fix:
    """The column without its second axis, where the two sides of the sign are written out."""
    label = "squeeze(1) on the one with two axes"
    tree = parsed(watched.text(one.place))
    if one.place is None:
        return advice(label)
    if isinstance(tree, ast.BinOp):
        sides = [tree.left, tree.right]
    elif isinstance(tree, ast.Compare) and len(tree.comparators) == 1:
        sides = [tree.left, tree.comparators[0]]
    else:
        return advice(label)
    column = inside(one.place, sides[len(one.left) < len(one.right)])
    if column is None:
        return advice(label)
    text = f"{bracketed(watched.text(column))}.squeeze(1)"
    return advice(text, watched.instead(column, text), "both have one shape")


def _stretched(shape: tuple[int, ...], target: tuple[int, ...]) -> bool:
    """Whether the prediction alone is repeated until it is as large as the target."""
    return prod(target) > prod(shape) and broadcast(shape, target) == target


def _repeated(watched: Watched, loss: LossCall) -> Finding:
    shape, target = loss.prediction.shape, loss.target.shape
    count = prod(target) // prod(shape)
    because = [
        f"Broadcasting repeats the prediction {count} times; what is learned is the mean of its targets."
    ]
    fixes: list[Fix] = []
    wide = _operand(watched, loss.grown, loss.wide) if loss.grown is not None else None
    if loss.grown is not None and wide is not None:
        because.append(
            f"The target grew in line {loss.grown.line}, where a column met {count} numbers a row."
        )
        for method in ("sum", "mean"):
            new = f"{bracketed(watched.text(wide))}.{method}(1, keepdim=True)"
            fixes.append(advice(new, watched.instead(wide, new), "one number a row"))
    return Finding(
        "loss-broadcast", "warning", loss.place,
        {"function": loss.function, "prediction": str(shape), "target": str(target), "count": count},
        expected=str(shape), actual=str(target), because=tuple(because), fixes=tuple(fixes),
        also=(loss.grown,) if loss.grown is not None else (),
        title="{function} compares {prediction} with {target}: each prediction with {count} targets",
    )  # fmt: skip


def _operand(watched: Watched, place: Place, index: int) -> Place | None:
    """The left (0) or right (1) side of the sum or difference at a place."""
    tree = parsed(watched.text(place))
    if not isinstance(tree, ast.BinOp):
        return None
    return inside(place, (tree.left, tree.right)[index])


def broadcast(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...] | None:
    """The common shape, None where there is none."""
    length = max(len(one), len(other))
    pairs = zip((1,) * (length - len(one)) + one, (1,) * (length - len(other)) + other, strict=True)
    made: list[int] = []
    for left, right in pairs:
        if left != right and 1 not in (left, right):
            return None
        made.append(max(left, right))
    return tuple(made)


def _mended(watched: Watched, loss: LossCall) -> tuple[str, tuple[Edit, ...]]:
    shape, target = loss.prediction.shape, loss.target.shape
    call = watched.call(loss.place)
    squeeze = len(shape) == len(target) + 1 and shape[-1] == 1
    if call is None or len(call.arguments) < 2:
        return ("squeeze(-1) on the prediction" if squeeze else "the target in the prediction's shape"), ()
    prediction, labels = call.arguments[0], call.arguments[1]
    if squeeze:
        new = f"{prediction.text}.squeeze(-1)"
        return new, watched.instead(prediction.place, new)
    if len(target) == len(shape) + 1 and target[-1] == 1:
        new = f"{labels.text}.squeeze(-1)"
    else:
        new = f"{labels.text}.view_as({prediction.text})"
    return new, watched.instead(labels.place, new)
