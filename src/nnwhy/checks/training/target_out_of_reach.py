"""The targets lie outside of what the network's last function can give.

## What it finds
A regression loss (squared, absolute, Huber) on what a sigmoid, softmax or tanh gave, with targets whose mean is outside of its range.

## Why it matters
A sigmoid gives 0 to 1. For targets around 13 the best it can do is 1 everywhere: it saturates, gradients vanish, and the loss stands
still at a high value.

## Example
    return torch.sigmoid(self.fc(x))             # ages from 1 to 29
    loss = F.mse_loss(net(x), age)

## Use instead
    return self.fc(x)                            # or scale the targets to 0 … 1

## When it is fine
Never, as long as the targets are right.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.Sigmoid.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import HANDS_ON, Watched, advice, first_of
from nnwhy.facts.finding import Finding

_REGRESSION = frozenset({"mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss"})
_RANGES = {
    "sigmoid": (0, 1),
    "sigmoid_": (0, 1),
    "softmax": (0, 1),
    "hardsigmoid": (0, 1),
    "tanh": (-1, 1),
    "tanh_": (-1, 1),
}


@training_check(
    name="target-out-of-reach",
    severity="warning",
    summary="The targets lie outside of what the network's last function can give.",
    title="{function} gives {low} to {high}, and the targets go from {least} to {most}",
)
def target_out_of_reach(watched: Watched) -> Iterator[Finding]:
    for loss in watched.losses:
        last = first_of(loss.history, HANDS_ON)
        mean, target = loss.target.mean, loss.target
        if loss.function not in _REGRESSION or last is None or last.name not in _RANGES or mean is None:
            continue
        low, high = _RANGES[last.name]
        if low <= mean <= high or target.minimum is None or target.maximum is None or not loss.from_network:
            continue
        values = {
            "function": last.name.strip("_"),
            "low": low,
            "high": high,
            "least": f"{target.minimum:.4g}",
            "most": f"{target.maximum:.4g}",
        }
        yield Finding(
            "target-out-of-reach", "warning", last.constructed or last.place, values,
            because=(f"Their mean is {mean:.4g}: the function goes to its bound and stays there.",),
            fixes=(
                advice(f"leave out the {last.name.strip('_')} behind the last layer"),
                advice(f"scale the targets to {low} … {high}, and what the network gives back"),
            ),
            also=(loss.place,) if loss.place else (),
            module=last.layer,
        )  # fmt: skip
        return
