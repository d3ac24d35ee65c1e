"""Nearly all units behind a ReLU give 0 for the whole batch.

## What it finds
A rectifier at least 9 of 10 of whose units (at least 8 in all) are zero for every sample of the last watched training batch.

## Why it matters
A unit that is 0 for all data gets no gradient and never comes back.

## Example
    nn.init.constant_(layer.bias, -10)

## Use instead
A smaller learning rate, an initialisation with biases at 0, inputs around 0, or `nn.LeakyReLU`.

## When it is fine
Where the batch is tiny or all its samples are alike.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.LeakyReLU.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding


@training_check(
    name="dead-relu",
    severity="warning",
    summary="Nearly all units behind a ReLU are 0 for the whole batch.",
    title="{dead} of {units} units behind {function} are 0 for the whole batch",
)
def dead_relu(watched: Watched) -> Iterator[Finding]:
    last = {one.network: one for one in watched.trainings if one.activations}
    for one in last.values():
        for seen in one.activations:
            if seen.units >= 8 and seen.dead >= 0.9 * seen.units:
                where = f" in {seen.layer}" if seen.layer else ""
                yield Finding(
                    "dead-relu", "warning", seen.place, {"dead": seen.dead, "units": seen.units, "function": seen.function + where},
                    because=("A unit that is 0 for every sample gets no gradient, so it stays so.",),
                    fixes=(advice("biases at 0, inputs around 0, a smaller learning rate"), advice("nn.LeakyReLU")),
                    module=seen.layer,
                )  # fmt: skip
                return
