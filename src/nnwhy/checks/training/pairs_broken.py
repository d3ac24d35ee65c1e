"""Inputs and targets are put in order by two different draws: each input is trained on another one's target.

## What it finds
Inputs from one shuffled loader and targets from another of the same length; inputs and targets that were each put in order by a
`torch.randperm` of its own.

## Why it matters
Nothing fails, and there is nothing to learn: the targets have no more to do with the inputs. The loss stays where guessing puts it.

## Example
    for x, y in zip(DataLoader(images, 32, shuffle=True), DataLoader(labels, 32, shuffle=True)):

## Use instead
    for x, y in DataLoader(TensorDataset(images, labels), 32, shuffle=True):

## When it is fine
Where no pairs are meant, as between two sets of pictures: there one is not the target of the other.

## References
- https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.TensorDataset
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding
from nnwhy.facts.session import LoaderSeen, LossCall


@training_check(
    name="pairs-broken",
    severity="warning",
    summary="Inputs and targets are put in order by two different draws.",
    title="inputs and targets are shuffled each for itself, so they no longer belong together",
)
def pairs_broken(watched: Watched) -> Iterator[Finding]:
    for loss in watched.losses:
        if len(loss.apart) == 2:
            yield Finding(
                "pairs-broken", "warning", loss.apart[1], {},
                because=("The inputs were put in order by one randperm, the targets by another.",),
                fixes=(advice("one order = torch.randperm(n) for both: x[order], y[order]"),),
                also=(loss.apart[0],),
            )  # fmt: skip
            return
        loaders = _loaders(watched, loss)
        if loaders is not None:
            inputs, targets = loaders
            yield Finding(
                "pairs-broken", "warning", targets.constructed or targets.place, {},
                because=("The inputs come from one loader, the targets from another, and each draws an order of its own.",),
                fixes=(advice("DataLoader(TensorDataset(inputs, targets), …, shuffle=True): one loader for both"),),
                also=tuple(place for place in (inputs.constructed or inputs.place,) if place),
            )  # fmt: skip
            return


def _loaders(watched: Watched, loss: LossCall) -> tuple[LoaderSeen, LoaderSeen] | None:
    """The loader of the inputs and that of the targets, where two of one length were shuffled each for itself."""
    known = {loader.id: loader for loader in watched.session.loaders}
    inputs = known.get(loss.reads) if loss.reads is not None else None
    targets = known.get(loss.loader) if loss.loader is not None else None
    if inputs is None or targets is None or inputs.id == targets.id:
        return None
    alike = (inputs.length, inputs.batch) == (targets.length, targets.batch)
    return (inputs, targets) if alike and _shuffled(inputs) and _shuffled(targets) else None


def _shuffled(loader: LoaderSeen) -> bool:
    return loader.sampler == "RandomSampler" and not loader.generator and bool(loader.length)
