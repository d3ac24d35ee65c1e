"""Data for evaluation is changed at random.

## What it finds
A loader that is only evaluated on, whose data set applies transforms with names such as RandomCrop or ColorJitter.

## Why it matters
The score changes from run to run and is lower than the network deserves.

## Example
    test = ImageFolder("test", transform=augment)

## Use instead
A transform without random parts for the test set: Resize and CenterCrop.

## When it is fine
For test-time augmentation, where several random views are averaged.

## References
- https://docs.pytorch.org/vision/stable/transforms.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding

_RANDOM = ("Random", "ColorJitter", "AutoAugment", "TrivialAugment", "AugMix", "RandAugment", "random_")


@training_check(
    name="augmentation-in-evaluation",
    severity="warning",
    summary="Data for evaluation is changed at random.",
    title="the evaluation data goes through {transforms}",
)
def augmentation_in_evaluation(watched: Watched) -> Iterator[Finding]:
    evaluated = {one.loader for one in watched.evaluations}
    for loader in watched.session.loaders:
        found = [name for name in loader.transforms if name.startswith(_RANDOM)]
        if loader.trained or loader.id not in evaluated or not found:
            continue
        yield Finding(
            "augmentation-in-evaluation", "warning", loader.constructed or loader.place, {"transforms": ", ".join(found)},
            because=("No gradient goes back from this loader's batches: they only measure.",),
            fixes=(advice("a data set of its own, with a transform that has no random part"),),
        )  # fmt: skip
