"""A mask fills scores with a number near 0 in front of their softmax, and hides nothing.

## What it finds
`masked_fill` with a tiny number (`1e-9`) in front of a softmax: a lost minus sign, or one in the exponent.

## Why it matters
A softmax takes the exponential: a score of 1e-9 counts as exp(0) = 1, as much as any score of a network that has just begun, and more
than every negative one. Only a very negative score is left out. Nothing fails; a causal mask like that shows the future.

## Example
    weights = scores.masked_fill(mask == 0, 1e-9).softmax(-1)

## Use instead
    weights = scores.masked_fill(mask == 0, -1e9).softmax(-1)

## When it is fine
Never: who means 0 writes 0. `# nnwhy: ignore[mask-fill-small]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.Tensor.masked_fill.html
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from nnwhy.checks.basis.editing import labelled
from nnwhy.checks.basis.following import next_call
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.settings import argument_place
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding
from nnwhy.facts.place import Place

_FILLS = ("masked_fill", "masked_fill_")
_TINY = 1e-3


@check(
    name="mask-fill-small",
    severity="warning",
    summary="A mask fills scores with a number near 0, and the softmax leaves nothing out.",
    title="masked scores become {value}: the softmax reads them as exp({value}) = {weight}, and hides nothing",
)
def mask_fill_small(subject: Subject) -> Iterator[Finding]:
    told: set[Place] = set()
    for call in subject.calls:
        value = call.arguments.get("value")
        if call.name not in _FILLS or not isinstance(value, float) or not 0 < abs(value) < _TINY:
            continue
        following = next_call(subject, call, ("dropout", "to", "type_as", "float"))
        if following is None or following.name not in ("softmax", "log_softmax"):
            continue
        if call.place is None or call.place in told or not subject.owned(call.place):
            continue
        told.add(call.place)
        place, _ = argument_place(subject, call, "value")
        edits = [Edit(place, 'float("-inf")')] if place is not None else []
        shown = subject.text(place) or repr(value)
        yield Finding(
            check="mask-fill-small",
            severity="warning",
            place=call.place,
            values={"value": shown, "weight": f"{math.exp(value):.3g}"},
            expected="a very negative number",
            actual=shown,
            because=("a softmax leaves a score out where its exponential is 0: at minus infinity, or nearly so at -1e9",),
            fixes=(labelled(subject, edits, means="exp(-inf) = 0: left out"),) if edits else (),
            module=call.module,
            call=call.id,
        )  # fmt: skip


good = (
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.q = nn.Linear(8, 8)

            def forward(self, x):
                scores = self.q(x) @ x.transpose(1, 2)
                weights = scores.masked_fill(scores > 9, -1e9).softmax(-1)
                return weights.masked_fill(weights == 0, 1e-9).log()
        """,
        "3,6,8",
    ),
)
bad = (
    Bad(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.q, self.k = nn.Linear(8, 8), nn.Linear(8, 8)
                self.register_buffer("seen", torch.ones(6, 6).tril())

            def forward(self, x):
                scores = self.q(x) @ self.k(x).transpose(1, 2)
                return scores.masked_fill(self.seen == 0, 1e-9).softmax(-1) @ x
        """,
        "3,6,8",
        at="scores.masked_fill",
        fixed='return scores.masked_fill(self.seen == 0, float("-inf")).softmax(-1) @ x',
    ),
)
