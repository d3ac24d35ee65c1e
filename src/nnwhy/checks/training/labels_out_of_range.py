"""A label names a class that the network has no score for.

## What it finds
Labels of a cross-entropy or nll loss below 0 (`ignore_index` aside) or not below the number of scores.

## Why it matters
On the CPU the call raises; on a GPU it ends the process with a device-side assertion, far from the line that caused it.

## Example
    net = nn.Linear(64, 9)                      # labels 0 … 9 are ten classes
    F.cross_entropy(net(x), y)

## Use instead
`nn.Linear(64, 10)`: as many scores as classes; or labels that begin at 0: `y - 1`.

## When it is fine
Never: the call raises.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import added_argument
from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.session import LossCall

VOID = 255
"""The label that segmentation masks of 8 bits give to what belongs to no class."""


@training_check(
    name="labels-out-of-range",
    severity="error",
    summary="A label names a class that has no score.",
    title="the labels go from {low} to {high}, the network has {classes} scores: classes 0 to {last}",
)
def labels_out_of_range(watched: Watched) -> Iterator[Finding]:
    for loss in watched.session.losses:
        target, scores = loss.target, loss.prediction.shape
        if loss.function not in ("cross_entropy", "nll_loss", "multi_margin_loss") or not scores:
            continue
        if target.minimum is None or target.maximum is None or target.dtype.startswith(("float", "bfloat")):
            continue
        classes = scores[min(1, len(scores) - 1)]
        ignored = loss.settings.get("ignore_index", -100)
        low, high = int(target.minimum), int(target.maximum)
        if ((low >= 0 or low == ignored) and (high < classes or high == ignored)) or target.shape == scores:
            continue
        if loss.value is None and len(scores) > 1 and target.shape != (scores[0], *scores[2:]):
            # It failed over its shape.
            continue
        fixes = (
            [advice(f"a last layer with {high + 1} outputs instead of {classes}")] if high >= classes else []
        )
        if low == 1 and high == classes:
            call = watched.call(loss.place)
            argument = call.arguments[1] if call and len(call.arguments) > 1 else None
            text = f"{argument.text} - 1" if argument else "labels - 1"
            fixes.insert(
                0,
                advice(
                    text,
                    watched.instead(argument.place, text) if argument else (),
                    "Classes are counted from 0.",
                ),
            )
        if low < 0 or high == VOID:
            mark = low if low < 0 else high
            fixes.insert(
                0,
                advice(
                    f"ignore_index={mark}",
                    _ignoring(watched, loss, mark),
                    "Where this label marks padding or nothing.",
                ),
            )
        if (low, high, classes, target.distinct) == (0, VOID, 2, 2):
            fixes[:0] = _white(watched, loss)
        yield Finding(
            "labels-out-of-range", "error", loss.place,
            {"low": low, "high": high, "classes": classes, "last": classes - 1},
            expected=f"0 to {classes - 1}", actual=f"{low} to {high}",
            fixes=tuple(fixes),
        )  # fmt: skip
        return


def _white(watched: Watched, loss: LossCall) -> Iterator[Fix]:
    """Grey values, 0 and 255, as the two classes."""
    call = watched.call(loss.place)
    argument = call.arguments[1] if call and len(call.arguments) > 1 else None
    if argument is not None:
        text = f"({argument.text} > 0).long()"
        yield advice(
            text,
            watched.instead(argument.place, text),
            f"the grey values 0 and {VOID} are the classes 0 and 1",
        )


def _ignoring(watched: Watched, loss: LossCall, mark: int) -> tuple[Edit, ...]:
    """`ignore_index` where the loss is made, or called as a function."""
    call = watched.call(loss.place)
    if call is not None and call.function.endswith(loss.function):
        return (added_argument(call, f"ignore_index={mark}"),)
    made = [
        *watched.calls({"cross_entropy": "CrossEntropyLoss", "nll_loss": "NLLLoss"}.get(loss.function, "?"))
    ]
    if len(made) != 1 or any(a.name == "ignore_index" for a in made[0].arguments):
        return ()
    return (added_argument(made[0], f"ignore_index={mark}"),)
