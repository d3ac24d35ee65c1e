"""A view of a tensor whose axes were moved, which does not lie in memory in that order.

## What it finds
`view` with sizes that make up the elements there are, of a tensor that a `transpose`, `permute` or a slice left out of
order in memory: no other reading of the memory as it lies has these sizes.

## Why it matters
The pass stops there. `view` never copies; the axes that it is to join are not next to each other in memory.

## Example
    out = (w @ v).transpose(1, 2).view(b, n, d)

## Use instead
    out = (w @ v).transpose(1, 2).reshape(b, n, d)
or `.contiguous().view(b, n, d)`, which copies first as well.

## When it is fine
Never: the call raises. `# nnwhy: ignore[view-not-contiguous]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.Tensor.view.html
- https://docs.pytorch.org/docs/stable/generated/torch.Tensor.contiguous.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import bracketed, labelled
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject, integers
from nnwhy.checks.basis.view_numbers import makes_up
from nnwhy.checks.basis.words import shape_text
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.trace import Call


@check(
    name="view-not-contiguous",
    severity="error",
    summary="A view of a tensor whose axes were moved and do not lie in memory in that order.",
    title="view to {wanted} would join axes of {shape} that do not lie next to each other in memory",
)
def view_not_contiguous(subject: Subject) -> Iterator[Finding]:
    for call, _ in subject.failed("view"):
        x = subject.argument(call, "input")
        wanted = integers(call.arguments.get("shape"))
        if x is None or not wanted or wanted.count(-1) > 1 or not makes_up(x.shape, wanted):
            continue
        mover = subject.maker(x.id)
        moved = (f"{mover.name} moved its axes and left the memory as it was",) if mover is not None else ()
        yield Finding(
            check="view-not-contiguous",
            severity="error",
            place=call.place,
            values={"wanted": shape_text(wanted), "shape": shape_text(x.shape)},
            expected="a tensor that is contiguous",
            actual=shape_text(x.shape),
            because=(*moved, "view never copies: reshape does where it must, contiguous always"),
            fixes=tuple(_fixes(subject, call)),
            module=call.module,
            call=call.id,
        )


def _fixes(subject: Subject, call: Call) -> Iterator[Fix]:
    written = subject.source_call(call.place)
    if written is None or written.receiver is None or not written.function.endswith(".view"):
        return
    whole, data = subject.text(written.place), subject.text(written.receiver)
    rest = whole[len(data) :]
    if whole.startswith(data) and ".view" in rest:
        text = data + rest.replace(".view", ".reshape", 1)
        yield labelled(subject, [Edit(written.place, text)], means="copies where the memory asks for it")
    text = f"{bracketed(data)}.contiguous()"
    yield labelled(subject, [Edit(written.receiver, text)], means="copies into the order of the axes")


good = (
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def forward(self, x):
                n, c, h, w = x.shape
                return x.transpose(1, 2).reshape(n, -1) + x.permute(0, 2, 1, 3).contiguous().view(n, -1)
        """,
        "2,3,4,5",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def forward(self, x):
                n, heads, length, width = x.shape
                return x.transpose(1, 2).view(n, length, heads * width)
        """,
        "2,3,4,5",
        at="x.transpose(1, 2).view(n, length, heads * width)",
        fixed="return x.transpose(1, 2).reshape(n, length, heads * width)",
    ),
)
