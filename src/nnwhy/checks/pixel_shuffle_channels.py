"""A pixel shuffle gets channels that do not make up its squares.

## What it finds
`PixelShuffle(r)` (or `F.pixel_shuffle`) on a number of channels that is no multiple of r²: the convolution before it still
makes the channels for another factor.

## Why it matters
The pass stops there. Each output pixel of a square of r × r comes from a channel of its own, so r² channels make one.

## Example
    nn.Conv2d(32, 4 * 32, 3, padding=1), nn.PixelShuffle(3)

## Use instead
    nn.Conv2d(32, 9 * 32, 3, padding=1), nn.PixelShuffle(3)

## When it is fine
Never: the call raises. `# nnwhy: ignore[pixel-shuffle-channels]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.PixelShuffle.html
- Shi et al., Real-Time Single Image and Video Super-Resolution, 2016, https://arxiv.org/abs/1609.05158
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isqrt

from nnwhy.checks.basis.editing import labelled
from nnwhy.checks.basis.mending import Demand, at_producer, distinct
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.settings import Setting, call_setting, module_setting
from nnwhy.checks.basis.subject import Subject, integer
from nnwhy.checks.basis.ways import ways_to_set
from nnwhy.checks.basis.words import shape_text
from nnwhy.facts.expression import Size
from nnwhy.facts.finding import Finding, Fix
from nnwhy.facts.trace import Call


@check(
    name="pixel-shuffle-channels",
    severity="error",
    summary="A pixel shuffle gets channels that do not make up its squares.",
    title="{name} makes squares of {factor} × {factor} pixels, {square} channels each, and gets {shape}: {channels} channels",
)
def pixel_shuffle_channels(subject: Subject) -> Iterator[Finding]:
    for call, _ in subject.failed("pixel_shuffle"):
        x, factor = subject.argument(call, "input"), integer(call.arguments.get("upscale_factor"))
        if x is None or not factor or len(x.shape) < 3 or x.shape[-3] % factor**2 == 0:
            continue
        size = Size(x.id, len(x.shape) - 3, x.shape[-3])
        fixes = list(_fixes(subject, call, size, factor))
        outer = subject.user_call(call).place
        yield Finding(
            check="pixel-shuffle-channels",
            severity="error",
            place=fixes[0].edits[0].place if fixes else outer,
            values={
                "name": call.name, "factor": factor, "square": factor**2, "shape": shape_text(x.shape), "channels": size.value,
            },
            expected=f"a multiple of {factor**2}",
            actual=str(size.value),
            derivations=(subject.derivations.of(size.tensor, size.axis),),
            fixes=tuple(fixes),
            also=(outer,) if outer else (),
            module=call.module,
            call=call.id,
        )  # fmt: skip


def _fixes(subject: Subject, call: Call, size: Size, factor: int) -> Iterator[Fix]:
    """As many squares as there are for the factor that the channels do make up, or, the other way round, that factor."""
    found: list[Fix] = []
    for other in range(2, isqrt(size.value) + 1):
        if other == factor or size.value % other**2:
            continue
        demand = Demand(None, size, size.value // other**2 * factor**2)
        found += at_producer(subject, demand, most=2)
        found += [
            labelled(subject, way.edits) for way in ways_to_set(subject, _factor(subject, call), other)[:1]
        ]
    yield from distinct(found)


def _factor(subject: Subject, call: Call) -> Setting:
    module = subject.layer(call)
    if module is not None:
        return module_setting(subject, module, "upscale_factor")
    return call_setting(subject, call, "upscale_factor")


good = (
    Good(
        """
        from torch import nn

        net = nn.Sequential(nn.Conv2d(3, 4 * 8, 3), nn.PixelShuffle(2), nn.Conv2d(8, 3, 3))
        """,
        "2,3,8,8",
        entry="net",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        net = nn.Sequential(nn.Conv2d(3, 4 * 8, 3), nn.PixelShuffle(3), nn.Conv2d(8, 3, 3))
        """,
        "2,3,8,8",
        at="4 * 8",
        fixed="net = nn.Sequential(nn.Conv2d(3, 9 * 8, 3), nn.PixelShuffle(3), nn.Conv2d(8, 3, 3))",
        entry="net",
    ),
)
