"""A convolution gets an input with more axes than it has room for.

## What it finds
A convolution whose input has more axes than batch, channels and one for each axis of its kernel; and one whose kernel has
another number of axes than its name says: `nn.Conv1d(8, 8, kernel_size=(1, 2))`.

## Why it matters
The pass stops there. Clips (N, frames, channels, height, width) go through a `Conv2d` as N · frames pictures, or through
a `Conv3d` as they are once the channels stand second. torch took a 2-D kernel in a `Conv1d` up to version 1.10 and
computed a 2-D convolution with it; code from then fails now.

## Example
    self.stem = nn.Conv2d(3, 12, 4)
    ...
    x = self.stem(clips)                       # (N, 16, 3, 64, 64)

## Use instead
    x = self.stem(clips.flatten(0, 1))         # (N · 16, 3, 64, 64)

## When it is fine
Never: the call raises. `# nnwhy: ignore[too-many-axes]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html
- https://github.com/nnzhan/Graph-WaveNet/issues/47
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from nnwhy.checks.basis.convolutions import CONVOLUTIONS
from nnwhy.checks.basis.editing import labelled
from nnwhy.checks.basis.inserting import in_front
from nnwhy.checks.basis.mending import shown_name
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject, integer
from nnwhy.checks.basis.words import shape_text
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.trace import Call, Module, Tensor


@check(
    name="too-many-axes",
    severity="error",
    summary="A convolution gets an input with more axes than it has room for.",
    title="{layer} takes {most} axes at most and gets {shape}: {actual} axes",
)
def too_many_axes(subject: Subject) -> Iterator[Finding]:
    for call, _ in subject.failed(*CONVOLUTIONS):
        x, weight = subject.argument(call, "input"), subject.argument(call, "weight")
        if x is None or weight is None:
            continue
        named, rank = int(call.name[-2]), len(weight.shape) - 2
        groups = integer(call.arguments.get("groups")) or 1
        channels = weight.shape[0] if "transpose" in call.name else weight.shape[1] * groups
        if named != rank:
            yield _finding(subject, call, x, channels, rank, _of_other_rank(subject, call, named, rank))
        elif len(x.shape) > rank + 2:
            yield _finding(subject, call, x, channels, rank, _folded(subject, call, x, channels, rank))


def _finding(subject: Subject, call: Call, x: Tensor, channels: int, rank: int, fixes: list[Fix]) -> Finding:
    module = subject.layer(call)
    outer = subject.user_call(call).place
    named = int(call.name[-2])
    constructed = module.constructed[0] if module and module.constructed else None
    because = (f"a kernel of {rank} axes is that of a Conv{rank}d",) if named != rank else ()
    return Finding(
        check="too-many-axes",
        severity="error",
        place=constructed if named != rank and constructed is not None else outer,
        values={
            "layer": shown_name(module, call.name), "shape": shape_text(x.shape), "most": named + 2, "actual": len(x.shape),
        },
        expected=f"(N, {channels}, {', '.join(['…'] * named)})",
        actual=shape_text(x.shape),
        because=because,
        fixes=tuple(fixes),
        also=tuple(place for place in (outer, constructed) if place is not None),
        module=module.path if module else "",
        call=call.id,
    )  # fmt: skip


def _folded(subject: Subject, call: Call, x: Tensor, channels: int, rank: int) -> list[Fix]:
    """The axes before the channels become one batch, an axis of size 1 goes, or the layer takes one axis more."""
    shape, found = x.shape, list[Fix]()
    extra = len(shape) - rank - 2
    ones = [axis for axis in range(1, len(shape)) if shape[axis] == 1 and _left(shape, axis)[1] == channels]
    if extra == 1 and ones:
        axis = ones[0]
        means = f"{shape_text(shape)} becomes {shape_text(_left(shape, axis))}"
        found += in_front(subject, call, f".squeeze({axis})", "", means=means)
    if shape[1 + extra] == channels:
        folded = (prod(shape[: 1 + extra]), *shape[1 + extra :])
        means = f"{' × '.join(map(str, shape[: 1 + extra]))} samples in one batch: {shape_text(folded)}"
        found += in_front(subject, call, f".flatten(0, {extra})", f"Flatten(0, {extra})", means=means)
    if extra == 1 and shape[1] == channels:
        found += _of_other_rank(subject, call, rank, rank + 1)
    return found


def _left(shape: tuple[int, ...], axis: int) -> tuple[int, ...]:
    return shape[:axis] + shape[axis + 1 :]


def _of_other_rank(subject: Subject, call: Call, named: int, rank: int) -> list[Fix]:
    """The same layer or function for another number of axes: `nn.Conv2d` for `nn.Conv1d`."""
    place = _name_place(subject, call, subject.layer(call), named)
    if place is None:
        return []
    text = subject.text(place).replace(f"{named}d", f"{rank}d")
    return [labelled(subject, [Edit(place, text)], means=f"a convolution over {rank} axes")]


def _name_place(subject: Subject, call: Call, module: Module | None, named: int) -> Place | None:
    """Where the layer's class, or the function, is named."""
    place = module.constructed[0] if module and module.constructed else None
    written = subject.source_call(place if module else subject.user_call(call).place)
    if written is None or not written.function.endswith(f"{named}d"):
        return None
    start = written.place
    end = start.column + len(written.function)
    found = Place(start.path, start.line, start.column, start.line, end, start.function)
    return found if subject.text(found) == written.function else None


good = (
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(3, 4, 3)

            def forward(self, clips):
                return self.conv(clips.flatten(0, 1))
        """,
        "2,5,3,8,8",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(3, 4, 3)

            def forward(self, clips):
                return self.conv(clips)
        """,
        "2,5,3,8,8",
        at="self.conv(clips)",
        fixed="return self.conv(clips.flatten(0, 1))",
    ),
    Bad(
        """
        from torch import nn

        net = nn.Sequential(nn.Conv2d(2, 4, 1), nn.Conv1d(4, 4, (1, 2)))
        """,
        "3,2,5,7",
        at="nn.Conv1d(4, 4, (1, 2))",
        fixed="net = nn.Sequential(nn.Conv2d(2, 4, 1), nn.Conv2d(4, 4, (1, 2)))",
        entry="net",
    ),
)
