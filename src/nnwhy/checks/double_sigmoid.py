"""A sigmoid stands before a loss that applies one itself.

## What it finds
`BCEWithLogitsLoss` (or its function) on the output of a sigmoid.

## Why it matters
The loss takes raw scores and applies the sigmoid itself. Applied twice, every probability lies between 0.5 and 0.73: the
network can never say no.

## Example
    return torch.sigmoid(self.fc(x))            # and nn.BCEWithLogitsLoss()

## Use instead
    return self.fc(x)

## When it is fine
Never. `# nnwhy: ignore[double-sigmoid]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nnwhy.checks.basis.editing import labelled
from nnwhy.checks.basis.endings import assigned_from, behind, ending, loss_calls, losses, only_kind
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.taking_out import taken_out
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.value import tensors_in

_LOSS = "binary_cross_entropy_with_logits"


@check(
    name="double-sigmoid",
    severity="warning",
    summary="A sigmoid stands before a loss that applies one itself.",
    title="a sigmoid before {loss}: sigmoid is applied twice",
)
def double_sigmoid(subject: Subject) -> Iterator[Finding]:
    told: set[object] = set()
    calls = [
        call
        for loss in loss_calls(subject, _LOSS)
        for tensor in tensors_in(loss.arguments.get("input"))
        for call in behind(subject, tensor)[:1]
    ]
    if only_kind(subject) == _LOSS:
        calls += [path[0] for path in ending(subject)]
    for call in calls:
        if call.name == "sigmoid":
            outer, layer = subject.user_call(call).place, subject.layer(call)
            place = outer if subject.owned(outer) else (layer.constructed[0] if layer and layer.constructed else None)
            if place not in told:
                told.add(place)
                yield _finding(place, taken_out(subject, call))
    for loss in losses(subject):
        if loss.kind == _LOSS:
            for written in assigned_from(subject, re.compile("sigmoid"), loss.call):
                if written.place not in told:
                    told.add(written.place)
                    text = written.arguments[0].text if written.arguments else subject.text(written.receiver)
                    edit = Edit(written.place, text)
                    yield _finding(written.place, [labelled(subject, [edit], means="hands on the raw scores", safe=False)])


def _finding(place: Place | None, fixes: list[Fix]) -> Finding:
    return Finding(
        check="double-sigmoid",
        severity="warning",
        place=place,
        values={"loss": "BCEWithLogitsLoss"},
        expected="raw scores",
        actual="the output of sigmoid",
        because=("sigmoid of a number between 0 and 1 lies between 0.5 and 0.73: the network can never say no",),
        fixes=tuple(fixes),
    )


good = (
    Good(
        """
        import torch
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 1), nn.Sigmoid())
        criterion = nn.BCELoss()
        """,
        "5,4",
        entry="net",
    ),
)
bad = (
    Bad(
        """
        import torch
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 1), nn.Sigmoid())
        criterion = nn.BCEWithLogitsLoss()
        """,
        "5,4",
        at="nn.Sigmoid()",
        fixed="net = nn.Sequential(nn.Linear(4, 1))",
        entry="net",
    ),
)
