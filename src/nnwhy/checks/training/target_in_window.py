"""What is to be forecast stands in the window that the network reads.

## What it finds
A target that is, in every row of a batch, a number of the last step of its window.

## Why it matters
The network only has to hand on what it was given. Its loss falls to almost nothing, in the evaluation as well, and says nothing about
a forecast. It is an index that is off by one.

## Example
    window = self.series[i : i + self.length]
    return window, self.series[i + self.length - 1]

## Use instead
    window = self.series[i : i + self.length]
    return window, self.series[i + self.length]

## When it is fine
Where a network is to hand on its last input, to see that it can.

## References
- https://www.tensorflow.org/tutorials/structured_data/time_series
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding
from nnwhy.facts.place import Place
from nnwhy.facts.session import LossCall


@training_check(
    name="target-in-window",
    severity="warning",
    summary="What is to be forecast stands in the window that the network reads.",
    title="what is to be forecast is the last step of the window itself",
)
def target_in_window(watched: Watched) -> Iterator[Finding]:
    told = [loss for loss in watched.losses if loss.told]
    if told:
        yield Finding(
            "target-in-window", "warning", _given(watched, told[0]) or told[0].place, {},
            because=(f"In each of the {told[0].target.shape[0]} rows of a batch the target is a number that the input ends in.",),
            fixes=(advice("the step behind the window as target: one index later"),),
            also=(told[0].place,) if told[0].place else (),
        )  # fmt: skip


def _given(watched: Watched, loss: LossCall) -> Place | None:
    """Where the data set gives a window and its target."""
    loaders = [one for one in watched.session.loaders if one.id in (loss.reads, loss.loader) or one.trained]
    methods = {one.drawn for one in loaders}
    found = [
        place
        for source in watched.sources.values()
        for function in source.functions
        if function.name in methods
        for place in function.returns
    ]
    return found[0] if len(found) == 1 else None
