"""A mask fills whole rows of the scores in front of their softmax, and hides nothing in them.

## What it finds
`masked_fill` with a very negative number, or minus infinity, in front of a softmax, whose mask is the same all along the axis that the
softmax runs over.

## Why it matters
A softmax compares the numbers along one axis. Where all of them get the same number, it gives them equal shares, and with minus
infinity not-a-number; where none does, nothing is hidden. The padding is attended to as before.

## Example
    mask = (ids != 0).unsqueeze(1).unsqueeze(3)                 # (batch, 1, queries, 1)
    weights = scores.masked_fill(mask == 0, -1e9).softmax(-1)

## Use instead
    mask = (ids != 0).unsqueeze(1).unsqueeze(2)                 # (batch, 1, 1, keys)

## When it is fine
Where whole rows are thrown away later, and the filling only marks them. `# nnwhy: ignore[mask-hides-rows]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.Tensor.masked_fill.html
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from nnwhy.checks.basis.editing import argument_written, bracketed, labelled
from nnwhy.checks.basis.following import next_call
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject, integer
from nnwhy.checks.basis.words import shape_text
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.trace import Call, Tensor

_FILLS = ("masked_fill", "masked_fill_")
_BETWEEN = ("to", "type_as", "float", "__truediv__", "div", "mul", "__mul__")
_LOW = -1e3


@check(
    name="mask-hides-rows",
    severity="warning",
    summary="A mask fills whole rows of what a softmax runs over, and hides nothing in them.",
    title="the mask {mask} is the same along axis {axis} of {scores}, over which the softmax runs: it hides nothing there",
)
def mask_hides_rows(subject: Subject) -> Iterator[Finding]:
    for call in subject.calls:
        scores, mask = subject.argument(call, "input"), subject.argument(call, "mask")
        value = call.arguments.get("value")
        if call.name not in _FILLS or call.failure is not None or scores is None or mask is None:
            continue
        if not isinstance(value, int | float) or value > _LOW or _filled_before(subject, scores):
            continue
        axis = _compared(subject, call, len(scores.shape))
        aligned = (1,) * (len(scores.shape) - len(mask.shape)) + mask.shape
        if axis is None or aligned[axis] != 1 or scores.shape[axis] < 2 or mask.dtype != "bool":
            continue
        others = [other for other in range(1, len(aligned)) if other != axis and aligned[other] > 1]
        if len(others) != 1:
            continue
        outer = subject.user_call(call)
        yield Finding(
            check="mask-hides-rows",
            severity="warning",
            place=outer.place,
            values={"mask": shape_text(mask.shape), "axis": axis, "scores": shape_text(scores.shape)},
            expected=f"a mask that differs along axis {axis}",
            actual=shape_text(mask.shape),
            because=(
                "a row that is filled with minus infinity as a whole becomes not-a-number, and the other rows see everything"
                if math.isinf(value)
                else "a row that is filled as a whole gives equal shares, and the other rows see everything",
            ),
            fixes=tuple(_turned(subject, outer, scores, mask, axis, others[0])),
        )


def _filled_before(subject: Subject, scores: Tensor) -> bool:
    """Whether another mask came first: then this one may only mark what is not used."""
    maker = subject.maker(scores.id)
    return maker is not None and maker.name in _FILLS


def _compared(subject: Subject, call: Call, rank: int) -> int | None:
    """The axis of the softmax behind the filling; None where there is none."""
    following = next_call(subject, call, _BETWEEN)
    dim = integer(following.arguments.get("dim")) if following is not None else None
    if following is None or following.name not in ("softmax", "log_softmax") or dim is None:
        return None
    return dim % rank


def _turned(
    subject: Subject, outer: Call, scores: Tensor, mask: Tensor, axis: int, other: int
) -> Iterator[Fix]:
    """The mask with its long axis where the softmax runs, where both are as long."""
    written = subject.source_call(outer.place)
    place = argument_written(written, "mask", 0) if written is not None else None
    rank = len(scores.shape)
    if (
        place is None
        or scores.shape[axis] != scores.shape[other]
        or min(axis, other) < rank - len(mask.shape)
    ):
        return
    first, second = sorted((axis - rank, other - rank))
    text = f"{bracketed(subject.text(place))}.transpose({first}, {second})"
    yield labelled(subject, [Edit(place, text)], means="hides keys, not queries", safe=False)


good = (
    Good(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.embed = nn.Embedding(9, 8, padding_idx=0)
                self.q, self.k = nn.Linear(8, 8), nn.Linear(8, 8)

            def forward(self, ids):
                x = self.embed(ids)
                scores = self.q(x) @ self.k(x).transpose(1, 2)
                return scores.masked_fill((ids == 0).unsqueeze(1), -1e9).softmax(-1) @ x
        """,
        "3,6:int64",
    ),
    Good(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.embed = nn.Embedding(9, 8, padding_idx=0)
                self.score = nn.Linear(8, 4)

            def forward(self, ids):
                x = self.embed(ids)
                hidden = (ids == 0).unsqueeze(2)
                weights = self.score(x).masked_fill(hidden, float("-inf")).softmax(1)
                return torch.einsum("bnh,bnd->bhd", weights, x)
        """,
        "3,6:int64",
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
                self.embed = nn.Embedding(9, 8, padding_idx=0)
                self.q, self.k = nn.Linear(8, 8), nn.Linear(8, 8)

            def forward(self, ids):
                x = self.embed(ids)
                scores = self.q(x) @ self.k(x).transpose(1, 2)
                return scores.masked_fill((ids == 0).unsqueeze(2), -1e9).softmax(-1) @ x
        """,
        "3,6:int64",
        at="scores.masked_fill",
        fixed="return scores.masked_fill((ids == 0).unsqueeze(2).transpose(-2, -1), -1e9).softmax(-1) @ x",
    ),
)
