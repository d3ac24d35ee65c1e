"""A network, or a tensor that stays the same, is sent to its device again at every step.

## What it finds
`net.to(device)`, `.cuda()` or `.cpu()` on one and the same module, at one line, at every watched step; `weights.to(device)` on one
and the same tensor outside the networks. Sending each batch (`x.to(device)`) is as it should be and is left alone.

## Why it matters
Where the network is there already, the call only walks through all its parameters. Where it is not, as after `.cpu()` for an
evaluation, all weights are copied each time, and the processor waits for the device.

## Example
    for x, y in loader:
        net.to(device)

## Use instead
    net.to(device)               # once, before the optimizer is made

## When it is fine
Where two networks take turns on a device that is too small for both.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.to
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding
from nnwhy.facts.place import Place

_MOST = 3


@training_check(
    name="sent-in-loop",
    severity="note",
    summary="A network, or a tensor that stays the same, is sent to its device again at every step.",
    title="{network} is sent to a device or type at {count} of {steps} steps",
)
def sent_in_loop(watched: Watched) -> Iterator[Finding]:
    steps = len(watched.session.steps)
    seen: dict[tuple[Place, str, int], set[int]] = {}
    for act in watched.acts("sent"):
        if act.place is not None:
            seen.setdefault((act.place, act.subject, act.number), set()).add(act.step)
    for (place, subject, _), at in seen.items():
        if len(at) < max(_MOST, steps):
            continue
        yield Finding(
            "sent-in-loop", "note", place, {"network": subject, "count": len(at), "steps": steps},
            because=("It walks through all parameters each time, and copies them where they are elsewhere.",),
            fixes=(advice("once, before the loop and before the optimizer is made"),),
        )  # fmt: skip
    yield from _constants(watched, steps)


def _constants(watched: Watched, steps: int) -> Iterator[Finding]:
    """The first sending of a tensor is not among the acts: those are repetitions."""
    seen: dict[tuple[Place, str, int], set[int]] = {}
    for act in watched.acts("constant"):
        if act.place is not None:
            seen.setdefault((act.place, act.subject, act.number), set()).add(act.step)
    told: set[Place] = set()
    for (place, shape, _), at in seen.items():
        if len(at) < max(_MOST, steps) - 1 or place in told:
            continue
        told.add(place)
        yield Finding(
            "sent-in-loop", "note", place, {"tensor": watched.text(place), "shape": shape, "steps": steps},
            because=("It is the same tensor each time; on another device it is copied anew for every step.",),
            fixes=(advice("send it once, before the loop"),),
            title="the same tensor {shape} is sent to a device or type at every step",
        )  # fmt: skip
