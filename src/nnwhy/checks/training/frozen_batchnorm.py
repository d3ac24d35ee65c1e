"""A frozen batch norm still learns its statistics.

## What it finds
Batch norms whose parameters take no gradient, in a network that trains, while they are in training mode. Where everything around
them is frozen too, as in a body that only hands on features, it is a note.

## Why it matters
`requires_grad_(False)` freezes weight and bias only. Running mean and variance keep changing with every pass, and each batch is
normalised by its own statistics: the frozen part of a pretrained network does not stay what it was.

## Example
    for p in backbone.parameters():
        p.requires_grad = False
    model.train()

## Use instead
    model.train()
    backbone.eval()

## When it is fine
Where the statistics are meant to adapt to new data.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding, Severity
from nnwhy.facts.session import ModeLayer


@training_check(
    name="frozen-batchnorm",
    severity="warning",
    summary="A frozen batch norm still learns its statistics.",
    title="{count} frozen batch norms of {network} still learn their statistics: {names}",
)
def frozen_batchnorm(watched: Watched) -> Iterator[Finding]:
    for one in watched.trainings:
        frozen = [
            layer
            for layer in one.active
            if layer.trainable is False and layer.statistics and not _followed(watched, one.network, layer)
        ]
        network = watched.session.network(one.network)
        if not frozen or not network.trainable:
            continue
        switches = [act for act in watched.acts("train") if act.subject == network.type]
        place = switches[0].place if switches else one.place
        names = ", ".join(layer.path for layer in frozen[:3]) + (
            f" and {len(frozen) - 3} more" if len(frozen) > 3 else ""
        )
        part = frozen[0].path.partition(".")[0]
        severity: Severity = (
            "note" if all(_body_frozen(watched, one.network, layer) for layer in frozen) else "warning"
        )
        yield Finding(
            "frozen-batchnorm", severity, place, {"count": len(frozen), "network": network.type, "names": names},
            because=("requires_grad_(False) keeps their weights; the running mean and variance change with every pass in training mode.",),
            fixes=(advice(f"model.{part}.eval() after model.train()"),),
        )  # fmt: skip
        return


def _followed(watched: Watched, network: int, layer: ModeLayer) -> bool:
    """Whether the script itself changes the frozen layer's weights from step to step, as a moving average does."""
    names = {f"{layer.path}.weight", f"{layer.path}.bias"}
    weights: dict[str, set[float | None]] = {}
    for step in watched.session.steps:
        for state in step.parameters:
            if state.network == network and state.name in names:
                weights.setdefault(state.name, set()).add(state.weight)
    return any(len(seen) > 1 for seen in weights.values())


def _body_frozen(watched: Watched, network: int, layer: ModeLayer) -> bool:
    """Whether the part of the network that the layer is in is frozen as a whole."""
    part = layer.path.partition(".")[0]
    states = [
        state
        for step in watched.session.steps
        for state in step.parameters
        if state.network == network and state.name.partition(".")[0] == part
    ]
    return bool(states) and part != layer.path and not any(state.trainable for state in states)
