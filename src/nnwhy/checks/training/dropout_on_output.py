"""Dropout is applied to the scores that the loss gets.

## What it finds
A dropout between the last layer with weights, or the softmax or sigmoid that ends the network, and the loss.

## Why it matters
Whatever the network computed, a part of its answer is replaced by 0 and the rest scaled up: noise that it cannot learn to avoid.

## Example
    return self.dropout(self.fc(x))

## Use instead
    return self.fc(self.dropout(x))

Dropout belongs on hidden layers only, not on the output layer.

## When it is fine
Never, as far as known.

## References
- https://jmlr.org/papers/v15/srivastava14a.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import HANDS_ON, Watched, advice
from nnwhy.facts.finding import Finding, Fix
from nnwhy.facts.place import Place

_FINAL = frozenset({"softmax", "log_softmax", "sigmoid"})
_AFTER = HANDS_ON - {"dropout"} | _FINAL
_LAST = _FINAL | frozenset({"linear", "conv1d", "conv2d", "addmm", "matmul", "__matmul__", "bilinear"})


@training_check(
    name="dropout-on-output",
    severity="warning",
    summary="Dropout is applied to the scores that the loss gets.",
    title="{function} drops scores of the output layer",
)
def dropout_on_output(watched: Watched) -> Iterator[Finding]:
    for loss in watched.losses:
        made = list(loss.history)
        while made and made[0].name in _AFTER:
            made.pop(0)
        if len(made) < 2 or not made[0].name.endswith("dropout") or made[1].name not in _LAST:
            continue
        yield Finding(
            "dropout-on-output", "warning", made[0].place, {"function": made[0].name},
            because=(f"Its result goes into {loss.function}: a part of the answer itself is set to 0. Dropout is for hidden layers only.",),
            fixes=(_left_out(watched, made[0].place), advice("put it before the last layer")),
            module=made[0].layer,
        )  # fmt: skip
        return


def _left_out(watched: Watched, place: Place | None) -> Fix:
    """What the dropout is given, in its place."""
    call = watched.call(place)
    given = call.arguments[0].text if call is not None and len(call.arguments) == 1 else ""
    means = "the answer as it is"
    return advice(given, watched.instead(place, given), means) if given else advice("leave it out")
