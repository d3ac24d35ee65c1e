"""A copy that is no copy: the same weights under two names.

## What it finds
A moving average, `lerp_` or `add_` whose two tensors are the same memory, and `load_state_dict` on the module whose own state is loaded.

## Why it matters
`target = net`, `p.data` and `net.state_dict()` share memory with the network. The average, or the target network, is then the
network itself: nothing is smoothed or held back, and an update such as `s.mul_(d).add_(p, alpha=1 - d)` shrinks the weights.

## Example
    shadow = [p.data for p in net.parameters()]

## Use instead
    shadow = [p.detach().clone() for p in net.parameters()]
    target = copy.deepcopy(net)

## When it is fine
Never, as far as known.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.optim.swa_utils.AveragedModel.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding


@training_check(
    name="moved-to-itself",
    severity="warning",
    summary="A copy is no copy: the same weights under two names.",
    title="{function} gets the same memory twice: the copy is the network itself",
)
def moved_to_itself(watched: Watched) -> Iterator[Finding]:
    for act in watched.acts("itself")[:1]:
        yield Finding(
            "moved-to-itself", "warning", act.place, {"function": act.subject},
            because=("What should be a copy of the weights shares their memory.",),
            fixes=(advice("copy.deepcopy(net) for a network, p.detach().clone() for a tensor, where the copy is made"),),
        )  # fmt: skip
