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

from collections.abc import Iterator, Sequence
from math import prod

from nnwhy.checks.basis.before_linear import flattened_sample, made_by
from nnwhy.checks.basis.editing import bracketed, labelled
from nnwhy.checks.basis.inserting import fed_otherwise, in_front, input_specs
from nnwhy.checks.basis.mending import shown_name
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.settings import is_method
from nnwhy.checks.basis.shapes import LinearMismatch, is_input, mismatched_linears, wrong_layout
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.words import shape_text, times
from nnwhy.facts.finding import Edit, Finding, Fix
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
            flat = is_input(subject, linear.tensor) and len(linear.shape) == 2
            yield from _finding(subject, linear.call, reason, _of_one(subject, linear), flat=flat)
        elif (sample := flattened_sample(subject, linear)) is not None:
            reason = f"the flatten makes {linear.shape[0]} rows of {linear.shape[1]} of {shape_text(sample)}: a row for each channel, not for each sample"
            yield from _finding(subject, linear.call, reason, _of_one(subject, linear))
    for call, _ in subject.failed(*_NORM_RANKS):
        given = subject.shape(call.inputs[0]) if call.inputs else ()
        module = subject.modules.get(call.module)
        wanted = module.arguments.get("num_features") if module else None
        if len(given) == _NORM_RANKS[call.name] - 1 and next(iter(given), 0) == wanted:
            yield from _finding(
                subject, call, f"its channels are the first axis of {shape_text(given)}, not the second"
            )


def _of_one(subject: Subject, linear: LinearMismatch) -> list[Fix]:
    """In the network: flatten the axes of one sample, counted from the end, which a batch and a single sample both have."""
    call = made_by(subject, linear.tensor, ("flatten", "view", "reshape"))
    if call is None:
        flat = is_input(subject, linear.tensor) and len(linear.shape) == 2
        return in_front(subject, linear.call, ".flatten(-2)", "Flatten(-2)") if flat else []
    rank = len(subject.shape(call.inputs[0]))
    outer, layer = subject.user_call(call), subject.layer(call)
    written = subject.source_call(
        layer.constructed[0] if layer is not None and layer.constructed else outer.place
    )
    if written is None or rank < 2:
        return []
    means = f"the last {rank} axes become one, with a batch in front or without"
    if layer is not None:
        return [labelled(subject, [Edit(written.place, f"{written.function}(-{rank})")], means=means)]
    data = written.receiver if call.name != "flatten" or is_method(subject, call, written) else None
    data = data or (written.arguments[0].place if written.arguments else None)
    if data is None:
        return []
    text = f"{bracketed(subject.text(data))}.flatten(-{rank})"
    return [labelled(subject, [Edit(written.place, text)], means=means)]


def _finding(
    subject: Subject, call: Call, reason: str, inside: Sequence[Fix] = (), *, flat: bool = False
) -> Iterator[Finding]:
    """`inside` are ways to mend it in the network; `flat`: the sample is to be one row."""
    assert subject.trace is not None
    first = next((t for t in subject.trace.tensors if t.origin.kind == "input"), None)
    if first is None:
        return
    wanted = (1, prod(first.shape)) if flat else (1, *first.shape)
    method = ".reshape(1, -1)" if flat else ".unsqueeze(0)"
    specs = input_specs(subject, lambda old: (1, prod(old)) if flat else (1, *old))
    means = f"{shape_text(wanted)}, a batch of one"
    fixes = fed_otherwise(subject, lambda text: f"{bracketed(text)}{method}", specs, means=means)
    fixes = [*(fixes or [Fix(f"pass x{method}", means=means)]), *inside]
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
    Bad(
        """
        import torch
        from torch import nn

        net = nn.Sequential(nn.Linear(25, 8), nn.ReLU(), nn.Linear(8, 2))

        def act():
            state = torch.rand(5, 5)
            return net(state)
        """,
        "5,5",
        at="state)",
        fixed="return net(state.reshape(1, -1))",
        entry="net",
    ),
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
                return self.fc(torch.flatten(self.conv(x), 1))
        """,
        "1,8,8",
        at="torch.flatten(self.conv(x), 1)",
        fixed="return self.fc(self.conv(x).flatten(-3))",
    ),
)
