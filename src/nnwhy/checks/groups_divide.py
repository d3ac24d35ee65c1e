"""Channels cannot be shared evenly among the groups.

## What it finds
`Conv…(groups=g)` whose `in_channels` or `out_channels` is no multiple of g, and `GroupNorm(g, C)` where C is none.

## Why it matters
Each group has channels / groups of them; the layer cannot be built.

## Example
    nn.Conv2d(12, 16, 3, groups=8)

## Use instead
    nn.Conv2d(12, 16, 3, groups=4)

## When it is fine
Never: it raises. `# nnwhy: ignore[groups-divide]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html
- https://docs.pytorch.org/docs/stable/generated/torch.nn.GroupNorm.html
"""

from __future__ import annotations

from collections.abc import Iterator
from math import gcd

from nnwhy.checks.basis.editing import argument_written, labelled
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject, integer
from nnwhy.checks.basis.ways import ways_to_set_text
from nnwhy.facts.finding import Finding, Fix


@check(
    name="groups-divide",
    severity="error",
    summary="Channels cannot be shared evenly among the groups.",
    title="{layer} shares {channels} channels among {groups} groups: {channels} / {groups} is no whole number",
)
def groups_divide(subject: Subject) -> Iterator[Finding]:
    built = subject.construction
    if built is None:
        return
    norm = built.constructor.endswith("GroupNorm")
    groups = integer(built.arguments.get("num_groups" if norm else "groups"))
    names = ("num_channels",) if norm else ("in_channels", "out_channels")
    channels = [number for name in names if (number := integer(built.arguments.get(name)))]
    odd = next((number for number in channels if groups and number % groups), None)
    if not groups or odd is None:
        return
    for place in built.places or ((built.place,) if built.place else ()):
        call = subject.source_call(place)
        if call is None:
            continue
        where = argument_written(call, "num_groups" if norm else "groups", 0 if norm else 6)
        common = 0
        for number in channels:
            common = gcd(common, number)
        fitting = [count for count in range(1, common + 1) if common % count == 0]
        best = min(fitting, key=lambda count: (abs(count - groups), count))
        fixes: list[Fix] = []
        # What divides both numbers also divides the channels of other layers that have these groups.
        counts = [count for count in dict.fromkeys((best, gcd(common, groups))) if count > 1 or best == 1]
        for count in counts if where is not None else ():
            assert where is not None
            means = f"{odd} / {count} = {odd // count} channels a group"
            fixes += [
                labelled(subject, way.edits, means=means)
                for way in ways_to_set_text(subject, where, groups, count)
            ]
        yield Finding(
            check="groups-divide",
            severity="error",
            place=where or place,
            values={"layer": call.function, "channels": odd, "groups": groups},
            expected=f"one of {', '.join(map(str, fitting[:12]))} groups",
            actual=str(groups),
            fixes=tuple(fixes),
        )
        return


good = (
    Good(
        """
        from torch import nn

        net = nn.Sequential(nn.Conv2d(12, 16, 3, groups=4), nn.GroupNorm(8, 16))
        """,
        "2,12,8,8",
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
                self.conv = nn.Conv2d(12, 16, 3, groups=8)

            def forward(self, x):
                return self.conv(x)
        """,
        "2,12,8,8",
        at="8)",
        fixed="self.conv = nn.Conv2d(12, 16, 3, groups=4)",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.norm = nn.GroupNorm(8, 12)

            def forward(self, x):
                return self.norm(x)
        """,
        "2,12,8,8",
        at="8, 12",
        fixed="self.norm = nn.GroupNorm(6, 12)",
    ),
)
