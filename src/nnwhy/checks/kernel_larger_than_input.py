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

from nnwhy.checks.basis.convolutions import CONVOLUTIONS, failed_convolutions
from nnwhy.checks.basis.editing import labelled
from nnwhy.checks.basis.fits import smallest_input
from nnwhy.checks.basis.mending import distinct, shown_name
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.resizing import resized
from nnwhy.checks.basis.settings import Setting, call_setting, module_setting
from nnwhy.checks.basis.solving import Candidate, candidates
from nnwhy.checks.basis.subject import Subject, integers
from nnwhy.checks.basis.ways import ways_to_set
from nnwhy.checks.basis.words import times
from nnwhy.facts.expression import Size
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.trace import Call, Tensor

_POOLS = tuple(f"{kind}_pool{rank}d" for kind in ("max", "avg", "lp") for rank in (1, 2, 3))


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
    for call, x in failed:
        found = _finding(subject, call, x)
        if found is not None:
            yield found


def _finding(subject: Subject, call: Call, x: Tensor) -> Finding | None:
    rank = int(call.name[-2])
    kernels = _kernels(subject, call, rank)
    padding = _many(call, "padding", rank, 0)
    dilation = _many(call, "dilation", rank, 1)
    if kernels is None or len(kernels) != rank or len(x.shape) < rank:
        return None
    axes = list(range(len(x.shape) - rank, len(x.shape)))
    sizes = [x.shape[axis] for axis in axes]
    reach = [d * (k - 1) + 1 for k, d in zip(kernels, dilation, strict=True)]
    room = [size + 2 * p for size, p in zip(sizes, padding, strict=True)]
    short = [index for index in range(rank) if reach[index] > room[index]]
    if not short:
        return None
    module = subject.layer(call)
    setting = (
        module_setting(subject, module, "kernel_size")
        if module
        else call_setting(subject, call, "kernel_size")
    )
    roots = [Size(x.id, axes[index], sizes[index]) for index in short]
    needed = [reach[index] - 2 * padding[index] for index in short]
    new = [room[index] if index in short else kernels[index] for index in range(rank)]
    fixes = _smaller(subject, setting, kernels, new) if max(dilation) == 1 and min(new) > 0 else []
    fixes += _earlier(subject, roots, needed, setting)
    sides = smallest_input(subject, roots, needed)
    fixes += resized(subject, sides) if sides else []
    outer = subject.user_call(call).place
    word = " of ".join(filter(None, [_axis_words(subject, x, axes, short), times(sizes)]))
    return Finding(
        check="kernel-larger-than-input",
        severity="error",
        place=setting.place or (module.constructed[0] if module and module.constructed else outer),
        values={
            "layer": shown_name(module, call.name), "kernel": times(reach), "map": times(sizes).replace(" × ", "×"),
            "axes": word,
        },
        expected=times(reach),
        actual=times(sizes),
        derivations=tuple(subject.derivations.of(root.tensor, root.axis) for root in roots[:1]),
        fits=(f"{times(reach)} fits from an input of {times(sides.values())} on",) if sides else (),
        fixes=tuple(distinct(fixes)),
        also=(outer,) if outer else (),
        module=module.path if module else "",
        call=call.id,
    )  # fmt: skip


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
        return [
            labelled(subject, way.edits, means="the window that just fits")
            for way in ways_to_set(subject, whole, new[0])
        ]
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
)
