"""A softmax stands before a cross-entropy, which applies one itself.

## What it finds
`CrossEntropyLoss` or `F.cross_entropy` on the output of a softmax (or log-softmax): in the pass itself, in one function of
the file, or a file whose only loss is a cross-entropy beside a network that ends in a softmax.

## Why it matters
Cross-entropy takes raw scores and applies log-softmax to them. With a softmax before, all scores lie between 0 and 1: the
loss cannot fall below about log(1 + (C − 1)/e), gradients are small, and training is slow and stops early. A log-softmax
before it changes nothing (it is idempotent) and is only superfluous.

## Example
    return F.softmax(self.fc(x), dim=1)         # and nn.CrossEntropyLoss()

## Use instead
    return self.fc(x)                           # softmax only where probabilities are shown

## When it is fine
Never with a softmax. `# nnwhy: ignore[double-softmax]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html
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
from nnwhy.facts.source import SourceCall
from nnwhy.facts.trace import Call
from nnwhy.facts.value import tensors_in


@check(
    name="double-softmax",
    severity="warning",
    summary="A softmax stands before a cross-entropy, which applies one itself.",
    title="{name} before a cross-entropy: softmax is applied twice",
)
def double_softmax(subject: Subject) -> Iterator[Finding]:
    told: set[object] = set()
    for call, place, loss in _recorded(subject):
        if place not in told:
            told.add(place)
            yield _finding(subject, call.name, place, taken_out(subject, call), loss)
    for loss in losses(subject):
        if loss.kind == "cross_entropy":
            for written in assigned_from(subject, re.compile(r"softmax"), loss.call):
                if written.place not in told and written.arguments:
                    told.add(written.place)
                    yield _finding(subject, "softmax", written.place, _without(subject, written), loss.call.place)


def _recorded(subject: Subject) -> Iterator[tuple[Call, Place | None, Place | None]]:
    for loss in loss_calls(subject, "cross_entropy"):
        path = [call for tensor in tensors_in(loss.arguments.get("input")) for call in behind(subject, tensor)[:1]]
        for call in path:
            if call.name == "softmax":
                yield call, _place(subject, call), loss.place
    if only_kind(subject) == "cross_entropy":
        written = next(loss.call.place for loss in losses(subject))
        for path in ending(subject):
            if path[0].name == "softmax" and len(list(tensors_in(subject.trace.result if subject.trace else None))) == 1:
                yield path[0], _place(subject, path[0]), written


def _place(subject: Subject, call: Call) -> Place | None:
    outer = subject.user_call(call).place
    layer = subject.layer(call)
    return outer if subject.owned(outer) else (layer.constructed[0] if layer and layer.constructed else None)


def _finding(subject: Subject, name: str, place: Place | None, fixes: list[Fix], loss: Place | None) -> Finding:
    return Finding(
        check="double-softmax",
        severity="warning",
        place=place,
        values={"name": name},
        expected="raw scores",
        actual=f"the output of {name}",
        because=("cross-entropy applies log-softmax itself and wants the raw scores; softmax is applied twice",),
        fixes=tuple(fixes),
        also=(loss,) if loss else (),
    )


def _without(subject: Subject, written: SourceCall) -> list[Fix]:
    text = written.arguments[0].text
    if written.receiver is not None and not written.resolved.startswith("torch."):
        text = subject.text(written.receiver)
    return [labelled(subject, [Edit(written.place, text)], means="hands on the raw scores", safe=False)]


good = (
    Good(
        """
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))

        def train(x, y):
            return nn.CrossEntropyLoss()(net(x), y)
        """,
        "5,4",
        entry="net",
    ),
)
bad = (
    Bad(
        """
        import torch.nn.functional as F
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 3)

            def forward(self, x):
                return F.softmax(self.fc(x), dim=1)

        criterion = nn.CrossEntropyLoss()
        """,
        "5,4",
        at="F.softmax(self.fc(x), dim=1)",
        fixed="return self.fc(x)",
    ),
    Bad(
        """
        import torch.nn.functional as F
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 3)

            def forward(self, x, y=None):
                scores = F.softmax(self.fc(x), dim=-1)
                if y is None:
                    return scores * 2
                return F.cross_entropy(scores, y)
        """,
        "5,4",
        at="F.softmax(self.fc(x), dim=-1)",
        fixed="scores = self.fc(x)",
    ),
)
