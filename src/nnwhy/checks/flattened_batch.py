"""The whole batch is flattened into one row.

## What it finds
`x.view(-1)`, `x.flatten()` or `torch.flatten(x)` before a linear layer that takes what one sample holds.

## Why it matters
All samples become one long row, and the linear layer's number is right for one of them. With a batch of one it even runs,
and the batch's axis is gone.

## Example
    x = torch.flatten(x)
    return self.fc(x)

## Use instead
    x = torch.flatten(x, 1)

## When it is fine
Never before a layer that takes one sample. `# nnwhy: ignore[flattened-batch]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.flatten.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import added_argument, bracketed, labelled
from nnwhy.checks.basis.mending import shown_name
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.shapes import flattening, mismatched_linears
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.words import shape_text, times
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.trace import Call


@check(
    name="flattened-batch",
    severity="error",
    summary="The whole batch is flattened into one row.",
    title="{name} makes one row of the whole batch {shape}; {layer} takes {expected} features, one sample's",
)
def flattened_batch(subject: Subject) -> Iterator[Finding]:
    for linear in mismatched_linears(subject):
        maker = flattening(subject, linear)
        if maker is None:
            continue
        before = subject.shape(maker.inputs[0])
        module = subject.layer(linear.call)
        yield Finding(
            check="flattened-batch",
            severity="error",
            place=maker.place,
            values={
                "name": maker.name, "shape": shape_text(before), "layer": shown_name(module, "F.linear"), "expected": linear.wanted,
            },
            expected=shape_text((before[0], linear.wanted)),
            actual=shape_text(linear.shape),
            because=(f"one sample holds {times(before[1:])} = {linear.wanted}",),
            fixes=tuple(_fixes(subject, maker)),
            also=(outer,) if (outer := subject.user_call(linear.call).place) else (),
            module=module.path if module else "",
            call=linear.call.id,
        )  # fmt: skip


def _fixes(subject: Subject, maker: Call) -> Iterator[Fix]:
    outer = subject.user_call(maker)
    written = subject.source_call(outer.place if subject.owned(outer.place) else maker.place)
    if written is None:
        return
    if written.function.rpartition(".")[2] == "flatten" and len(written.arguments) <= 1:
        yield labelled(subject, [added_argument(written, "1")], means="keeps the batch's axis")
    elif written.receiver is not None and not written.resolved.startswith("torch."):
        text = f"{bracketed(subject.text(written.receiver))}.flatten(1)"
        yield labelled(subject, [Edit(written.place, text)], means="keeps the batch's axis")


good = (
    Good(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(16, 2)

            def forward(self, x):
                return self.fc(torch.flatten(x, 1))
        """,
        "3,4,4",
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
                self.fc = nn.Linear(16, 2)

            def forward(self, x):
                return self.fc(torch.flatten(x))
        """,
        "3,4,4",
        at="torch.flatten(x)",
        fixed="return self.fc(torch.flatten(x, 1))",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(16, 2)

            def forward(self, x):
                x = x.view(-1)
                return self.fc(x)
        """,
        "3,4,4",
        at="x.view(-1)",
        fixed="x = x.flatten(1)",
    ),
)
