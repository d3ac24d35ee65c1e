"""A convolution gets its channels in the last axis.

## What it finds
A convolution whose `in_channels` is the length of the last axis of its input, not of the second: pictures as NumPy, PIL and
matplotlib have them (height, width, channels), or a sequence of embeddings (batch, length, features) before a `Conv1d`.

## Why it matters
torch wants the channels in front of the spatial axes. A `view` or `reshape` to the right sizes would run, and shuffle the
pixels; only `permute` or `transpose` moves an axis.

## Example
    x = self.embedding(ids)             # (N, L, 64)
    x = self.conv(x)                    # nn.Conv1d(64, 128, 3)

## Use instead
    x = self.conv(x.transpose(1, 2))    # (N, 64, L)

## When it is fine
Never: the call raises. `# nnwhy: ignore[channels-last-input]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.permute.html
- https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.ToTensor.html
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
    name="channels-last-input",
    severity="error",
    summary="A convolution gets its channels in the last axis.",
    title="{layer} takes {channels} channels in axis {axis} and gets {shape}: they are in the last axis",
)
def channels_last_input(subject: Subject) -> Iterator[Finding]:
    for failed in failed_convolutions(subject):
        if failed.layout == "channels last":
            yield _finding(subject, failed)


def _finding(subject: Subject, failed: FailedConvolution) -> Finding:
    shape = failed.x.shape
    batch = len(shape) - failed.rank - 1
    order = (*range(batch), len(shape) - 1, *range(batch, len(shape) - 1))
    method = (
        f".transpose({batch}, {batch + 1})" if failed.rank == 1 else f".permute({', '.join(map(str, order))})"
    )
    wanted = tuple(shape[axis] for axis in order)
    means = f"{shape_text(shape)} becomes {shape_text(wanted)}"
    fixes = in_front(subject, failed.call, method, "", means=means)
    if failed.x.origin.kind == "input":
        specs = input_specs(subject, lambda old: wanted if old == shape else old)
        fixes = [
            *fixes,
            *fed_otherwise(subject, lambda text: bracketed(text) + method, specs, means=means),
        ]
    module = subject.layer(failed.call)
    outer = subject.user_call(failed.call).place
    return Finding(
        check="channels-last-input",
        severity="error",
        place=outer,
        values={
            "layer": shown_name(module, failed.call.name), "channels": failed.channels, "axis": batch,
            "shape": shape_text(shape),
        },
        expected=shape_text(wanted),
        actual=shape_text(shape),
        fixes=tuple(fixes),
        also=module.constructed[:1] if module else (),
        module=module.path if module else "",
        call=failed.call.id,
    )  # fmt: skip


good = (
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(3, 6, 5)

            def forward(self, x):
                return self.conv(x.permute(0, 3, 1, 2))
        """,
        "2,32,40,3",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(3, 6, 5)

            def forward(self, x):
                return self.conv(x)
        """,
        "2,32,40,3",
        at="self.conv(x)",
        fixed="return self.conv(x.permute(0, 3, 1, 2))",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.embed = nn.Embedding(20, 16)
                self.conv = nn.Conv1d(16, 6, 3)

            def forward(self, ids):
                return self.conv(self.embed(ids)).amax(2)
        """,
        "2,9:int64",
        at="self.conv(self.embed(ids))",
        fixed="return self.conv(self.embed(ids).transpose(1, 2)).amax(2)",
    ),
    Bad(
        """
        from torch import nn

        class Block(nn.Module):
            def __init__(self, into, out):
                super().__init__()
                self.conv = nn.Conv3d(into, out, 3)

            def forward(self, x):
                return self.conv(x)

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.one, self.other = Block(3, 8), Block(8, 8)

            def forward(self, clip):
                x = self.one(clip / 255)
                return self.other(x)
        """,
        "2,6,9,9,3",
        at="clip / 255",
        fixed="x = self.one((clip / 255).permute(0, 4, 1, 2, 3))",
    ),
)
