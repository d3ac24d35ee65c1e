"""A softmax stands before a cross-entropy, which applies one itself.

## What it finds
`CrossEntropyLoss` or `F.cross_entropy` on the output of a softmax (or log-softmax): in the pass itself, in one function of
the file, or a file whose only loss is a cross-entropy beside a network that ends in a softmax. A sigmoid in the same place,
where the file shows that the loss gets its result.

## Why it matters
Cross-entropy takes raw scores and applies log-softmax to them. With a softmax before, all scores lie between 0 and 1: the
loss cannot fall below about log(1 + (C − 1)/e), gradients are small, and training is slow and stops early. A log-softmax
before it changes nothing (it is idempotent) and is only superfluous. A sigmoid bounds the scores in the same way.

## Example
    return F.softmax(self.fc(x), dim=1)         # and nn.CrossEntropyLoss()

## Use instead
    return self.fc(x)                           # softmax only where probabilities are shown

## When it is fine
Never with a softmax or a sigmoid. `# nnwhy: ignore[double-softmax]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import labelled
from nnwhy.checks.basis.endings import behind, ending, loss_calls
from nnwhy.checks.basis.loss_flow import (
    AppliedLoss,
    Step,
    applied_losses,
    kind_of,
    loss_of_network,
    place_of_loss,
    steps_named,
)
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.scored import scored
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.taking_out import taken_out
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.trace import Call
from nnwhy.facts.value import tensors_in

_NAMES = ("softmax", "log_softmax")


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
    for loss in applied_losses(subject):
        for step in _steps(loss):
            if step.call.place not in told and step.data is not None:
                told.add(step.call.place)
                edit = Edit(step.call.place, subject.text(step.data))
                fix = labelled(subject, [edit], means="hands on the raw scores", safe=False)
                yield _finding(subject, step.name, step.call.place, [fix], loss.call.place)


def _steps(loss: AppliedLoss) -> Iterator[Step]:
    if loss.kind == "cross_entropy":
        yield from steps_named(loss, *_NAMES)
        # Behind another step it may be part of a formula, such as log(sigmoid(x)).
        yield from (step for step in loss.steps[:1] if step.name == "sigmoid")


def _recorded(subject: Subject) -> Iterator[tuple[Call, Place | None, Place | None]]:
    for loss in loss_calls(subject, "cross_entropy"):
        path = [
            call for tensor in tensors_in(loss.arguments.get("input")) for call in behind(subject, tensor)[:1]
        ]
        for call in path:
            if call.name in (*_NAMES, "sigmoid"):
                yield call, _place(subject, call), loss.place
    for applied, tensor in scored(subject):
        for call in behind(subject, tensor)[:1] if applied.kind == "cross_entropy" else ():
            if call.name in (*_NAMES, "sigmoid"):
                yield call, _place(subject, call), place_of_loss(applied)
    loss = loss_of_network(subject)
    if loss is not None and kind_of(loss) == "cross_entropy":
        written = place_of_loss(loss)
        # Gates end in a sigmoid: it counts only where the loss is seen to get this network's result.
        seen = isinstance(loss, AppliedLoss) and loss.maker == "network" and not loss.steps
        for path in ending(subject):
            if (
                path[0].name in ((*_NAMES, "sigmoid") if seen else _NAMES)
                and len(list(tensors_in(subject.trace.result if subject.trace else None))) == 1
            ):
                yield path[0], _place(subject, path[0]), written


def _place(subject: Subject, call: Call) -> Place | None:
    outer = subject.user_call(call).place
    layer = subject.layer(call)
    return outer if subject.owned(outer) else (layer.constructed[0] if layer and layer.constructed else None)


def _finding(
    subject: Subject, name: str, place: Place | None, fixes: list[Fix], loss: Place | None
) -> Finding:
    superfluous = name == "log_softmax"
    because, title = (
        "cross-entropy applies log-softmax itself and wants the raw scores; softmax is applied twice",
        "",
    )
    if superfluous:
        because = "cross-entropy applies log-softmax itself; a second one changes nothing, and costs a little"
        title = "{name} before a cross-entropy is superfluous"
    elif name == "sigmoid":
        because = "cross-entropy applies log-softmax itself; on scores between 0 and 1 its loss stays high"
        title = "{name} before a cross-entropy, which takes raw scores"
    return Finding(
        check="double-softmax",
        severity="note" if superfluous else "warning",
        place=place,
        values={"name": name},
        expected="raw scores",
        actual=f"the output of {name}",
        because=(because,),
        fixes=tuple(fixes),
        also=(loss,) if loss else (),
        title=title,
    )


good = (
    Good(
        """
        import torch
        from torch import nn

        class Gate(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 4)

            def forward(self, x):
                return torch.sigmoid(self.fc(x))

        def train(x, y, body):
            gated = Gate()(x) * x
            return nn.CrossEntropyLoss()(body(gated), y)
        """,
        "5,4",
        entry="Gate",
    ),
    Good(
        """
        from torch import nn

        class Policy(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 3)

            def forward(self, x):
                return self.fc(x).softmax(-1)

        class Classifier(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 3)

            def forward(self, x):
                return self.fc(x)

        def train(x, y):
            model = Classifier()
            criterion = nn.CrossEntropyLoss()
            loss = criterion(model(x), y)
            return loss, model(x).softmax(-1)
        """,
        "5,4",
        entry="Policy",
    ),
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
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 3)

            def forward(self, x):
                return torch.sigmoid(self.fc(x))

        def train(x, y):
            net = Net()
            criterion = nn.CrossEntropyLoss()
            return criterion(net(x), y)
        """,
        "5,4",
        at="torch.sigmoid(self.fc(x))",
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
    Bad(
        """
        import torch.nn.functional as F
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
        criterion = nn.CrossEntropyLoss()

        def step(x, y):
            outputs = net(x)
            outputs = F.softmax(outputs, dim=1)
            return criterion(outputs, y)
        """,
        "5,4",
        at="F.softmax(outputs, dim=1)",
        fixed="outputs = outputs",
        entry="net",
    ),
)
