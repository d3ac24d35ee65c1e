"""A convolution is built for another number of channels than it gets.

## What it finds
`Conv1d`, `Conv2d`, `Conv3d` and their transposed kin whose `in_channels` is not the number of channels that arrives.

## Why it matters
The pass stops there. The number that a layer makes (`out_channels`) is free; the one that it takes is not: it is what the
layer before it makes, or 3 for a colour picture and 1 for a grey one.

## Example
    self.conv1 = nn.Conv2d(3, 16, 3)
    self.conv2 = nn.Conv2d(32, 64, 3)

## Use instead
    self.conv2 = nn.Conv2d(16, 64, 3)

## When it is fine
Never: the call raises. `# nnwhy: ignore[conv-channels]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.convolutions import failed_convolutions
from nnwhy.checks.basis.mending import Demand, mended, producer_stands_alone, shown_name
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.settings import module_setting
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.expression import Size
from nnwhy.facts.finding import Finding


@check(
    name="conv-channels",
    severity="error",
    summary="A convolution is built for another number of channels than it gets.",
    title="{layer} is built for {expected} channels and gets {actual}",
)
def conv_channels(subject: Subject) -> Iterator[Finding]:
    for failed in failed_convolutions(subject):
        if failed.layout != "channels":
            continue
        axis = len(failed.x.shape) - failed.rank - 1
        size = Size(failed.x.id, axis, failed.x.shape[axis])
        module = subject.layer(failed.call)
        setting = module_setting(subject, module, "in_channels") if module else None
        demand = Demand(setting, size, failed.channels)
        fixes = tuple(mended(subject, demand))
        outer = subject.user_call(failed.call).place
        place = setting.place if setting and setting.place else outer
        if producer_stands_alone(subject, demand) and fixes and fixes[0].edits:
            place = fixes[0].edits[0].place
        yield Finding(
            check="conv-channels",
            severity="error",
            place=place,
            values={
                "layer": shown_name(module, failed.call.name),
                "expected": failed.channels,
                "actual": size.value,
            },
            expected=str(failed.channels),
            actual=str(size.value),
            derivations=(subject.derivations.of(size.tensor, size.axis),),
            fixes=fixes,
            also=(outer,) if outer else (),
            module=module.path if module else "",
            call=failed.call.id,
        )


good = (
    Good(
        """
        from torch import nn

        net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.Conv2d(8, 16, 3, groups=2))
        """,
        "2,3,16,16",
        entry="net",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.Conv2d(18, 16, 3))
        """,
        "2,3,16,16",
        at="18",
        fixed="net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.Conv2d(8, 16, 3))",
        entry="net",
    ),
)
