"""The network is trained in evaluation mode.

## What it finds
Training steps of a network that is in evaluation mode: after the first evaluation nobody called `train()` again, or it came in
evaluation mode (as `from_pretrained` gives it) and was never switched.

## Why it matters
Dropout is off and batch norms no longer adapt: from the second epoch on another network is trained than was meant.

## Example
    model.train()
    for epoch in range(epochs):
        train(model)
        evaluate(model)          # calls model.eval()

## Use instead
    for epoch in range(epochs):
        model.train()
        train(model)
        evaluate(model)

## When it is fine
Where the statistics of batch norms are to stay fixed: then call `eval()` on those layers only.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.train
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding, Fix
from nnwhy.facts.place import Place


@training_check(
    name="train-mode-lost",
    severity="warning",
    summary="The network is trained in evaluation mode.",
    title="{network} is trained in evaluation mode: {layers} behave as in evaluation",
)
def train_mode_lost(watched: Watched) -> Iterator[Finding]:
    for number, place, before in _found(watched):
        network = watched.session.network(number)
        off = ", ".join(dict.fromkeys(layer.type for layer in network.layers))
        switched = [act for act in watched.acts("eval") if act.subject == network.type]
        reason = (
            "It was in training mode before its evaluation, and was not switched back."
            if before
            else "It was never switched to training mode."
        )
        yield Finding(
            "train-mode-lost", "warning", switched[-1].place if switched else place,
            {"network": network.type, "layers": off},
            because=(reason,),
            fixes=(_switched(watched, place),),
            also=(place,) if place else (),
        )  # fmt: skip
        return


def _found(watched: Watched) -> Iterator[tuple[int, Place | None, bool]]:
    was: set[int] = set()
    for one in watched.trainings:
        layers = watched.session.network(one.network).layers
        if one.training:
            was.add(one.network)
        elif layers and (
            one.network in was or all(layer.probability is None or layer.probability for layer in layers)
        ):
            yield one.network, one.place, one.network in was
    for act in watched.acts("step-in-eval"):
        if act.number in was:
            yield act.number, act.place, True


def _switched(watched: Watched, place: Place | None) -> Fix:
    """The network back in training mode before the pass that is trained."""
    call = watched.call(place or next((one.place for one in watched.trainings), None))
    if call is None or not call.function.replace("_", "").replace(".", "").isalnum():
        return advice("model.train() before each epoch's training")
    code = f"{call.function}.train()"
    return advice(code, watched.before(call.place, code), "or once before each epoch's training")
