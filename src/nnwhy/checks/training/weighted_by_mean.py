"""A focal loss weighs the mean of a batch instead of each sample.

## What it finds
A loss that is multiplied by a function of its own exponential, `(1 - exp(-loss)) ** gamma * loss`, after it became one number for the
batch.

## Why it matters
The factor is there to make easy samples count less. Of the mean it is the same for every sample: it only changes the learning rate
with the size of the loss.

## Example
    ce = F.cross_entropy(scores, y)
    loss = (1 - torch.exp(-ce)) ** 2 * ce

## Use instead
    ce = F.cross_entropy(scores, y, reduction="none")
    loss = ((1 - torch.exp(-ce)) ** 2 * ce).mean()

## When it is fine
With batches of one sample.

## References
- https://arxiv.org/abs/1708.02002
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import added_argument
from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Edit, Finding
from nnwhy.facts.session import LossCall


@training_check(
    name="weighted-by-mean",
    severity="warning",
    summary="A focal loss weighs the mean of the batch, not each sample.",
    title="{function} is one number for {count} samples before it is weighted by its own size",
)
def weighted_by_mean(watched: Watched) -> Iterator[Finding]:
    for act in watched.acts("weighted"):
        loss = watched.session.losses[act.number]
        count = loss.target.shape[0] if loss.target.shape else 1
        if loss.settings.get("reduction", "mean") == "none" or count < 2:
            continue
        yield Finding(
            "weighted-by-mean", "warning", loss.place, {"function": loss.function, "count": count},
            because=("The weight is then the same for easy and hard samples.",),
            fixes=(advice('reduction="none", and the mean of what is weighted', _unreduced(watched, loss)),),
            also=(act.place,) if act.place else (),
        )  # fmt: skip
        return


def _unreduced(watched: Watched, loss: LossCall) -> tuple[Edit, ...]:
    call = watched.call(loss.place)
    if call is None or not call.arguments or not call.function.endswith(loss.function):
        return ()
    if any(one.name == "reduction" or one.starred for one in call.arguments):
        return ()
    return (added_argument(call, 'reduction="none"'),) if not call.arguments[-1].name else ()
