"""A dropout stands right before a batch norm.

## What it finds
A batch norm whose input comes from a dropout, with at most an activation or a flatten in between.

## Why it matters
Dropout keeps the mean of its input but raises the variance: with p = 0.5 the mean square doubles. The batch norm learns
these statistics while training; in evaluation the dropout is off, the variance is another one, and the norm divides by the
wrong number ("variance shift").

## Example
    x = self.bn(self.dropout(x))

## Use instead
    x = self.dropout(self.bn(x))

## When it is fine
Where the dropout is never off. `# nnwhy: ignore[dropout-before-batchnorm]` silences it.

## References
- https://arxiv.org/abs/1801.05134
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import labelled
from nnwhy.checks.basis.endings import ARRANGING
from nnwhy.checks.basis.following import next_call, place_of_step, swapped
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Finding

_DROPOUTS = ("dropout", "dropout1d", "dropout2d", "dropout3d", "feature_dropout")
_BETWEEN = (
    *ARRANGING,
    "relu",
    "relu_",
    "relu6",
    "leaky_relu",
    "elu",
    "gelu",
    "silu",
    "tanh",
    "sigmoid",
    "prelu",
    "selu",
)


@check(
    name="dropout-before-batchnorm",
    severity="warning",
    summary="A dropout stands right before a batch norm.",
    title="{dropout} stands before {norm}: the variance that the norm learns is not the one it meets in evaluation",
)
def dropout_before_batchnorm(subject: Subject) -> Iterator[Finding]:
    told: set[object] = set()
    for call in subject.calls:
        p = call.arguments.get("p")
        if (
            call.kind != "function"
            or call.name not in _DROPOUTS
            or not isinstance(p, int | float)
            or not 0 < p < 1
        ):
            continue
        norm = next_call(subject, call, _BETWEEN)
        if norm is None or norm.name != "batch_norm":
            continue
        place = place_of_step(subject, call)
        if place in told or not subject.owned(place):
            continue
        told.add(place)
        layer, behind = subject.layer(call), subject.layer(norm)
        edits = swapped(subject, call, norm)
        norm_place = place_of_step(subject, norm)
        outer = subject.user_call(call).place
        yield Finding(
            check="dropout-before-batchnorm",
            severity="warning",
            place=place,
            values={
                "dropout": (layer.path if layer else "") or call.name,
                "norm": (behind.path if behind else "") or norm.name,
            },
            because=(
                f"with p = {p:g} the mean square in training is {1 / (1 - p):.4g} times that in evaluation",
            ),
            fixes=(labelled(subject, edits, means="the norm comes first, the dropout behind it", safe=False),)
            if edits
            else (),
            also=tuple(other for other in (norm_place, outer) if other is not None),
            module=layer.path if layer else "",
        )


good = (
    Good(
        """
        from torch import nn

        net = nn.Sequential(
            nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 8, bias=False), nn.BatchNorm1d(8)
        )
        """,
        "3,4",
        entry="net",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 8)
                self.drop = nn.Dropout(0.5)
                self.bn = nn.BatchNorm1d(8)

            def forward(self, x):
                x = self.fc(x).relu()
                return self.bn(self.drop(x))
        """,
        "3,4",
        at="self.drop(x)",
        fixed="return self.drop(self.bn(x))",
    ),
    Bad(
        """
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.3), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 2))
        """,
        "3,4",
        at="nn.Dropout(0.3)",
        fixed="net = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Dropout(0.3), nn.ReLU(), nn.Linear(8, 2))",
        entry="net",
    ),
    Bad(
        """
        import torch.nn.functional as F
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 8)
                self.bn = nn.BatchNorm1d(8)

            def forward(self, x):
                x = self.bn(F.dropout(self.fc(x), 0.2, self.training))
                return x.relu()
        """,
        "3,4",
        at="F.dropout(self.fc(x), 0.2, self.training)",
        fixed="x = F.dropout(self.bn(self.fc(x)), 0.2, self.training)",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 8)
                self.drop = nn.Dropout(0.5)
                self.bn = nn.BatchNorm1d(8)

            def forward(self, x):
                x = self.fc(x)
                x = self.drop(x)
                x = self.bn(x)
                return x.relu()
        """,
        "3,4",
        at="self.drop(x)",
        fixed="x = self.bn(x)",
    ),
)
