"""Two linear layers follow each other with nothing between them.

## What it finds
A linear layer whose result goes straight into another linear layer (a dropout or a reshape aside), where the layer between is
not narrower than both its sides. A note; a warning where the two are neighbours of one row (`fc1` and `fc2`, or in one
`Sequential`) in a network where an activation follows each of the others.

## Why it matters
Two linear maps in a row are one linear map: without a nonlinear function between them the two layers can compute nothing
that a single one could not. They only train otherwise, and cost more.

## Example
    self.layers = nn.Sequential(nn.Linear(784, 256), nn.Linear(256, 10))

## Use instead
    self.layers = nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10))

## When it is fine
In a factorised (low-rank) layer, or where the first result is used by itself elsewhere. `# nnwhy: ignore[no-nonlinearity]`
silences it.

## References
- https://www.deeplearningbook.org/contents/mlp.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nnwhy.checks.basis.following import next_call, place_of_step
from nnwhy.checks.basis.inserting import in_front
from nnwhy.checks.basis.layers import ACTIVATIONS
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Finding
from nnwhy.facts.trace import Call
from nnwhy.facts.value import tensors_in

_NUMBERED = re.compile(r"([a-z_]*?)_?(\d+)", re.IGNORECASE)
_WEIGHTED = ("linear", "conv1d", "conv2d", "conv3d")
_HANDING = (
    "dropout", "dropout2d", "contiguous", "clone", "squeeze", "unsqueeze", "view", "reshape", "flatten", "batch_norm", "layer_norm",
    "group_norm", "max_pool1d", "max_pool2d", "avg_pool2d", "transpose", "permute", "add",
)  # fmt: skip
_BETWEEN = ("dropout", "contiguous", "clone", "squeeze", "unsqueeze")


@check(
    name="no-nonlinearity",
    severity="note",
    summary="Two linear layers follow each other with nothing between them.",
    title="nothing nonlinear stands between {first} and {second}: together they are one linear map",
)
def no_nonlinearity(subject: Subject) -> Iterator[Finding]:
    told: set[object] = set()
    given = set(tensors_in(subject.trace.result)) if subject.trace is not None else set[int]()
    for call in subject.calls:
        behind = (
            next_call(subject, call, _BETWEEN)
            if _linear(subject, call) and not given & set(call.outputs)
            else None
        )
        if behind is None or not _linear(subject, behind) or _narrow(subject, call, behind):
            continue
        first, second = subject.layer(call), subject.layer(behind)
        place = place_of_step(subject, behind)
        if (
            first is None
            or second is None
            or first.path == second.path
            or place in told
            or not subject.owned(place)
        ):
            continue
        told.add(place)
        outer = subject.user_call(behind).place
        row = _one_row(first.path, second.path) and _all_others_activated(subject, (call.id, behind.id))
        yield Finding(
            check="no-nonlinearity",
            severity="warning" if row else "note",
            place=place,
            values={"first": first.path or first.type, "second": second.path or second.type},
            fixes=tuple(
                in_front(subject, behind, ".relu()", "ReLU()", means="a ReLU between them", safe=False)
            ),
            also=tuple(
                other for other in (*first.constructed[:1], outer) if other is not None and other != place
            ),
            module=second.path,
        )


def _one_row(first: str, second: str) -> bool:
    """Whether two layers are numbered one after the other: fc1 and fc2, or items of one Sequential."""
    (owner, _, one), (other_owner, _, other) = first.rpartition("."), second.rpartition(".")
    names = _NUMBERED.fullmatch(one), _NUMBERED.fullmatch(other)
    if owner != other_owner or names[0] is None or names[1] is None or names[0][1] != names[1][1]:
        return False
    between = int(names[1][2]) - int(names[0][2])
    return between == 1 or (between == 2 and not names[0][1])


def _all_others_activated(subject: Subject, pair: tuple[int, int]) -> bool:
    """Whether an activation follows each other linear layer and convolution, of which there are at least two."""
    others = [
        call
        for call in subject.calls
        if call.kind == "function" and call.name in _WEIGHTED and call.id not in pair
    ]
    following = [next_call(subject, call, _HANDING) for call in others]
    return len(others) > 1 and all(behind is not None and behind.name in ACTIVATIONS for behind in following)


def _linear(subject: Subject, call: Call) -> bool:
    return (
        call.kind == "function"
        and call.name == "linear"
        and call.failure is None
        and subject.owned(place_of_step(subject, call))
    )


def _narrow(subject: Subject, first: Call, second: Call) -> bool:
    """Whether the size between the two is smaller than both outer ones: a factorised map."""
    weights = subject.argument(first, "weight"), subject.argument(second, "weight")
    if weights[0] is None or weights[1] is None:
        return True
    (between, before), behind = weights[0].shape[:2], weights[1].shape[0]
    return between < min(before, behind)


good = (
    Good(
        """
        from torch import nn

        net = nn.Sequential(nn.Linear(64, 4), nn.Linear(4, 64), nn.ReLU(), nn.Dropout(0.5), nn.Linear(64, 8))
        """,
        "3,64",
        entry="net",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        net = nn.Sequential(nn.Linear(64, 32), nn.Dropout(0.2), nn.Linear(32, 10))
        """,
        "3,64",
        at="nn.Linear(32, 10)",
        fixed="net = nn.Sequential(nn.Linear(64, 32), nn.Dropout(0.2), nn.ReLU(), nn.Linear(32, 10))",
        entry="net",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc1 = nn.Linear(16, 32)
                self.fc2 = nn.Linear(32, 32)
                self.fc3 = nn.Linear(32, 32)
                self.fc4 = nn.Linear(32, 10)

            def forward(self, x):
                x = self.fc1(x).relu()
                x = self.fc2(x).relu()
                x = self.fc3(x)
                return self.fc4(x)
        """,
        "3,16",
        at="x)",
        nth=4,
        fixed="return self.fc4(x.relu())",
    ),
)
