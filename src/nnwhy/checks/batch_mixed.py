"""A view or reshape moves numbers of one sample into another.

## What it finds
A `view` or `reshape` behind which the samples of a batch depend on each other (tried: one sample is changed and the others'
results are watched), and one that turns N samples into another number of rows.

## Why it matters
`view` and `reshape` read the memory in order and only cut it anew. (2, N, hidden) viewed as (N, 2 · hidden) does not bring the
two directions of one sample together: it pairs different samples. Nothing fails; the network trains on a jumble, or the
loss complains about a batch of another size.

## Example
    h = h_n.view(-1, 2 * hidden)                            # h_n is (2, N, hidden)
    x = x.view(-1, 400)                                     # of (N, 16, 6, 6): 576 numbers a sample

## Use instead
    h = h_n.transpose(0, 1).reshape(-1, 2 * hidden)
    x = x.flatten(1)

## When it is fine
Where rows of one sample are split on purpose (patches, words) and joined again. `# nnwhy: ignore[batch-mixed]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.Tensor.view.html
- https://discuss.pytorch.org/t/118621
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import prod

from nnwhy.checks.basis.before_linear import cut_across
from nnwhy.checks.basis.echoes import doubtful_calls
from nnwhy.checks.basis.editing import bracketed, labelled
from nnwhy.checks.basis.fits import fits_for_product
from nnwhy.checks.basis.recurrent import state_of, state_words
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.rows_to_maps import maps_of_one_row
from nnwhy.checks.basis.shapes import mismatched_linears
from nnwhy.checks.basis.subject import Subject, integers
from nnwhy.checks.basis.view_numbers import layers_repeating, number_fixes
from nnwhy.checks.basis.words import shape_text, times
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.trace import Call, Tensor

_VIEWS = ("view", "reshape")


@check(
    name="batch-mixed",
    severity="warning",
    summary="A view or reshape moves numbers of one sample into another.",
    title="{name} of {shape} to {made} {effect}",
)
def batch_mixed(subject: Subject) -> Iterator[Finding]:
    mixing = subject.mixing_call
    told: set[object] = set()
    if mixing is not None and mixing.name in _VIEWS and subject.mixing and not subject.mixing.other_axis:
        seen = subject.evaluated
        x = seen.argument(mixing, "input")
        if x is not None and seen.owned(mixing.place):
            told.add(mixing.place)
            yield _finding(seen, mixing, x, "mixes the samples of the batch", _turned(seen, mixing, x))
    for call in subject.calls:
        x = subject.argument(call, "input")
        if (
            call.name not in _VIEWS
            or x is None
            or call.failure is not None
            or call.place in told
            or not subject.owned(call.place)
        ):
            continue
        rows = _rows_changed(subject, call, x)
        if rows is not None and not _told_behind(subject, call) and not doubtful_calls(subject, call):
            told.add(call.place)
            effect = f"makes {rows} rows of {x.shape[0]} sample{'s' * (x.shape[0] > 1)}: each holds {times(x.shape[1:])} = {prod(x.shape[1:])} numbers"
            fits, _ = fits_for_product(subject, x.id, integers(call.arguments.get("shape"))[1])
            yield replace(_finding(subject, call, x, effect, _kept(subject, call, x)), fits=fits)
            continue
        maps = maps_of_one_row(subject, call, x)
        if maps is not None:
            told.add(call.place)
            effect = f"makes {maps.rows} maps of {x.shape[0]} sample{'s' * (x.shape[0] > 1)}"
            yield replace(
                _finding(subject, call, x, effect, maps.fixes),
                because=(
                    f"one sample holds {x.shape[1]}; {times(maps.map)} = {prod(maps.map)} are asked for",
                ),
            )


def _finding(subject: Subject, call: Call, x: Tensor, effect: str, fixes: list[Fix]) -> Finding:
    made = subject.shape(call.outputs[0]) if call.outputs else ()
    state = state_of(subject, x.id)
    told = (
        (
            f"the last state of {state[0].path} is {state_words(state[0])}: the layers and directions stand first",
        )
        if state is not None and len(x.shape) == 3
        else ()
    )
    return Finding(
        check="batch-mixed",
        severity="warning",
        place=call.place,
        values={"name": call.name, "shape": shape_text(x.shape), "made": shape_text(made), "effect": effect},
        because=(
            *told,
            "view and reshape cut the memory anew in the order it lies; they do not move axes: permute or transpose does",
        ),
        derivations=tuple(subject.derivations.of(x.id, axis) for axis in range(1, len(x.shape)))[:3],
        fixes=tuple(fixes),
        module=call.module,
    )


def _told_behind(subject: Subject, call: Call) -> bool:
    """Whether a linear layer behind it fails on the rows because it takes whole samples: `linear-features` tells it there."""
    return any(
        (made := cut_across(subject, linear)) is not None and made.id == call.id
        for linear in mismatched_linears(subject)
    )


def _rows_changed(subject: Subject, call: Call, x: Tensor) -> int | None:
    """Rows that a flat view of a map makes, where they are not the samples and not whole rows of the map either."""
    wanted = integers(call.arguments.get("shape"))
    if len(wanted) != 2 or len(x.shape) < 3 or wanted[0] != -1 or not call.outputs:
        return None
    made = subject.shape(call.outputs[0])
    suffixes = {prod(x.shape[index:]) for index in range(len(x.shape))}
    if made[0] == x.shape[0] or wanted[1] in suffixes or not _image(subject, x):
        return None
    return made[0]


def _image(subject: Subject, x: Tensor) -> bool:
    names = subject.derivations.axes.of(x.id)
    return len(x.shape) >= 4 or (len(names) > 1 and names[1] == "channels")


def _turned(subject: Subject, call: Call, x: Tensor) -> list[Fix]:
    """The batch's axis to the front before the view."""
    written = subject.source_call(call.place)
    if written is None or written.receiver is None or len(x.shape) < 2:
        return []
    receiver = bracketed(subject.text(written.receiver))
    axis = _batch_axis(subject, x)
    arguments = ", ".join(f"{a.name}={a.text}" if a.name else a.text for a in written.arguments)
    if axis is None or axis == 0:
        return []
    swapped = list(range(len(x.shape)))
    swapped[0], swapped[axis] = axis, 0
    order = _order(subject, call, x)
    moves = [f"transpose(0, {axis})"]
    if order is not None and list(order) != swapped:
        moves.insert(0, f"permute({', '.join(map(str, order))})")
    edits = [Edit(written.place, f"{receiver}.{move}.reshape({arguments})") for move in moves]
    return [labelled(subject, [edit], means="brings the batch to the front first") for edit in edits]


def _order(subject: Subject, call: Call, x: Tensor) -> tuple[int, ...] | None:
    """The axes in the order of what the view makes, where each size of that but one is an axis and the one joins the others."""
    made = subject.shape(call.outputs[0]) if call.outputs else ()
    single: list[int | None] = []
    for size in made:
        axes = [axis for axis in range(len(x.shape)) if x.shape[axis] == size and axis not in single]
        single.append(axes[0] if len(axes) == 1 else None)
    rest = [axis for axis in range(len(x.shape)) if axis not in single]
    if (
        single.count(None) != 1
        or not rest
        or prod(x.shape[axis] for axis in rest) != made[single.index(None)]
    ):
        return None
    order: list[int] = []
    for axis in single:
        order += rest if axis is None else [axis]
    return tuple(order) if order != sorted(order) else None


def _batch_axis(subject: Subject, x: Tensor) -> int | None:
    """The axis that is as long as the input's first one, by where it comes from, else the second."""
    inputs = subject.inputs()
    for axis in range(len(x.shape)):
        root = subject.root(x.id, axis)
        if root.tensor in inputs and root.axis == 0:
            return axis
    batch = {subject.shape(tensor)[0] for tensor in inputs if subject.shape(tensor)}
    return next((axis for axis in range(len(x.shape)) if x.shape[axis] in batch), None)


def _kept(subject: Subject, call: Call, x: Tensor) -> list[Fix]:
    written = subject.source_call(call.place)
    if written is None or written.receiver is None:
        return []
    receiver = bracketed(subject.text(written.receiver))
    total, wanted = prod(x.shape[1:]), integers(call.arguments.get("shape"))[1]
    flat = labelled(subject, [Edit(written.place, f"{receiver}.flatten(1)")], means="one row for each sample")
    numbers = number_fixes(subject, call, 1, total, x.id)
    # A layer behind that takes just the stated number must change with it.
    return [*numbers, flat] if layers_repeating(subject, call, wanted) else [flat, *numbers]


good = (
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(3, 4, 3)
                self.fc = nn.Linear(4 * 6 * 6, 2)

            def forward(self, x):
                return self.fc(self.conv(x).view(-1, 4 * 6 * 6))
        """,
        "3,3,8,8",
    ),
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.embed = nn.Embedding(20, 8)
                self.out = nn.Linear(8, 20)

            def forward(self, ids):
                return self.out(self.embed(ids)).view(-1, 20)
        """,
        "3,5:int64",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.lstm = nn.LSTM(4, 5, bidirectional=True, batch_first=True)
                self.out = nn.Linear(10, 2)

            def forward(self, x):
                _, (h, _) = self.lstm(x)
                return self.out(h.view(-1, 10))
        """,
        "3,6,4",
        at="h.view(-1, 10)",
        fixed="return self.out(h.transpose(0, 1).reshape(-1, 10))",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(1, 16, 3)

            def forward(self, x):
                return self.conv(x).view(-1, 16 * 3 * 3).relu()
        """,
        "2,1,8,8",
        at="self.conv(x).view(-1, 16 * 3 * 3)",
        fixed="return self.conv(x).flatten(1).relu()",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self, side=8):
                super().__init__()
                self.side = side
                self.conv = nn.Conv2d(3, 6, 4, 2, 1)
                self.fc = nn.Linear(6 * (side // 2) * (side // 2), 2)

            def forward(self, x):
                x = self.conv(x)
                x = x.view(-1, 6 * (self.side // 2) * (self.side // 2))
                return self.fc(x)
        """,
        "3,3,16,16",
        at="8):",
        fixed="def __init__(self, side=16):",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.down = nn.Conv2d(3, 8, 4, 4)
                self.inner = nn.Sequential(nn.Flatten(), nn.Linear(128, 6), nn.Linear(6, 128))
                self.up = nn.ConvTranspose2d(8, 3, 4, 4)

            def forward(self, x):
                return self.up(self.inner(self.down(x)).view(-1, 8, 2, 2))
        """,
        "2,3,16,16",
        at="self.inner(self.down(x)).view(-1, 8, 2, 2)",
        fixed="return self.up(self.inner(self.down(x)).view(-1, 8, 4, 4))",
    ),
)
