"""Grey pictures come without their axis of channels.

## What it finds
A convolution that gets (batch, height, width), or a bare (height, width), where it wants (batch, channels, height, width).

## Why it matters
torch takes a tensor with one axis too few for a single sample without a batch, and its first axis for the channels: (64,
32, 32) into `Conv2d(1, 6, 5)` is "got 64 channels". The layer is right; the picture lacks an axis of length 1.

## Example
    images = torch.rand(64, 32, 32)
    net(images)                         # the network starts with nn.Conv2d(1, 6, 5)

## Use instead
    net(images.unsqueeze(1))            # (64, 1, 32, 32)

## When it is fine
Never: the call raises. `# nnwhy: ignore[missing-channel-axis]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.unsqueeze.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.convolutions import FailedConvolution, failed_convolutions
from nnwhy.checks.basis.editing import bracketed
from nnwhy.checks.basis.inserting import fed_otherwise, in_front, input_specs
from nnwhy.checks.basis.mending import shown_name
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.words import shape_text
from nnwhy.facts.finding import Finding


@check(
    name="missing-channel-axis",
    severity="error",
    summary="A convolution gets pictures or signals without an axis for the channels.",
    title="{layer} gets {shape}: there is no axis for the channels, of which it takes {channels}",
)
def missing_channel_axis(subject: Subject) -> Iterator[Finding]:
    for failed in failed_convolutions(subject):
        if not (failed.layout not in ("no channel", "neither") or failed.channels != 1):
            yield _finding(subject, failed)


def _finding(subject: Subject, failed: FailedConvolution) -> Finding:
    shape = failed.x.shape
    both = failed.layout == "neither"
    method = ".unsqueeze(0).unsqueeze(0)" if both else ".unsqueeze(1)"
    wanted = (1, 1, *shape) if both else (shape[0], 1, *shape[1:])
    fixes = in_front(subject, failed.call, method, f"Unflatten(1, (1, {shape[1]}))" if not both else "")
    direct = failed.x.origin.kind == "input"
    if direct:
        specs = input_specs(subject, lambda old: wanted if old == shape else old)
        fixes = [*fed_otherwise(subject, lambda text: bracketed(text) + method, specs), *fixes]
    module = subject.layer(failed.call)
    outer = subject.user_call(failed.call).place
    return Finding(
        check="missing-channel-axis",
        severity="error",
        place=fixes[0].edits[0].place if fixes else outer,
        values={
            "layer": shown_name(module, failed.call.name),
            "shape": shape_text(shape),
            "channels": failed.channels,
        },
        expected=shape_text(wanted),
        actual=shape_text(shape),
        because=(f"torch takes the first axis of {shape[0]} for the channels, because one axis is missing",),
        fixes=tuple(fixes),
        also=(outer,) if outer else (),
        module=module.path if module else "",
        call=failed.call.id,
    )


good = (
    Good(
        """
        from torch import nn

        net = nn.Conv2d(1, 6, 5)
        """,
        "64,1,32,32",
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
                self.conv = nn.Conv2d(1, 6, 5)

            def forward(self, x):
                return self.conv(x)

        def main():
            net = Net()
            images = torch.rand(64, 32, 32)
            return net(images)
        """,
        "64,32,32",
        at="images)",
        fixed="return net(images.unsqueeze(1))",
    ),
)
