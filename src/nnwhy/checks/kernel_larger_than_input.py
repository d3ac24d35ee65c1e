"""A kernel or pool is larger than the map that is left for it.

## What it finds
A convolution or pool whose window (dilated, against the padded input) does not fit even once: earlier strides and pools
have shrunk the map to less than the kernel, or to nothing.

## Why it matters
The pass stops there. The network was made for larger inputs: "DCGAN for 64×64" ends in a 4×4 kernel on a 4×4 map; a
32×32 picture leaves 2×2.

## Example
    nn.Conv2d(512, 1, 4, 1, 0)          # on (N, 512, 2, 2)

## Use instead
    nn.Conv2d(512, 1, 2, 1, 0)
one pool or stride fewer, padding, or a larger picture.

## When it is fine
Never: the call raises. `# nnwhy: ignore[kernel-larger-than-input]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html (the formula for the output size)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from nnwhy.checks.basis.before_linear import made_by
from nnwhy.checks.basis.convolutions import CONVOLUTIONS, failed_convolutions
from nnwhy.checks.basis.editing import labelled
from nnwhy.checks.basis.fits import fits_for_product
from nnwhy.checks.basis.mending import distinct, shown_name
from nnwhy.checks.basis.other_inputs import Floor, large_enough
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.resizing import resized
from nnwhy.checks.basis.settings import Setting, call_setting, module_setting
from nnwhy.checks.basis.shapes import mismatched_linears
from nnwhy.checks.basis.sharing import shared_with_others
from nnwhy.checks.basis.solving import Candidate, candidates
from nnwhy.checks.basis.subject import Subject, integers, traced
from nnwhy.checks.basis.ways import ways_to_set
from nnwhy.checks.basis.words import times
from nnwhy.facts.expression import Size
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.trace import Call, Tensor

_POOLS = tuple(f"{kind}_pool{rank}d" for kind in ("max", "avg", "lp") for rank in (1, 2, 3))


@dataclass(frozen=True, slots=True)
class _Short:
    """A window that does not fit: `short` are the axes (counted among the spatial ones) along which it does not."""

    call: Call
    x: Tensor
    kernels: list[int]
    reach: list[int]
    room: list[int]
    axes: list[int]
    short: list[int]
    plain: bool

    @property
    def floors(self) -> list[Floor]:
        """What the map must at least measure along these axes."""
        return [
            (Size(self.x.id, self.axes[i], self.x.shape[self.axes[i]]), self.x.shape[self.axes[i]] + self.reach[i] - self.room[i])
            for i in self.short
        ]  # fmt: skip


@check(
    name="kernel-larger-than-input",
    severity="error",
    summary="A kernel or pool is larger than the map that is left for it.",
    title="{layer} needs {kernel} and gets a map of {map}",
)
def kernel_larger_than_input(subject: Subject) -> Iterator[Finding]:
    failed = [
        (c.call, c.x)
        for c in failed_convolutions(subject)
        if c.layout == "kernel" and "transpose" not in c.call.name
    ]
    for call, _ in subject.failed(*_POOLS):
        x = subject.argument(call, "input")
        if x is not None:
            failed.append((call, x))
    all_short = [short for call, x in failed if (short := _short(subject, call, x)) is not None]
    floors = [floor for short in all_short for floor in short.floors]
    for short in all_short:
        yield _finding(subject, short, floors)


def _short(subject: Subject, call: Call, x: Tensor) -> _Short | None:
    rank = int(call.name[-2])
    kernels = _kernels(subject, call, rank)
    padding = _many(call, "padding", rank, 0)
    dilation = _many(call, "dilation", rank, 1)
    if kernels is None or len(kernels) != rank or len(x.shape) < rank:
        return None
    axes = list(range(len(x.shape) - rank, len(x.shape)))
    reach = [d * (k - 1) + 1 for k, d in zip(kernels, dilation, strict=True)]
    room = [x.shape[axis] + 2 * p for axis, p in zip(axes, padding, strict=True)]
    short = [index for index in range(rank) if reach[index] > room[index]]
    return _Short(call, x, kernels, reach, room, axes, short, max(dilation) == 1) if short else None


def _finding(subject: Subject, found: _Short, floors: list[Floor]) -> Finding:
    call, x = found.call, found.x
    module = subject.layer(call)
    setting = (
        module_setting(subject, module, "kernel_size")
        if module
        else call_setting(subject, call, "kernel_size")
    )
    sizes = [x.shape[axis] for axis in found.axes]
    roots, needed = [floor for floor, _ in found.floors], [need for _, need in found.floors]
    new = [
        room if index in found.short else kernel
        for index, (room, kernel) in enumerate(zip(found.room, found.kernels, strict=True))
    ]
    fits, other = _agreed_behind(subject, call, floors)
    fixes = resized(subject, other) if other else []
    fixes += _smaller(subject, setting, found.kernels, new) if found.plain and min(new) > 0 else []
    fixes += _earlier(subject, roots, needed, setting)
    sides, enough = large_enough(subject, found.floors), large_enough(subject, floors)
    for larger in (enough, sides):
        fixes += resized(subject, larger) if larger else []
    from_on = [f"{times(found.reach)} fits from an input of {times(sides.values())} on"] if sides else []
    if enough and enough != sides:
        from_on.append(f"all windows fit from an input of {times(enough.values())} on")
    outer = subject.user_call(call).place
    word = " of ".join(filter(None, [_axis_words(subject, x, found.axes, found.short), times(sizes)]))
    return Finding(
        check="kernel-larger-than-input",
        severity="error",
        place=setting.place or (module.constructed[0] if module and module.constructed else outer),
        values={
            "layer": shown_name(module, call.name), "kernel": times(found.reach), "map": times(sizes).replace(" × ", "×"),
            "axes": word,
        },
        expected=times(found.reach),
        actual=times(sizes),
        derivations=tuple(subject.derivations.of(root.tensor, root.axis) for root in roots[:1]),
        fits=(*from_on, *fits),
        fixes=tuple(distinct(fixes)),
        also=(outer,) if outer else (),
        module=module.path if module else "",
        call=call.id,
    )  # fmt: skip


def _agreed_behind(
    subject: Subject, call: Call, floors: list[Floor]
) -> tuple[tuple[str, ...], dict[tuple[int, int], int]]:
    """What a number that was written down behind the window says of the input, where all windows fit it as well."""
    for later in subject.calls[call.id + 1 :]:
        x = subject.argument(later, "input")
        wanted = integers(later.arguments.get("shape"))
        if later.name in ("view", "reshape") and x is not None and len(x.shape) > 2 and len(wanted) == 2:
            given = later.arguments.get("shape")
            if wanted[1] > 1 and isinstance(given, tuple) and not traced(given[1]):
                fits, found = fits_for_product(subject, x.id, wanted[1], floors)
                return fits, found.sizes if found else {}
    for linear in mismatched_linears(subject):
        flat = made_by(subject, linear.tensor, ("flatten", "view", "reshape"))
        if (
            linear.call.id > call.id
            and flat is not None
            and prod(subject.shape(flat.inputs[0])[1:]) == linear.size.value
        ):
            fits, found = fits_for_product(subject, flat.inputs[0], linear.wanted, floors)
            return fits, found.sizes if found else {}
    return (), {}


def _axis_words(subject: Subject, x: Tensor, axes: list[int], short: list[int]) -> str:
    return " and ".join(
        subject.derivations.axes.name(x.id, axes[index]) or f"axis {axes[index]}" for index in short
    )


def _kernels(subject: Subject, call: Call, rank: int) -> list[int] | None:
    if call.name in CONVOLUTIONS:
        weight = subject.argument(call, "weight")
        return list(weight.shape[2:]) if weight else None
    found = _many(call, "kernel_size", rank, 0)
    return found if all(found) else None


def _many(call: Call, name: str, rank: int, default: int) -> list[int]:
    given = integers(call.arguments.get(name)) or (default,)
    return list(given * rank if len(given) == 1 else given)[:rank]


def _smaller(subject: Subject, setting: Setting, kernels: list[int], new: list[int]) -> list[Fix]:
    """The kernel that just fits; where only one axis is short, a tuple."""
    if setting.place is None:
        return []
    text = subject.text(setting.place)
    if len(set(new)) == 1 and len(set(kernels)) == 1:
        whole = Setting(setting.owner, setting.call, setting.name, None, kernels[0], setting.place)
        ways = ways_to_set(subject, whole, new[0])
        if shared_with_others(subject, setting.place, kernels[0]):  # the others have room for theirs
            ways.sort(key=lambda way: way.kind == "definition")
        return [labelled(subject, way.edits, means="the window that just fits") for way in ways]
    written = f"({', '.join(map(str, new))})"
    return (
        [labelled(subject, [Edit(setting.place, written)], means="the window that just fits")] if text else []
    )


def _earlier(subject: Subject, roots: list[Size], needed: list[int], own: Setting) -> list[Fix]:
    """Another stride or padding before that leaves a map large enough, the nearest first."""
    found: list[Fix] = []

    def enough(values: list[int]) -> bool:
        return all(value >= need for value, need in zip(values, needed, strict=True))

    for candidate in candidates(subject, roots, enough, linear=False):
        if candidate.setting.place == own.place or not _gentle(candidate):
            continue
        for way in ways_to_set(subject, candidate.setting, candidate.value)[:1]:
            name, old = candidate.setting.name, candidate.setting.value
            found.append(
                labelled(
                    subject,
                    way.edits,
                    means=f"{candidate.setting.owner or ''} {name} {old} → {candidate.value}".strip(),
                )
            )
        if len(found) == 4:
            break
    return found


def _gentle(candidate: Candidate) -> bool:
    change = candidate.value - candidate.setting.value
    return (candidate.setting.name == "stride" and change < 0) or (
        candidate.setting.name == "padding" and change in (1, 2)
    )


good = (
    Good(
        """
        from torch import nn

        net = nn.Sequential(nn.Conv2d(3, 8, 4, 2, 1), nn.Conv2d(8, 1, 4))
        """,
        "2,3,16,16",
        entry="net",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        net = nn.Sequential(nn.Conv2d(3, 8, 4, 2, 1), nn.Conv2d(8, 8, 4, 2, 1), nn.Conv2d(8, 1, 5))
        """,
        "2,3,16,16",
        at="5)",
        fixed="net = nn.Sequential(nn.Conv2d(3, 8, 4, 2, 1), nn.Conv2d(8, 8, 4, 2, 1), nn.Conv2d(8, 1, 4))",
        entry="net",
    ),
    Bad(
        """
        import torch
        from torch import nn

        FRAMES = 3
        SIDE = 32

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv3d(1, 2, 3, padding=1)
                self.pool = nn.MaxPool3d(4)
                self.fc = nn.Linear(32, 2)

            def forward(self, x):
                return self.fc(self.pool(self.conv(x)).view(-1, 32))

        def main():
            return Net()(torch.rand(1, 1, FRAMES, SIDE, SIDE))
        """,
        "1,1,3,32,32",
        at="3",
        fixed="SIDE = 16",
    ),
)
