"""A sigmoid stands before a loss that applies one itself.

## What it finds
`BCEWithLogitsLoss` or `MultiLabelSoftMarginLoss` (or their functions) on the output of a sigmoid.

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

from collections.abc import Iterator

from nnwhy.checks.basis.editing import labelled
from nnwhy.checks.basis.endings import behind, ending, loss_calls
from nnwhy.checks.basis.loss_flow import applied_losses, kind_of, loss_of_network, steps_named
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.scored import scored
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.taking_out import taken_out
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.value import tensors_in

_LOSSES = {
    "binary_cross_entropy_with_logits": "BCEWithLogitsLoss",
    "multilabel_soft_margin_loss": "MultiLabelSoftMarginLoss",
}


@check(
    name="double-sigmoid",
    severity="warning",
    summary="A sigmoid stands before a loss that applies one itself.",
    title="a sigmoid before {loss}: sigmoid is applied twice",
)
def double_sigmoid(subject: Subject) -> Iterator[Finding]:
    told: set[object] = set()
    calls = [
        (call, loss.name)
        for loss in loss_calls(subject, *_LOSSES)
        for tensor in tensors_in(loss.arguments.get("input"))
        for call in behind(subject, tensor)[:1]
    ]
    kind = kind_of(loss_of_network(subject))
    if kind in _LOSSES:
        calls += [(path[0], kind) for path in ending(subject)]
    for applied, tensor in scored(subject):
        calls += [(call, applied.kind) for call in behind(subject, tensor)[:1] if applied.kind in _LOSSES]
    for call, loss in calls:
        if call.name == "sigmoid":
            outer, layer = subject.user_call(call).place, subject.layer(call)
            place = (
                outer
                if subject.owned(outer)
                else (layer.constructed[0] if layer and layer.constructed else None)
            )
            if place not in told:
                told.add(place)
                yield _finding(place, _LOSSES[loss], taken_out(subject, call))
    for loss in applied_losses(subject):
        for step in steps_named(loss, "sigmoid") if loss.kind in _LOSSES else ():
            if step.call.place not in told and step.data is not None:
                told.add(step.call.place)
                edit = Edit(step.call.place, subject.text(step.data))
                fix = labelled(subject, [edit], means="hands on the raw scores", safe=False)
                yield _finding(step.call.place, _LOSSES[loss.kind], [fix])


def _finding(place: Place | None, loss: str, fixes: list[Fix]) -> Finding:
    return Finding(
        check="double-sigmoid",
        severity="warning",
        place=place,
        values={"loss": loss},
        expected="raw scores",
        actual="the output of sigmoid",
        because=(
            "sigmoid of a number between 0 and 1 lies between 0.5 and 0.73: the network can never say no",
        ),
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
    Bad(
        """
        import torch
        from torch import nn

        net = nn.Linear(4, 1)

        def step(x, y):
            return nn.BCEWithLogitsLoss()(torch.sigmoid(net(x)).squeeze(1), y)
        """,
        "5,4",
        at="torch.sigmoid(net(x))",
        fixed="return nn.BCEWithLogitsLoss()(net(x).squeeze(1), y)",
        entry="net",
    ),
    Bad(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.out = nn.Linear(4, 6)

            def forward(self, x):
                raw = self.out(x)
                seen = torch.sigmoid(raw[..., 4:])
                return torch.cat([raw[..., :4].exp(), seen], dim=-1)

        class Loss(nn.Module):
            def forward(self, p, labels):
                bce = nn.BCEWithLogitsLoss(reduction="none")
                return bce(p[..., 4:], labels).mean()

        net = Net()
        criterion = Loss()

        def step(x, labels):
            return criterion(net(x), labels)
        """,
        "5,4",
        at="torch.sigmoid(raw[..., 4:])",
        fixed="seen = raw[..., 4:]",
        entry="net",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.out = nn.Linear(4, 2)
                self.sigmoid = nn.Sigmoid()

            def forward(self, x):
                return {"scores": self.sigmoid(self.out(x))}

        def step(net, x, y):
            return nn.BCEWithLogitsLoss()(net(x)["scores"], y)

        net = Net()
        """,
        "5,4",
        at="self.sigmoid(self.out(x))",
        fixed='return {"scores": self.out(x)}',
        entry="net",
    ),
)
