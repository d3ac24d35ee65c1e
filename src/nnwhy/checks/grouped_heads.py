"""Attention with fewer heads of keys and values than of queries does not repeat them.

## What it finds
Products of queries (batch, heads, length, width) with keys or values that have a divisor of their heads, and
`F.scaled_dot_product_attention` of such without `enable_gqa=True`.

## Why it matters
In grouped-query attention one head of the keys serves several heads of the queries. A product takes no part in that: it wants as many
heads on both sides, or one. The pass stops there, with a message that speaks of a tensor size.

## Example
    scores = q @ k.transpose(-2, -1)            # q has 8 heads, k has 2

## Use instead
    scores = q @ k.transpose(-2, -1).repeat_interleave(4, dim=1)

## When it is fine
Never: the call raises. `# nnwhy: ignore[grouped-heads]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.scaled_dot_product_attention.html
- https://arxiv.org/abs/2305.13245
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import added_argument, bracketed, labelled
from nnwhy.checks.basis.operands import operands
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.words import shape_text
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.trace import Call, Tensor


@check(
    name="grouped-heads",
    severity="error",
    summary="Attention with fewer heads of keys and values than of queries does not repeat them.",
    title="{left} meets {right}: {heads} heads of queries, {few} of keys and values",
)
def grouped_heads(subject: Subject) -> Iterator[Finding]:
    told: set[str] = set()
    for call, _ in subject.failed("matmul", "scaled_dot_product_attention"):
        found = _shared(subject, call)
        if found is None or call.module in told:
            continue
        told.add(call.module)
        left, right, shared = found
        fix = _enabled(subject, call) if call.name != "matmul" else _repeated(subject, call, shared)
        yield Finding(
            check="grouped-heads",
            severity="error",
            place=call.place,
            values={
                "left": shape_text(left.shape),
                "right": shape_text(right.shape),
                "heads": left.shape[1],
                "few": right.shape[1],
            },
            expected=str(left.shape[1]),
            actual=str(right.shape[1]),
            because=(
                f"{left.shape[1]} = {shared} · {right.shape[1]}: each head of the keys and values serves {shared} heads "
                "of the queries, and must be repeated for them",
            ),
            derivations=(subject.derivations.of(left.id, 1), subject.derivations.of(right.id, 1)),
            fixes=(fix,) if fix is not None else (),
            module=call.module,
            call=call.id,
        )


def _shared(subject: Subject, call: Call) -> tuple[Tensor, Tensor, int] | None:
    """The two sides of a product, and how many heads of the left one share one of the right; None where they do not."""
    names = ("input", "other") if call.name == "matmul" else ("query", "key")
    left, right = (subject.argument(call, name) for name in names)
    if left is None or right is None or len(left.shape) != 4 or len(right.shape) != 4:
        return None
    many, few = left.shape[1], right.shape[1]
    fits = left.shape[3] == right.shape[2 if call.name == "matmul" else 3]
    if not fits or left.shape[0] != right.shape[0] or not 1 < few < many or many % few:
        return None
    return left, right, many // few


def _repeated(subject: Subject, call: Call, shared: int) -> Fix | None:
    """Keys and values repeated in every product of the same module that they fail in: one alone would not make it run."""
    edits: dict[Edit, None] = {}
    for other, _ in subject.failed("matmul"):
        if other.module != call.module or _shared(subject, other) is None:
            continue
        places = operands(subject, other)
        if len(places) != 2:
            return None
        text = bracketed(subject.text(places[1]))
        edits[Edit(places[1], f"{text}.repeat_interleave({shared}, dim=1)")] = None
    return (
        labelled(subject, list(edits), means=f"each head {shared} times, one for each head of the queries")
        if edits
        else None
    )


def _enabled(subject: Subject, call: Call) -> Fix | None:
    written = subject.source_call(call.place)
    if written is None or any(argument.name == "enable_gqa" for argument in written.arguments):
        return None
    return labelled(
        subject,
        [added_argument(written, "enable_gqa=True")],
        means="repeats the heads of keys and values itself",
    )


good = (
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def forward(self, q, k):
                return q @ k.repeat_interleave(2, dim=1).transpose(-2, -1)
        """,
        ("3,4,6,8", "3,2,6,8"),
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self, width=16, heads=4, groups=2):
                super().__init__()
                self.heads, self.groups = heads, groups
                self.q = nn.Linear(width, width)
                self.kv = nn.Linear(width, 2 * groups * width // heads)

            def forward(self, x):
                q = self.q(x).unflatten(-1, (self.heads, -1)).transpose(1, 2)
                k, v = self.kv(x).unflatten(-1, (2 * self.groups, -1)).transpose(1, 2).chunk(2, 1)
                scores = q @ k.transpose(-2, -1)
                return (scores.softmax(-1) @ v).transpose(1, 2).flatten(2)
        """,
        "3,6,16",
        at="q @ k",
        fixed="scores = q @ k.transpose(-2, -1).repeat_interleave(2, dim=1)",
    ),
    Bad(
        """
        import torch.nn.functional as F
        from torch import nn

        class Net(nn.Module):
            def forward(self, q, k):
                return F.scaled_dot_product_attention(q, k, k, is_causal=True)
        """,
        ("3,4,6,8", "3,2,6,8"),
        at="F.scaled",
        fixed="return F.scaled_dot_product_attention(q, k, k, is_causal=True, enable_gqa=True)",
    ),
)
