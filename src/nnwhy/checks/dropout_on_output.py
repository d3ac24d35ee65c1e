"""Dropout is applied to what the network answers.

## What it finds
A network whose result comes straight from a dropout that stands behind a sigmoid, a softmax, or the last linear layer.

## Why it matters
Dropout makes hidden units robust by leaving some out. On the output layer it replaces part of the answer by zeros, whatever
the network computed: the loss then teaches it to fight the noise. It belongs on hidden layers only.

## Example
    scores = torch.sigmoid(self.output(h))
    return self.drop(scores)

## Use instead
    return scores

## When it is fine
In a block that is not the end of a network (a feed-forward part, an embedding). `# nnwhy: ignore[dropout-on-output]`
silences it.

## References
- https://jmlr.org/papers/v15/srivastava14a.html
- https://stackoverflow.com/questions/38125657
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import labelled
from nnwhy.checks.basis.endings import ending, trains
from nnwhy.checks.basis.inserting import first_argument
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.trace import Call

_FINAL = ("sigmoid", "softmax", "log_softmax")


@check(
    name="dropout-on-output",
    severity="warning",
    summary="Dropout is applied to what the network answers.",
    title="{layer} drops parts of the network's answer: dropout on the output layer",
)
def dropout_on_output(subject: Subject) -> Iterator[Finding]:
    for path in ending(subject):
        if len(path) < 2 or path[0].name not in ("dropout", "alpha_dropout"):
            continue
        call, behind = path[0], path[1]
        layer = subject.layer(call)
        if call.arguments.get("p") in (0, 0.0) or not (
            behind.name in _FINAL or (behind.name == "linear" and trains(subject))
        ):
            continue
        outer = subject.user_call(call)
        place = (
            outer.place
            if subject.owned(outer.place)
            else (layer.constructed[0] if layer and layer.constructed else None)
        )
        if not subject.owned(place):
            continue
        yield Finding(
            check="dropout-on-output",
            severity="warning",
            place=place,
            values={"layer": (layer.path if layer else "") or call.name},
            because=(
                f"it stands behind {behind.name}, the last step of the network; dropout belongs on hidden layers only",
            ),
            fixes=tuple(_fixes(subject, outer)),
            also=layer.constructed[:1] if layer else (),
        )


def _fixes(subject: Subject, outer: Call) -> Iterator[Fix]:
    argument = first_argument(subject, outer)
    if argument is not None and outer.place is not None:
        edit = Edit(outer.place, subject.text(argument))
        yield labelled(subject, [edit], means="the answer without dropout", safe=False)


good = (
    Good(
        """
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 2))
        """,
        "3,4",
        entry="net",
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
                self.out = nn.Linear(4, 2)
                self.drop = nn.Dropout(0.5)

            def forward(self, x):
                scores = torch.sigmoid(self.out(x))
                return self.drop(scores)
        """,
        "3,4",
        at="self.drop(scores)",
        fixed="return scores",
    ),
)
