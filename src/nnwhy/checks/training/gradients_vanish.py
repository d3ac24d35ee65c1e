"""Gradients become a vanishing part of their size on the way back.

## What it finds
A network with at least 4 weight matrices in which the gradients of the first two are less than 1/100,000 of that of the last one,
at every watched step.

## Why it matters
The early layers do not learn: their weights move less than rounding.

## Example
    layers = [nn.Sequential(nn.Linear(32, 32), nn.Sigmoid()) for _ in range(12)]

## Use instead
ReLU or GELU instead of sigmoid or tanh, an initialisation made for them, normalisation layers, or skip connections.

## When it is fine
Seldom: where early layers are pretrained and are to move little.

## References
- https://docs.pytorch.org/docs/stable/nn.init.html
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding
from nnwhy.facts.place import Place
from nnwhy.facts.session import OptimizerStep, ParameterState

_SHARE = 1e-5
_SQUASHING = frozenset({"sigmoid", "sigmoid_", "tanh", "tanh_", "hardsigmoid", "softsign"})


@training_check(
    name="gradients-vanish",
    severity="warning",
    summary="The gradients of early layers are vanishingly small.",
    title="the gradient of {early} is {ratio} times smaller than that of {late}",
)
def gradients_vanish(watched: Watched) -> Iterator[Finding]:
    for number in watched.last_steps:
        steps = [step for step in watched.session.steps if step.optimizer == number and step.parameters]
        shares = [_share(step) for step in steps]
        if len(steps) < 2 or not all(found is not None and found[2] < _SHARE for found in shares):
            continue
        early, late, share = shares[-1]  # type: ignore[misc]
        network = watched.session.network(early.network) if early.network is not None else None
        made = network.constructed[0] if network and network.constructed else None
        place = _squashing(watched) or made
        if early.gradient == 0.0 and _squashing(watched) is None:
            continue
        title = (
            "the gradient of {early} is 0: it vanishes on the way from {late}"
            if early.gradient == 0.0
            else ""
        )
        yield Finding(
            "gradients-vanish", "warning", place, {"early": early.name, "late": late.name, "ratio": f"{1 / share:,.0f}"},
            because=(f"Root mean square: {early.gradient:.2g} at {early.name}, {late.gradient:.2g} at {late.name}.",),
            fixes=(advice("ReLU instead of sigmoid or tanh, normalisation layers, or skip connections"),),
            also=(made,) if made and made != place else (),
            title=title,
        )  # fmt: skip


def _squashing(watched: Watched) -> Place | None:
    """The place of the sigmoid or tanh that the way to the loss goes through most often, three times at least."""
    history = watched.session.backwards[-1].history if watched.session.backwards else ()
    places = Counter(
        place for made in history if made.name in _SQUASHING and (place := made.constructed or made.place)
    )
    if places.total() < 3:
        return None
    return places.most_common(1)[0][0]


def _share(step: OptimizerStep) -> tuple[ParameterState, ParameterState, float] | None:
    weights = [
        s
        for s in step.parameters
        if len(s.shape) >= 2 and s.optimizer == step.optimizer and s.gradient is not None
    ]
    if len(weights) < 4 or not weights[-1].gradient:
        return None
    late = weights[-1]
    early = max(weights[:2], key=lambda state: state.gradient or 0.0)
    assert late.gradient is not None
    return early, late, max((early.gradient or 0.0) / late.gradient, 1e-300)
