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

from nnwhy.checks.basis.editing import is_name
from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceCall


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
            fixes=(*_switched_back(watched, switched[-1].place if switched else None), _switched(watched, number)),
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


def _switched_back(watched: Watched, place: Place | None) -> Iterator[Fix]:
    """The network back in training mode behind every call of the function that switches it."""
    call = watched.call(place)
    receiver = call.function.rpartition(".")[0] if call is not None else ""
    if call is None or not call.scope or not receiver:
        return
    name, edits, codes = call.scope.rpartition(".")[2], [], dict[str, None]()
    for one in watched.calls(name):
        if one.function.rpartition(".")[2] != name or one.scope == call.scope:
            continue
        if one.within == "Return" or one.place.path != call.place.path:
            return
        code = _named_there(watched, receiver, call, one)
        if not code:
            return
        codes[f"{code}.train()"] = None
        edits += watched.after(one.place, f"{code}.train()")
    if edits:
        yield advice("; ".join(codes), tuple(edits), f"behind {name}(), which leaves it in evaluation mode")


def _named_there(watched: Watched, receiver: str, inner: SourceCall, outer: SourceCall) -> str:
    """What the network of `inner` is called where the function around it is called; "" where that is not seen."""
    first = receiver.partition(".")[0]
    if first == "self":
        return receiver if inner.scope.rpartition(".")[0] == outer.scope.rpartition(".")[0] else ""
    source = watched.sources[inner.place.path]
    function = next((one for one in source.functions if one.name == inner.scope), None)
    names = [one.name for one in function.parameters if one.name != "self"] if function is not None else []
    if first not in names:
        return receiver if any(a.target == first and not a.scope for a in source.assignments) else ""
    index = names.index(first)
    given = next(
        (a.text for a in outer.arguments if a.name == first or (not a.name and a.index == index)), ""
    )
    return given + receiver.removeprefix(first) if is_name(given) else ""


def _switched(watched: Watched, number: int) -> Fix:
    """The network back in training mode before the pass that is trained."""
    call = watched.call(next((one.place for one in watched.trainings if one.network == number), None))
    if call is None or not is_name(call.function):
        return advice("model.train() before each epoch's training")
    code = f"{call.function}.train()"
    return advice(code, watched.before(call.place, code), "or once before each epoch's training")
