"""The network is evaluated in training mode.

## What it finds
Passes that only evaluate (no gradient goes back from them, no trained loss uses them) while dropout is on or a batch norm uses and
updates the statistics of the batch.

## Why it matters
Dropout makes the results random and worse. A batch norm in training mode makes each result depend on the rest of the batch and
learns its statistics from the test data.

## Example
    with torch.no_grad():
        for x, y in test_loader:
            scores = net(x)

## Use instead
    net.eval()
    with torch.no_grad():
        ...
    net.train()                  # before training goes on

`torch.no_grad()` switches gradients off, not the mode.

## When it is fine
Where randomness is wanted (Monte-Carlo dropout): then only the dropout layers should be in training mode. The samples of a
generator, which is trained through another network, are not taken for an evaluation.

## References
- https://docs.pytorch.org/docs/stable/notes/autograd.html#evaluation-mode-nn-module-eval
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import is_name
from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Edit, Finding
from nnwhy.facts.session import ModeLayer


@training_check(
    name="eval-mode-forgotten",
    severity="warning",
    summary="The network is evaluated in training mode.",
    title="{network} is evaluated in training mode: {layers}",
)
def eval_mode_forgotten(watched: Watched) -> Iterator[Finding]:
    feeding = {one.network for one in watched.trainings if one.fed}
    for one in watched.evaluations:
        if not one.training or not one.active:
            continue
        if one.network in feeding and not one.fed:  # a generator's samples are looked at as it makes them
            continue
        call = watched.call(one.place)
        name = call.function if call and is_name(call.function) else "model"
        code = f"{name}.eval()"
        yield Finding(
            "eval-mode-forgotten", "warning", one.place,
            {"network": watched.name(one.network), "layers": _told(one.active)},
            because=tuple(_because(one.active)),
            fixes=(advice(code, (*watched.before(one.place, code), *_back(watched)), f"and {name}.train() before training goes on"),),
        )  # fmt: skip
        return


def _back(watched: Watched) -> tuple[Edit, ...]:
    """The way back to training mode, where the script never goes it."""
    place = watched.trainings[-1].place if watched.trainings else None
    call = watched.call(place)
    if watched.acts("train") or call is None or not is_name(call.function):
        return ()
    return watched.before(place, f"{call.function}.train()")


def _told(layers: tuple[ModeLayer, ...]) -> str:
    drops = [layer for layer in layers if layer.probability is not None]
    norms = [layer for layer in layers if layer.probability is None]
    parts: list[str] = []
    if drops:
        parts.append(f"dropout is on ({drops[0].path or drops[0].type}, p={drops[0].probability:g})")
    if norms:
        count = f" and {len(norms) - 1} more" if len(norms) > 1 else ""
        parts.append(f"{norms[0].path or norms[0].type}{count} normalises with this batch")
    return ", ".join(parts)


def _because(layers: tuple[ModeLayer, ...]) -> Iterator[str]:
    if any(layer.probability is not None for layer in layers):
        yield "Two passes with the same data give different results."
    if any(layer.probability is None and layer.statistics for layer in layers):
        yield "The batch norm learns its running mean and variance from the data that is evaluated."
