"""A new optimizer is made for every step.

## What it finds
Several optimizers made by the same line, each of which takes one step.

## Why it matters
Momentum and Adam's averages begin at zero every time: what the optimizer learns about the gradients is thrown away.

## Example
    for x, y in loader:
        optimizer = torch.optim.Adam(net.parameters())

## Use instead
Make it once, before the loop.

## When it is fine
For plain SGD without momentum nothing is lost.

## References
- https://docs.pytorch.org/docs/stable/optim.html
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding
from nnwhy.facts.place import Place
from nnwhy.facts.session import OptimizerStep

_AN_EPOCH = 4
"""Steps of an optimizer that lives for a short epoch."""
_AVERAGING = frozenset({"Adam", "AdamW", "RMSprop", "NAdam", "RAdam", "Adamax", "Adagrad"})
_EPOCH = re.compile(r"(epoch|ep)(_?(idx|index|i|number|num|no))?")


@training_check(
    name="optimizer-made-anew",
    severity="warning",
    summary="A new optimizer is made for every step.",
    title="{count} optimizers were made by this line, for {steps} steps",
)
def optimizer_made_anew(watched: Watched) -> Iterator[Finding]:
    networks = {one.network for one in watched.trainings}
    for place in (p for n in sorted(networks) for p in watched.session.network(n).constructed):
        loop = _epochs_around(watched, place)
        if loop is not None:
            name = watched.name(next(n for n in networks if place in watched.session.network(n).constructed))
            yield Finding(
                "optimizer-made-anew", "warning", place, {"network": name, "loop": watched.line(loop).rstrip(":")},
                because=("Each epoch begins with new random weights; what the epochs before have learned is lost.",),
                fixes=(advice("make the network and its optimizer once, before the loop"),),
                also=(loop,),
                title="{network} is made anew in each epoch: it stands inside `{loop}`",
            )  # fmt: skip
            return
    places = Counter(optimizer.place for optimizer in watched.session.optimizers if optimizer.place)
    for place, count in places.items():
        steps = [
            s
            for s in watched.session.steps
            if (o := watched.optimizer(s.optimizer)) is not None and o.place == place
        ]
        if count < 3 or len(steps) < 2 or len(steps) > count * (_AN_EPOCH if _of_one(watched, steps) else 1):
            continue
        yield Finding(
            "optimizer-made-anew", "warning", place, {"count": count, "steps": len(steps)},
            because=("Momentum and Adam's averages begin at zero with each of them.",),
            fixes=(advice("make it once, before the loop"),),
        )  # fmt: skip


def _of_one(watched: Watched, steps: list[OptimizerStep]) -> bool:
    """Whether all these optimizers keep averages, of the parameters of one network that stays."""
    kinds = {one.type for step in steps if (one := watched.optimizer(step.optimizer)) is not None}
    networks = {
        state.network for step in steps for state in step.parameters if state.optimizer == step.optimizer
    }
    return len(networks) == 1 and None not in networks and kinds <= _AVERAGING


def _epochs_around(watched: Watched, place: Place) -> Place | None:
    """The loop over epochs whose body a place lies in; None where there is none."""
    source = watched.sources.get(place.path)
    for loop in source.assignments if source else ():
        if loop.form != "for" or not _EPOCH.fullmatch(loop.target) or loop.place.line >= place.line:
            continue
        lines = (
            [source.line(number) for number in range(loop.place.line + 1, place.line + 1)] if source else []
        )
        depth = loop.place.column - 1
        if all(not line.strip() or len(line) - len(line.lstrip()) > depth for line in lines):
            return loop.place
    return None
