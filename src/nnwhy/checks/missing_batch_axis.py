"""A single sample comes without an axis for the batch.

## What it finds
A network that takes batches and is handed one sample: convolutions accept it, and the crash comes later, at a linear layer
whose number is right, or at a norm layer.

## Why it matters
`flatten(1)` keeps the first axis, which then is the channels: "128x784 and 100352x128" on a `Linear(100352, 128)` that is
right. The message names neither the flatten nor the missing axis.

## Example
    picture = torch.rand(1, 28, 28)
    net(picture)

## Use instead
    net(picture.unsqueeze(0))           # (1, 1, 28, 28)

## When it is fine
Never: the call raises. `# nnwhy: ignore[missing-batch-axis]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.unsqueeze.html
- https://discuss.pytorch.org/t/124281
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from nnwhy.checks.basis.before_linear import flattened_sample
from nnwhy.checks.basis.editing import bracketed
from nnwhy.checks.basis.inserting import fed_otherwise, input_specs
from nnwhy.checks.basis.mending import shown_name
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.shapes import mismatched_linears, wrong_layout
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.words import shape_text, times
from nnwhy.facts.finding import Finding, Fix
from nnwhy.facts.trace import Call

_NORM_RANKS = {"BatchNorm2d": 4, "BatchNorm3d": 5}


@check(
    name="missing-batch-axis",
    severity="error",
    summary="A single sample is handed to the network without an axis for the batch.",
    title="the input {shape} has no axis for the batch; {layer} shows it",
)
def missing_batch_axis(subject: Subject) -> Iterator[Finding]:
    for linear in mismatched_linears(subject):
        if wrong_layout(subject, linear) == "unbatched":
            reason = f"{times(linear.shape)} = {prod(linear.shape)}: all of it together is the one sample that the layer takes"
            yield from _finding(subject, linear.call, reason)
        elif (sample := flattened_sample(subject, linear)) is not None:
            reason = f"the flatten makes {linear.shape[0]} rows of {linear.shape[1]} of {shape_text(sample)}: a row for each channel, not for each sample"
            yield from _finding(subject, linear.call, reason)
    for call, _ in subject.failed(*_NORM_RANKS):
        given = subject.shape(call.inputs[0]) if call.inputs else ()
        module = subject.modules.get(call.module)
        wanted = module.arguments.get("num_features") if module else None
        if len(given) == _NORM_RANKS[call.name] - 1 and next(iter(given), 0) == wanted:
            yield from _finding(
                subject, call, f"its channels are the first axis of {shape_text(given)}, not the second"
            )


def _finding(subject: Subject, call: Call, reason: str) -> Iterator[Finding]:
    assert subject.trace is not None
    first = next((t for t in subject.trace.tensors if t.origin.kind == "input"), None)
    if first is None:
        return
    wanted = (1, *first.shape)
    specs = input_specs(subject, lambda old: (1, *old))
    fixes = fed_otherwise(
        subject,
        lambda text: f"{bracketed(text)}.unsqueeze(0)",
        specs,
        means=f"{shape_text(wanted)}, a batch of one",
    )
    if not fixes:
        fixes = [Fix("pass x.unsqueeze(0)", means=f"{shape_text(wanted)}, a batch of one")]
    module = subject.layer(call) if call.kind == "function" else subject.modules.get(call.module)
    outer = subject.user_call(call).place
    yield Finding(
        check="missing-batch-axis",
        severity="error",
        place=fixes[0].edits[0].place if fixes[0].edits else outer,
        values={"shape": shape_text(first.shape), "layer": shown_name(module, call.name)},
        expected=shape_text(wanted),
        actual=shape_text(first.shape),
        because=(reason,),
        fixes=tuple(fixes),
        also=(outer,) if outer else (),
        module=module.path if module else "",
        call=call.id,
    )


good = (
    Good(
        """
        from torch import nn

        net = nn.Sequential(nn.Conv2d(1, 4, 3), nn.Flatten(), nn.Linear(4 * 6 * 6, 2))
        """,
        "1,1,8,8",
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
                self.conv = nn.Conv2d(1, 4, 3)
                self.fc = nn.Linear(4 * 6 * 6, 2)

            def forward(self, x):
                return self.fc(self.conv(x).flatten(1))

        def main():
            net = Net()
            picture = torch.rand(1, 8, 8)
            return net(picture)
        """,
        "1,8,8",
        at="picture)",
        fixed="return net(picture.unsqueeze(0))",
    ),
)
