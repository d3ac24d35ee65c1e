"""A convolution gets vectors that have channels and no pixels.

## What it finds
A (batch, features) tensor into a convolution, transposed ones above all, whose `in_channels` is the number of features: the
noise of a GAN's generator, or a vector before a decoder.

## Why it matters
The convolution wants (batch, channels, height, width): a vector is a picture of one pixel with many channels.

## Example
    noise = torch.randn(16, 100)
    nn.ConvTranspose2d(100, 64, 4)(noise)

## Use instead
    noise = torch.randn(16, 100, 1, 1)

## When it is fine
Never: the call raises. `# nnwhy: ignore[missing-spatial-axes]` silences it.

## References
- https://docs.pytorch.org/tutorials/beginner/dcgan_faces_tutorial.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.convolutions import CONVOLUTIONS
from nnwhy.checks.basis.inserting import in_front
from nnwhy.checks.basis.mending import shown_name
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject, integer
from nnwhy.checks.basis.words import shape_text
from nnwhy.facts.finding import Finding


@check(
    name="missing-spatial-axes",
    severity="error",
    summary="A convolution gets vectors that have channels and no pixels.",
    title="{layer} gets {shape}: {channels} channels without {axes}",
)
def missing_spatial_axes(subject: Subject) -> Iterator[Finding]:
    for call, _ in subject.failed(*CONVOLUTIONS):
        x, weight = subject.argument(call, "input"), subject.argument(call, "weight")
        if x is None or weight is None or len(x.shape) != 2 or len(weight.shape) < 4:
            continue
        rank = len(weight.shape) - 2
        groups = integer(call.arguments.get("groups")) or 1
        channels = weight.shape[0] if "transpose" in call.name else weight.shape[1] * groups
        if channels != x.shape[1] or channels == 1:
            continue
        ones = ", ".join(["1"] * rank)
        method = "[" + ", ".join(["...", *["None"] * rank]) + "]"
        fixes = in_front(
            subject, call, method, f"Unflatten(1, ({channels}, {ones}))", means="a picture of one pixel"
        )
        module = subject.layer(call)
        outer = subject.user_call(call).place
        yield Finding(
            check="missing-spatial-axes",
            severity="error",
            place=outer,
            values={
                "layer": shown_name(module, call.name), "shape": shape_text(x.shape), "channels": channels,
                "axes": "height and width" if rank == 2 else "depth, height and width",
            },
            expected=shape_text((*x.shape, *[1] * rank)),
            actual=shape_text(x.shape),
            fixes=tuple(fixes),
            also=module.constructed[:1] if module else (),
            module=module.path if module else "",
            call=call.id,
        )  # fmt: skip


good = (
    Good(
        """
        from torch import nn

        net = nn.Sequential(nn.Unflatten(1, (100, 1, 1)), nn.ConvTranspose2d(100, 8, 4))
        """,
        "2,100",
        entry="net",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.net = nn.Sequential(nn.ConvTranspose2d(100, 8, 4), nn.ReLU())

            def forward(self, z):
                return self.net(z)
        """,
        "2,100",
        at="self.net(z)",
        fixed="return self.net(z[..., None, None])",
    ),
)
