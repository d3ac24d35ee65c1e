"""A view asks for sizes that do not make up the number of elements there is.

## What it finds
`view`, `reshape` or `unflatten` whose sizes do not multiply to the tensor's number of elements, or where what is left for
the −1 is no whole number.

## Why it matters
The pass stops there. Very often the number comes from a network for another picture size, and then the linear layer
behind the view has it as well: both must change.

## Example
    x = x.view(-1, 512 * 7 * 7)        # of (N, 512, 3, 3)
    x = self.fc(x)                     # nn.Linear(512 * 7 * 7, 64)

## Use instead
    x = x.view(-1, 512 * 3 * 3)        # and nn.Linear(512 * 3 * 3, 64)
or `x.flatten(1)`, which counts by itself and never mixes samples.

## When it is fine
Never: the call raises. `# nnwhy: ignore[view-size]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.Tensor.view.html
- https://docs.pytorch.org/docs/stable/generated/torch.flatten.html
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from nnwhy.checks.basis.editing import labelled
from nnwhy.checks.basis.fits import fits_for_map, fits_for_product
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.resizing import resized
from nnwhy.checks.basis.settings import argument_place
from nnwhy.checks.basis.subject import Subject, traced
from nnwhy.checks.basis.view_numbers import (
    asked_for,
    makes_up,
    map_fixes,
    map_meant,
    number_fixes,
    size_setting,
    stated,
    turned_axes,
)
from nnwhy.checks.basis.words import shape_text, times
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.trace import Call, Tensor


@check(
    name="view-size",
    severity="error",
    summary="A view asks for sizes that do not make up the elements there are.",
    title="{name} to {wanted} does not fit {shape}: {elements} elements",
)
def view_size(subject: Subject) -> Iterator[Finding]:
    for call, _ in subject.failed("view", "reshape", "unflatten"):
        x = subject.argument(call, "input")
        wanted = asked_for(call, x.shape) if x is not None else ()
        if x is None or not wanted or makes_up(x.shape, wanted):
            continue
        odd, fixes, fits = _diagnosed(subject, call, x, wanted)
        per_sample = prod(x.shape[1:])
        outer = subject.user_call(call).place
        place = size_setting(subject, call, x.shape, odd).place if odd is not None else outer
        yield Finding(
            check="view-size",
            severity="error",
            place=place or outer,
            values={
                "name": call.name, "wanted": shape_text(wanted), "shape": shape_text(x.shape),
                "elements": prod(x.shape), "per_sample": per_sample,
            },
            expected=shape_text(wanted),
            actual=shape_text(x.shape),
            because=_because(x.shape, wanted),
            derivations=tuple(
                subject.derivations.of(x.id, axis)
                for axis in range(1, 2 if _channels_asked(x.shape, wanted) else len(x.shape))
            ),
            fits=fits,
            fixes=tuple(fixes),
            also=(outer,) if outer else (),
            module=call.module,
            call=call.id,
        )  # fmt: skip


def _because(shape: tuple[int, ...], wanted: tuple[int, ...]) -> tuple[str, ...]:
    """What one sample holds, and where the batch is kept, what is asked of it."""
    holds = f"one sample holds {times(shape[1:])} = {prod(shape[1:])}"
    if len(shape) > 2:
        asked = _channels_asked(shape, wanted)
        return (
            (f"there are {shape[1]} channels; {times(asked)} = {prod(asked)} are asked for",)
            if asked
            else (holds,)
        )
    if len(shape) < 2 or len(wanted) < 3 or wanted[0] not in (-1, shape[0]) or min(wanted[1:]) < 1:
        return ()
    return (f"one sample holds {shape[1]}; {times(wanted[1:])} = {prod(wanted[1:])} are asked for",)


def _channels_asked(shape: tuple[int, ...], wanted: tuple[int, ...]) -> tuple[int, ...]:
    """What the channels of a map are cut into, where its batch and its sides stay as they are; () where it is not so."""
    sides = len(shape) - 2
    asked = wanted[1 : len(wanted) - sides]
    kept = sides > 0 and wanted[-sides:] == shape[2:] and wanted[0] in (-1, shape[0])
    return asked if kept and len(asked) > 1 and min(asked) > 0 else ()


def _diagnosed(
    subject: Subject, call: Call, x: Tensor, wanted: tuple[int, ...]
) -> tuple[int | None, list[Fix], tuple[str, ...]]:
    """The position of the wrong number, None where there is none, the ways out, and what the number would be right for."""
    open_batch = _batch_left_open(subject, call, x.shape, wanted) if call.name != "unflatten" else []
    if open_batch:
        return 0, open_batch, ()
    turned = turned_axes(subject, call, x.shape, wanted)
    if turned is not None:
        return turned[0], [turned[1]], ()
    meant = map_meant(call, x.shape, wanted)
    if meant:
        side = next(iter(meant))
        axes = [index - len(wanted) for index in meant]
        fits, other = fits_for_map(subject, x.id, axes, [wanted[index] for index in meant])
        fixes = [*map_fixes(subject, call, x.shape, meant), *(resized(subject, other.sizes) if other else [])]
        return side, fixes, fits
    plain = stated(call, x.shape, wanted)
    odd = max(plain, key=lambda index: wanted[index], default=None)
    new = _needed(x.shape, wanted, odd) if odd else None
    if odd is None or new is None:
        return odd, [], ()
    fits, other = fits_for_product(subject, x.id, wanted[odd])
    fixes = number_fixes(subject, call, odd, new, x.id)
    return odd, [*fixes, *(resized(subject, other.sizes) if other else [])], fits


def _batch_left_open(
    subject: Subject, call: Call, shape: tuple[int, ...], wanted: tuple[int, ...]
) -> list[Fix]:
    """Where only the first number is wrong, because it states another batch size than the input has: −1, which any batch fits."""
    given = call.arguments.get("shape")
    first = given[0] if isinstance(given, tuple) and given else given
    rest = prod(wanted[1:])
    batches = {sizes[0] for tensor in subject.inputs() if len(sizes := subject.shape(tensor)) > 1}
    if len(wanted) < 2 or traced(first) or min(wanted) < 1 or prod(shape) % rest:
        return []
    rows = prod(shape) // rest
    place, _ = argument_place(subject, call, "shape", 0)
    if rows not in batches or place is None:
        return []
    return [labelled(subject, [Edit(place, "-1")], means=f"a batch of {rows} as well as one of {wanted[0]}")]


def _needed(shape: tuple[int, ...], wanted: tuple[int, ...], odd: int) -> int | None:
    """What that size should be so that the first axis stays the batch."""
    rest = prod(size for index, size in enumerate(wanted) if index not in (odd, 0) and size > 0)
    if odd == 0:
        return None
    if len(shape) == 1:
        total = shape[0]
    else:
        total = prod(shape[1:])
    first = wanted[0]
    if first > 0 and first != shape[0] and prod(shape) % first == 0:
        total = prod(shape) // first
    return total // rest if rest and total % rest == 0 else None


good = (
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(3, 4, 3)
                self.fc = nn.Linear(4 * 6 * 6, 10)

            def forward(self, x):
                return self.fc(self.conv(x).view(-1, 4 * 6 * 6))
        """,
        "2,3,8,8",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv1d(3, 8, 3)
                self.rnn = nn.GRU(8, 4, batch_first=True)

            def forward(self, x):
                x = self.conv(x).view(-1, 20, 8)
                return self.rnn(x)[0]
        """,
        "5,3,21",
        at="20, 8",
        fixed="x = self.conv(x).transpose(1, 2)",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self, side=5):
                super().__init__()
                self.side = side
                self.conv = nn.Conv2d(3, 8, 3)
                self.up = nn.Conv2d(8, 4, 1)

            def forward(self, x):
                x = self.conv(x).flatten(2)
                return self.up(x.view(x.size(0), 8, self.side, self.side))
        """,
        "2,3,8,8",
        at="5):",
        fixed="def __init__(self, side=6):",
    ),
    Bad(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(3, 8, 3)
                self.up = nn.Conv2d(16, 4, 1)

            def forward(self, x):
                x = self.conv(x)
                pairs = torch.cat((x[None].repeat(2, 1, 1, 1, 1), x[:, None].repeat(1, 2, 1, 1, 1)), 2)
                return self.up(pairs.view(-1, 16, 5, 5))
        """,
        "2,3,8,8",
        at="5, 5))",
        fixed="return self.up(pairs.view(-1, 16, 6, 6))",
    ),
    Bad(
        """
        from torch import nn

        ROWS = 16

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 8)

            def forward(self, x):
                return self.fc(x).view(ROWS, 5, 8)
        """,
        "11,5,4",
        at="ROWS, 5",
        fixed="return self.fc(x).view(-1, 5, 8)",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(3, 4, 3)
                self.fc = nn.Linear(4 * 7 * 7, 10)

            def forward(self, x):
                x = self.conv(x)
                x = x.view(-1, 4 * 7 * 7)
                return self.fc(x)
        """,
        "2,3,8,8",
        at="4 * 7 * 7",
        nth=1,
        fixed="x = x.view(-1, 4 * 6 * 6)",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self, width=8):
                super().__init__()
                self.width = width
                self.fc = nn.Linear(width, 64 * 2 * 2)
                self.up = nn.ConvTranspose2d(64, 3, 2, 2)

            def forward(self, z):
                shape = [z.size(0), self.width, 2, 2]
                return self.up(self.fc(z).view(shape))
        """,
        "1,8",
        at="width\n        self.fc",
        fixed="self.width = 64",
    ),
    Bad(
        """
        from torch import nn

        net = nn.Sequential(nn.Linear(8, 4 * 6 * 6), nn.Unflatten(1, (4, 5, 5)), nn.Conv2d(4, 2, 3))
        """,
        "2,8",
        at="5, 5))",
        fixed="net = nn.Sequential(nn.Linear(8, 4 * 6 * 6), nn.Unflatten(1, (4, 6, 6)), nn.Conv2d(4, 2, 3))",
        entry="net",
    ),
)
