"""A matrix product of shapes that do not fit.

## What it finds
`matmul`, `@`, `bmm` and `mm` where the last axis of the left is not the second last of the right.

## Why it matters
The pass stops there. Most often one of the two lacks a transpose; a permute for the batch or the heads is next.

## Example
    scores = queries @ keys                     # (N, L, D) and (N, L, D)

## Use instead
    scores = queries @ keys.transpose(-2, -1)   # (N, L, L)

## When it is fine
Never: the call raises. `# nnwhy: ignore[matmul-shapes]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.matmul.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from nnwhy.checks.basis.agreeing import agreeing_fixes
from nnwhy.checks.basis.editing import bracketed, labelled
from nnwhy.checks.basis.operands import operands
from nnwhy.checks.basis.parameter_sizes import parameter_fixes
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.words import shape_text
from nnwhy.facts.expression import Size
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.trace import Call, Tensor


@check(
    name="matmul-shapes",
    severity="error",
    summary="A matrix product of shapes that do not fit.",
    title="{left} times {right}: {inner_left} columns meet {inner_right} rows",
)
def matmul_shapes(subject: Subject) -> Iterator[Finding]:
    for call, _ in subject.failed("matmul", "bmm", "mm", "mv"):
        left = subject.argument(call, "input")
        right = next((t for name in ("other", "mat2", "vec") if (t := subject.argument(call, name))), None)
        if left is None or right is None or not left.shape or not right.shape:
            continue
        row = max(len(right.shape) - 2, 0)
        if left.shape[-1] == right.shape[row]:
            if call.name == "bmm" and left.shape[0] != right.shape[0]:
                yield _finding(subject, call, left, right, 0, 0)
            continue
        if call.name == "bmm" and left.shape[0] != right.shape[0]:
            one = _batch_second(subject, call, left, right)
            if one is not None:
                yield one
                continue
        yield _finding(subject, call, left, right, len(left.shape) - 1, row)


def _batch_second(subject: Subject, call: Call, left: Tensor, right: Tensor) -> Finding | None:
    """Products of a batch where one of the two has the batch in its second axis."""
    places = operands(subject, call)
    if len(places) != 2 or len(left.shape) != 3 or len(right.shape) != 3:
        return None
    swapped = [(shape[1], shape[0], shape[2]) for shape in (left.shape, right.shape)]
    fits = [
        (left.shape, swapped[1], places[1]),
        (swapped[0], right.shape, places[0]),
    ]
    for one, other, place in fits:
        if one[0] == other[0] and one[2] == other[1]:
            text = f"{bracketed(subject.text(place))}.transpose(0, 1)"
            finding = _finding(subject, call, left, right, 0, 0)
            fix = labelled(subject, [Edit(place, text)], means="the batch first")
            return replace(
                finding,
                place=place,
                title="{left} times {right}: a batch of {inner_left} meets one of {inner_right}",
                fixes=(fix, *finding.fixes),
            )
    return None


def _finding(subject: Subject, call: Call, left: Tensor, right: Tensor, one: int, other: int) -> Finding:
    fixes = _turned(subject, call, left, right)
    lefts, rights = [Size(left.id, one, left.shape[one])], [Size(right.id, other, right.shape[other])]
    fixes += [
        *parameter_fixes(subject, right, {other - len(right.shape): left.shape[one]}),
        *parameter_fixes(subject, left, {one - len(left.shape): right.shape[other]}),
    ]
    fixes += agreeing_fixes(subject, lefts, rights, most=4)
    return Finding(
        check="matmul-shapes",
        severity="error",
        place=fixes[0].edits[0].place if fixes else call.place,
        values={
            "left": shape_text(left.shape), "right": shape_text(right.shape), "inner_left": left.shape[one],
            "inner_right": right.shape[other],
        },
        expected=str(left.shape[one]),
        actual=str(right.shape[other]),
        derivations=(subject.derivations.of(left.id, one), subject.derivations.of(right.id, other)),
        fixes=tuple(fixes),
        also=(call.place,) if call.place else (),
        module=call.module,
        call=call.id,
    )  # fmt: skip


def _turned(subject: Subject, call: Call, left: Tensor, right: Tensor) -> list[Fix]:
    places = operands(subject, call)
    if len(places) != 2:
        return []
    found: list[Fix] = []
    for tensor, place, fits in (
        (right, places[1], len(right.shape) > 1 and right.shape[-1] == left.shape[-1]),
        (left, places[0], len(left.shape) > 1 and len(right.shape) > 1 and left.shape[-2] == right.shape[-2]),
    ):
        if fits:
            turn = ".T" if len(tensor.shape) == 2 else ".transpose(-2, -1)"
            found.append(
                labelled(
                    subject,
                    [Edit(place, bracketed(subject.text(place)) + turn)],
                    means="swaps the last two axes",
                )
            )
    return found


good = (
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def forward(self, x):
                return x @ x.transpose(1, 2)
        """,
        "2,5,8",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.q, self.k = nn.Linear(8, 8), nn.Linear(8, 8)

            def forward(self, x):
                return self.q(x) @ self.k(x)
        """,
        "2,5,8",
        at="self.k(x)",
        fixed="return self.q(x) @ self.k(x).transpose(-2, -1)",
    ),
    Bad(
        """
        import torch
        from torch import nn

        class Layer(nn.Module):
            def __init__(self, into, out):
                super().__init__()
                self.weight = nn.Parameter(torch.ones(into, out))

            def forward(self, x):
                return torch.mm(x, self.weight)

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.one, self.other = Layer(7, 5), Layer(5, 2)

            def forward(self, x):
                return self.other(self.one(x).relu())
        """,
        "3,8",
        at="7, 5",
        fixed="self.one, self.other = Layer(8, 5), Layer(5, 2)",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.encoder = nn.GRU(4, 6)
                self.score = nn.Linear(6, 1)

            def forward(self, x):
                outputs, _ = self.encoder(x)
                weights = self.score(outputs).squeeze(2).t().softmax(1).unsqueeze(1)
                return weights.bmm(outputs).squeeze(1)
        """,
        "7,3,4",
        at="outputs).squeeze(1)",
        fixed="return weights.bmm(outputs.transpose(0, 1)).squeeze(1)",
    ),
)
