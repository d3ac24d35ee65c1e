"""Two tensors meet in arithmetic and do not fit.

## What it finds
`+`, `-`, `*`, `/` and their kin on shapes that do not broadcast: a shortcut whose stride, padding or channels differ from
its block's, channel weights (N, C) without axes for the pixels, a mask without its channel axis.

## Why it matters
The pass stops there, and the message names the last axis that differs, not the layer that made it so.

## Example
    out = self.conv2(self.conv1(x))     # both with stride 2
    out = out + self.shortcut(x)        # once with stride 2

## Use instead
    self.conv2 = nn.Conv2d(planes, planes, 3, stride=1, padding=1)

## When it is fine
Never: the call raises. `# nnwhy: ignore[broadcast-shapes]` silences it.

## References
- https://docs.pytorch.org/docs/stable/notes/broadcasting.html
- He et al., Deep Residual Learning for Image Recognition, 2015, https://arxiv.org/abs/1512.03385
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.agreeing import agreeing_fixes, cropped
from nnwhy.checks.basis.editing import after, bracketed, labelled
from nnwhy.checks.basis.last_states import states_behind
from nnwhy.checks.basis.operands import operands
from nnwhy.checks.basis.parameter_sizes import parameter_fixes
from nnwhy.checks.basis.projected import projected
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.stored import made_longer, stored_behind
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.unpadded import as_long_as_packed
from nnwhy.checks.basis.upsampled import enlarged_alone, given_size, meeting, stretched
from nnwhy.checks.basis.words import shape_text
from nnwhy.facts.expression import Size
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.trace import Call, Tensor

_ARITHMETIC = (
    "add", "sub", "mul", "div", "true_divide", "maximum", "minimum", "where", "pow", "subtract", "multiply", "divide",
    "floor_divide", "remainder", "eq", "ne", "gt", "lt", "ge", "le", "masked_fill", "logical_and", "logical_or",
)  # fmt: skip


@check(
    name="broadcast-shapes",
    severity="error",
    summary="Two tensors meet in arithmetic and do not fit.",
    title="{left} and {right} do not fit: {axis} of {size_left} meets {size_right}",
)
def broadcast_shapes(subject: Subject) -> Iterator[Finding]:
    for call, _ in subject.failed(*_ARITHMETIC):
        pair = _pair(subject, call)
        if pair is None:
            continue
        left, right = pair
        axes = _conflicts(left.shape, right.shape, in_place=call.function.endswith("_"))
        if not axes:
            continue
        first = axes[0]
        one, other = len(left.shape) + first, len(right.shape) + first
        lefts = [Size(left.id, len(left.shape) + axis, left.shape[axis]) for axis in axes]
        rights = [Size(right.id, len(right.shape) + axis, right.shape[axis]) for axis in axes]
        fixes = _axis_fixes(subject, call, left, right)
        if not fixes:
            places = operands(subject, call)
            fixes = [
                *parameter_fixes(subject, left, {axis: right.shape[axis] for axis in axes}),
                *parameter_fixes(subject, right, {axis: left.shape[axis] for axis in axes}),
                *_stored_fixes(subject, left, right, axes),
            ]
            fixes += as_long_as_packed(subject, (lefts[0], rights[0]))
            fixes = [*fixes, *agreeing_fixes(subject, lefts, rights)]
            if len(left.shape) == len(right.shape):
                cut = cropped(
                    subject, places, [left.shape, right.shape], [axis % len(left.shape) for axis in axes]
                )
                if enlarged_alone(subject, [left, right]):
                    parts = [left, right]
                    sized = given_size(subject, call, places, parts) or meeting(subject, places, parts)
                    fixes = [*sized, *cut, *fixes]
                else:
                    fixes += [*stretched(subject, places, [left, right]), *cut]
            # A block that is made to widen comes before a number of its layers: that would make it as narrow as its input.
            fixes = [*projected(subject, call, left, right), *fixes]
        states = states_behind(subject, lefts[0]) or states_behind(subject, rights[0])
        fixes = [*(states.fixes if states is not None else ()), *fixes]
        name = subject.derivations.axes.name(left.id, one) or f"axis {one}"
        if states is not None:
            name = f"axis {one}"
        derivations = (subject.derivations.of(left.id, one), subject.derivations.of(right.id, other))
        yield Finding(
            check="broadcast-shapes",
            severity="error",
            place=fixes[0].edits[0].place if fixes and fixes[0].edits else call.place,
            values={
                "left": shape_text(left.shape), "right": shape_text(right.shape), "axis": name,
                "size_left": left.shape[first], "size_right": right.shape[first],
            },
            expected=shape_text(left.shape),
            actual=shape_text(right.shape),
            because=(states.because,) if states is not None else tuple(_settings_behind(fixes)),
            derivations=derivations,
            fixes=tuple(fixes),
            also=(call.place,) if call.place else (),
            module=call.module,
            call=call.id,
        )  # fmt: skip


def _stored_fixes(subject: Subject, left: Tensor, right: Tensor, axes: list[int]) -> list[Fix]:
    """A table that the constructor computed once, such as a positional encoding: made as long as what it meets."""
    if len(axes) != 1:
        return []
    for own, other in ((left, right), (right, left)):
        name = stored_behind(subject, own)
        if name:
            means = f"{name} as long as what it meets"
            return made_longer(subject, name, own.shape[axes[0]], other.shape[axes[0]], means)
    return []


def _settings_behind(fixes: list[Fix]) -> Iterator[str]:
    for fix in fixes[:1]:
        if "→" in fix.means or "as long as" in fix.means:
            yield f"{fix.means} would make both alike"


def _pair(subject: Subject, call: Call) -> tuple[Tensor, Tensor] | None:
    found = [
        tensor
        for tensor in (subject.tensor(value) for value in call.arguments.values())
        if tensor is not None
    ]
    if len(found) > 2:
        found = [tensor for tensor in found if tensor.dtype != "bool"] or found
    return (found[0], found[1]) if len(found) == 2 else None


def _conflicts(left: tuple[int, ...], right: tuple[int, ...], *, in_place: bool = False) -> list[int]:
    """The axes, counted from the end, where neither size is 1 and they differ; the first of them first. A tensor that is
    changed in place cannot grow: its 1 meets nothing else."""
    shared = min(len(left), len(right))
    return [
        axis
        for axis in range(-shared, 0)
        if left[axis] != right[axis] and right[axis] != 1 and (left[axis] != 1 or in_place)
    ]


def _axis_fixes(subject: Subject, call: Call, left: Tensor, right: Tensor) -> list[Fix]:
    """(N, C) against (N, C, H, W): axes of length 1 at the end; (N, H, W) against (N, C, H, W): one in the middle."""
    places = operands(subject, call)
    if len(left.shape) == len(right.shape):
        return [*_classes_second(subject, left, right), *_classes_second(subject, right, left)]
    if len(places) != 2:
        return []
    long, short, place = (
        (left, right, places[1]) if len(left.shape) > len(right.shape) else (right, left, places[0])
    )
    missing = len(long.shape) - len(short.shape)
    text = bracketed(subject.text(place))
    if short.shape == long.shape[: len(short.shape)]:
        method = f"[..., {', '.join(['None'] * missing)}]"
    elif len(long.shape) > 2 and short.shape == long.shape[1 : 1 + len(short.shape)] and missing > 1:
        # one number for each channel: the axes of the pixels are missing behind it
        method = f"[..., {', '.join(['None'] * (missing - 1))}]"
    elif missing == 1 and short.shape[:1] == long.shape[:1] and short.shape[1:] == long.shape[2:]:
        method = ".unsqueeze(1)"
    else:
        return []
    return [
        labelled(subject, [Edit(place, text + method)], means="one number for each place of the missing axes")
    ]


def _classes_second(subject: Subject, hot: Tensor, other: Tensor) -> list[Fix]:
    """`one_hot` puts the classes last; scores of a map have them behind the batch."""
    if (*hot.shape[:1], *hot.shape[-1:], *hot.shape[1:-1]) != other.shape or len(hot.shape) < 3:
        return []
    maker = subject.maker(hot.id)
    while (
        maker is not None
        and maker.name in ("to", "float", "double", "type_as", "type", "half")
        and maker.inputs
    ):
        maker = subject.maker(maker.inputs[0])
    written = subject.source_call(maker.place) if maker is not None and maker.name == "one_hot" else None
    if written is None:
        return []
    edit = Edit(after(written.place), ".movedim(-1, 1)")
    return [labelled(subject, [edit], means="the classes in axis 1, where the scores have them")]


good = (
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(4, 4, 3, padding=1)

            def forward(self, x):
                return x + self.conv(x)
        """,
        "2,4,8,8",
    ),
)
bad = (
    Bad(
        """
        import torch.nn.functional as F
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(3, 4, 1)

            def forward(self, x, labels):
                truth = F.one_hot(labels, 4).float()
                return (self.conv(x).softmax(1) * truth).sum()
        """,
        ("2,3,8,9", "2,8,9:int64"),
        at=".float()",
        fixed="truth = F.one_hot(labels, 4).movedim(-1, 1).float()",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(4, 4, 3)

            def forward(self, x):
                return x + self.conv(x)
        """,
        "2,4,8,8",
        at="3)",
        nth=0,
        fixed="self.conv = nn.Conv2d(4, 4, 3, padding=1)",
    ),
    Bad(
        """
        from torch import nn

        class Block(nn.Module):
            def __init__(self, narrow, wide):
                super().__init__()
                self.conv = nn.Conv2d(narrow, wide, 3, padding=1)

            def forward(self, x):
                return x + self.conv(x).relu()

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.blocks = nn.Sequential(Block(4, 4), Block(4, 8))
                self.head = nn.Conv2d(8, 2, 1)

            def forward(self, x):
                return self.head(self.blocks(x))
        """,
        "2,4,8,8",
        at="x + self",
        fixed="return self.shortcut(x) + self.conv(x).relu()",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.gate = nn.Linear(4, 4)

            def forward(self, x):
                return x * self.gate(x.mean((2, 3))).sigmoid()
        """,
        "2,4,8,8",
        at="self.gate(x.mean((2, 3))).sigmoid()",
        fixed="return x * self.gate(x.mean((2, 3))).sigmoid()[..., None, None]",
    ),
    Bad(
        """
        import torch
        from torch import nn

        class Position(nn.Module):
            def __init__(self, width, longest=20):
                super().__init__()
                self.register_buffer("table", torch.arange(longest * width).float().view(1, longest, width))

            def forward(self, x):
                return x + self.table[:, : x.size(1)]

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.position = Position(8)

            def forward(self, x):
                return self.position(x)
        """,
        "2,30,8",
        at="20",
        fixed="def __init__(self, width, longest=30):",
    ),
    Bad(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self, width=4):
                super().__init__()
                self.conv = nn.Conv2d(3, width, 1)
                self.scale = nn.Parameter(torch.ones(width))

            def forward(self, x):
                return self.conv(x) * self.scale
        """,
        "2,3,8,8",
        at="self.scale\n",
        fixed="return self.conv(x) * self.scale[..., None, None]",
    ),
    Bad(
        """
        import torch.nn.functional as F
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.down = nn.Conv2d(3, 3, 3, stride=2, padding=1)

            def forward(self, x):
                return x + F.interpolate(self.down(x), scale_factor=2)
        """,
        "2,3,8,9",
        at="scale_factor=2",
        fixed="return x + F.interpolate(self.down(x), size=x.shape[2:])",
    ),
    Bad(
        """
        import torch
        from torch import nn
        from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.gru = nn.GRU(4, 6, batch_first=True)

            def forward(self, x):
                kept = x.abs().sum(2) > 0
                packed = pack_padded_sequence(x, torch.tensor([5, 3, 2]), batch_first=True)
                out, _ = pad_packed_sequence(self.gru(packed)[0], batch_first=True)
                return (out * kept.unsqueeze(2)).sum(1)
        """,
        "3,9,4",
        at=")\n        return (out",
        fixed="out, _ = pad_packed_sequence(self.gru(packed)[0], batch_first=True, total_length=x.size(1))",
    ),
)
