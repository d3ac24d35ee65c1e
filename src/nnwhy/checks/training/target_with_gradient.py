"""The target is made of the network's own next prediction, and a gradient goes back through it.

## What it finds
A squared or absolute difference of a prediction and "reward + discount * prediction" of the same network, with gradients on both
sides.

## Why it matters
The loss is then made small from both sides: the prediction moves to the target, and the target, the value of the next state, moves to
the prediction. Temporal-difference and Q-learning hold the target fixed; with its gradient values hardly spread back from the reward.

## Example
    target = reward + gamma * q(next_state).max(1).values
    loss = F.mse_loss(q(state).gather(1, action).squeeze(1), target)

## Use instead
    with torch.no_grad():
        target = reward + gamma * q(next_state).max(1).values

## When it is fine
For residual-gradient methods, which mean it.

## References
- https://docs.pytorch.org/tutorials/intermediate/reinforcement_q_learning.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.statements import under
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding

_DISCOUNT = re.compile(
    r"gamma|discount|γ|(?<![\d.])0?\.[5-9]\d*|\.a?max\(|\.gather\(|\.a?min\(", re.IGNORECASE
)


@training_check(
    name="target-with-gradient",
    severity="warning",
    summary="A gradient goes back through a target made of the network's own next prediction.",
    title="a gradient goes back through the target: it is moved to the prediction as well",
)
def target_with_gradient(watched: Watched) -> Iterator[Finding]:
    for act in watched.acts("bootstrapped"):
        if _DISCOUNT.search(watched.text(act.place)):
            yield Finding(
                "target-with-gradient", "warning", act.place, {},
                because=("Both sides of the difference come from the same network with gradients; only the prediction is to move.",),
                fixes=(advice("the target under torch.no_grad(), or .detach() on it", under(watched, act.place, "torch.no_grad()")),),
            )  # fmt: skip
            return
