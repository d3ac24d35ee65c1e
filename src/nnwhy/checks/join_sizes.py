"""Tensors are joined that differ in another axis than the one they are joined along.

## What it finds
`cat` and `stack` of tensors whose other axes are not all alike: a skip connection of a U-Net that is off by one after
halving an odd size, a wrong `dim`, a tensor with an axis too few.

## Why it matters
The pass stops there. 43 halves to 22 with padding and doubles to 44; no layer is wrong, the sizes have to be brought
together: crop or pad one map, or use a side that halves evenly as often as the network halves.

## Example
    x = torch.cat([self.up(x), skip], dim=1)        # (N, 16, 64, 44) and (N, 16, 64, 43)

## Use instead
    x = self.up(x)
    x = torch.cat([x[:, :, :skip.size(2), :skip.size(3)], skip], dim=1)

## When it is fine
Never: the call raises. `# nnwhy: ignore[join-sizes]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.cat.html
- Ronneberger et al., U-Net, 2015, https://arxiv.org/abs/1505.04597 (crops its skips)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nnwhy.checks.basis.agreeing import agreeing_fixes, cropped, fitting_side, half_the_kernel
from nnwhy.checks.basis.editing import bracketed, labelled
from nnwhy.checks.basis.operands import operands
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.settings import argument_place
from nnwhy.checks.basis.subject import Subject, integer
from nnwhy.checks.basis.upsampled import enlarged_alone, given_size, meeting
from nnwhy.checks.basis.words import shape_text
from nnwhy.facts.expression import Size
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.trace import Call, Tensor


@check(
    name="join-sizes",
    severity="error",
    summary="Tensors are joined that differ in another axis than the one they are joined along.",
    title="{name} along axis {dim}: {shapes} differ in {axis}: {first} and {second}",
)
def join_sizes(subject: Subject) -> Iterator[Finding]:
    for call, _ in subject.failed("cat", "concat", "concatenate", "stack"):
        parts = _parts(subject, call)
        if len(parts) < 2:
            continue
        rank = max(len(part.shape) for part in parts)
        dim = (integer(call.arguments.get("dim", call.arguments.get("axis"))) or 0) % (
            rank + (call.name == "stack")
        )
        if any(len(part.shape) != rank for part in parts):
            yield _ranks(subject, call, parts, dim, rank)
            continue
        axes = [
            axis for axis in range(rank)
            if (call.name == "stack" or axis != dim) and len({part.shape[axis] for part in parts}) > 1
        ]  # fmt: skip
        if axes:
            yield _sizes(subject, call, parts, dim, axes)


def _sizes(subject: Subject, call: Call, parts: list[Tensor], dim: int, axes: list[int]) -> Finding:
    one = parts[0]
    other = next(part for part in parts if part.shape[axes[0]] != one.shape[axes[0]])
    lefts = [Size(one.id, axis, one.shape[axis]) for axis in axes]
    rights = [Size(other.id, axis, other.shape[axis]) for axis in axes]
    all_sizes = [[Size(part.id, axis, part.shape[axis]) for axis in axes] for part in parts]
    places = operands(subject, call)
    crop = cropped(subject, places, [part.shape for part in parts], axes)
    apart = max(one.shape[axes[0]], other.shape[axes[0]]) >= 1.5 * min(
        one.shape[axes[0]], other.shape[axes[0]]
    )
    swapped = [*_exchanged(subject, call), *_other_map(subject, call, parts, places, axes)] if apart else []
    halved = half_the_kernel(subject, [part.id for part in parts])
    alone = enlarged_alone(subject, parts)
    fixes = [
        *swapped,
        *((given_size(subject, call, places, parts) or meeting(subject, places, parts)) if alone else ()),
        *crop,
        *halved,
        *_other_dim(subject, call, axes, dim),
        *agreeing_fixes(subject, *all_sizes),
    ]
    side = fitting_side(subject, lefts, rights)
    name = subject.derivations.axes.name(one.id, axes[0])
    return Finding(
        check="join-sizes",
        severity="error",
        place=fixes[0].edits[0].place if fixes and fixes[0].edits else call.place,
        values={
            "name": call.name, "dim": dim, "shapes": " and ".join(shape_text(part.shape) for part in parts),
            "axis": f"{name or 'the size'} (axis {axes[0]})", "first": one.shape[axes[0]], "second": other.shape[axes[0]],
        },
        expected=shape_text(one.shape),
        actual=shape_text(other.shape),
        derivations=(subject.derivations.of(one.id, axes[0]), subject.derivations.of(other.id, axes[0])),
        fits=(side,) if side else (),
        fixes=tuple(fixes),
        also=(call.place,) if call.place else (),
        module=call.module,
        call=call.id,
    )  # fmt: skip


def _exchanged(subject: Subject, call: Call) -> Iterator[Fix]:
    """Two joins of one function that each got the map of the other."""
    swaps: list[tuple[Edit, str]] = []
    for failed, _ in subject.failed("cat", "concat", "concatenate"):
        parts, places = _parts(subject, failed), operands(subject, failed)
        if failed.place is None or call.place is None or failed.place.function != call.place.function:
            continue
        fix = next(_other_map(subject, failed, parts, places, [2]), None)
        if fix is not None:
            swaps.append((fix.edits[0], subject.text(fix.edits[0].place)))
    gone, come = sorted(old for _, old in swaps), sorted(edit.text for edit, _ in swaps)
    if len(swaps) == 2 and gone == come:
        edits = [edit for edit, _ in swaps]
        yield labelled(subject, edits, means=f"{' and '.join(gone)} change places", safe=False)


def _other_map(
    subject: Subject, call: Call, parts: list[Tensor], places: Sequence[Place], axes: list[int]
) -> Iterator[Fix]:
    """Skips handed over in the wrong order: another tensor of the function that has the sizes of the other part."""
    if len(parts) != 2 or len(places) != 2 or call.place is None:
        return
    source = subject.sources[call.place.path]
    held: dict[Place, str] = {
        a.value: a.target for a in source.assignments
        if a.scope == call.place.function and a.form == "Call" and a.target.isidentifier()
    }  # fmt: skip
    for index, part in enumerate(parts):
        fixed = parts[1 - index]
        if not subject.text(places[index]).isidentifier():
            continue
        for made in subject.calls[: call.id]:
            name = held.get(made.place) if made.place is not None and len(made.outputs) == 1 else None
            if (
                name is None
                or made.id != subject.user_call(made).id
                or made.outputs[0] in (part.id, fixed.id)
            ):
                continue
            shape = subject.shape(made.outputs[0])
            fits = len(shape) == len(fixed.shape) and all(shape[axis] == fixed.shape[axis] for axis in axes)
            if fits and shape[1:2] == fixed.shape[1:2] and name != subject.text(places[1 - index]):
                means = f"{name} is {shape_text(shape)}, as large as what it is joined to"
                yield labelled(subject, [Edit(places[index], name)], means=means, safe=False)


def _ranks(subject: Subject, call: Call, parts: list[Tensor], dim: int, rank: int) -> Finding:
    places = operands(subject, call)
    fixes: list[Fix] = []
    if len(places) == len(parts):
        edits = _brought_together(subject, parts, list(places), dim, rank)
        if edits:
            fixes = [labelled(subject, edits, means="gives every part as many axes")]
    short = next(part for part in parts if len(part.shape) != rank)
    return Finding(
        check="join-sizes",
        severity="error",
        place=fixes[0].edits[0].place if fixes else call.place,
        values={
            "name": call.name, "dim": dim, "shapes": " and ".join(shape_text(part.shape) for part in parts),
            "axis": "their number of axes", "first": len(short.shape), "second": rank,
        },
        expected=f"{rank} axes",
        actual=f"{len(short.shape)} axes",
        fixes=tuple(fixes),
        also=(call.place,) if call.place else (),
        module=call.module,
        call=call.id,
    )  # fmt: skip


def _brought_together(
    subject: Subject, parts: list[Tensor], places: list[Place], dim: int, rank: int
) -> list[Edit]:
    """Edits that give all parts as many axes: those of length 1 at the end dropped, else the shorter parts stretched."""
    least = min(len(part.shape) for part in parts)
    long = [index for index, part in enumerate(parts) if len(part.shape) > least]
    if least > 1 and all(set(parts[index].shape[least:]) == {1} for index in long):
        return [Edit(places[i], f"{bracketed(subject.text(places[i]))}.flatten({least - 1})") for i in long]
    edits: list[Edit] = []
    index = next(i for i, part in enumerate(parts) if len(part.shape) == rank)
    longest = parts[index]
    for part, place in zip(parts, places, strict=True):
        missing = rank - len(part.shape)
        if not missing:
            continue
        text = bracketed(subject.text(place))
        exact = [
            i
            for i in range(rank)
            if part.shape[:i] == longest.shape[:i] and part.shape[i:] == longest.shape[i + 1 :]
        ]
        if missing == 1 and (exact or rank == 2):
            edits.append(Edit(place, f"{text}.unsqueeze({exact[0] if exact else dim})"))
        elif missing == 1 and part.shape[0] == longest.shape[0] and dim == rank - 1:
            whole = subject.text(places[index])
            sizes = [
                f"{whole}.size({i})" if whole.isidentifier() else str(longest.shape[i])
                for i in range(1, rank - 1)
            ]
            edits.append(Edit(place, f"{text}.unsqueeze(1).expand(-1, {', '.join(sizes)}, -1)"))
        elif missing == 1:
            edits.append(Edit(place, f"{text}.unsqueeze({dim})"))
        elif part.shape[:2] == longest.shape[:2] or dim == 1:
            stretched = ", ".join(
                ["-1"] * len(part.shape) + [str(size) for size in longest.shape[len(part.shape) :]]
            )
            edits.append(Edit(place, f"{text}[..., {', '.join(['None'] * missing)}].expand({stretched})"))
    return edits


def _parts(subject: Subject, call: Call) -> list[Tensor]:
    given = call.arguments.get("tensors")
    found = [subject.tensor(item) for item in given] if isinstance(given, tuple) else []
    return [tensor for tensor in found if tensor is not None]


def _other_dim(subject: Subject, call: Call, axes: list[int], dim: int) -> list[Fix]:
    """Where the tensors differ in one axis alone, they may have been meant to be joined along it."""
    if call.name == "stack" or len(axes) != 1:
        return []
    place = argument_place(subject, call, "dim")[0] or argument_place(subject, call, "axis")[0]
    written = subject.source_call(call.place)
    if place is not None:
        return [labelled(subject, [Edit(place, str(axes[0]))], means=f"joins along axis {axes[0]}")]
    if written is not None and dim == 0:
        from nnwhy.checks.basis.editing import added_argument

        return [
            labelled(
                subject, [added_argument(written, f"dim={axes[0]}")], means=f"joins along axis {axes[0]}"
            )
        ]
    return []


good = (
    Good(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def forward(self, x):
                return torch.cat([x, x[:, :1]], dim=1)
        """,
        "2,3,8,8",
    ),
)
bad = (
    Bad(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.down = nn.Conv2d(3, 3, 3, stride=2, padding=1)
                self.up = nn.ConvTranspose2d(3, 3, 2, stride=2)

            def forward(self, x):
                y = self.up(self.down(x))
                return torch.cat([y, x], dim=1)
        """,
        "2,3,8,9",
        at="y, x",
        fixed="return torch.cat([y[:, :, :, :x.size(3)], x], dim=1)",
    ),
    Bad(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.pool = nn.MaxPool2d(2)
                self.up = nn.Upsample(scale_factor=2)

            def forward(self, x):
                y = self.up(self.pool(x))
                return torch.cat([y, x], dim=1)
        """,
        "2,3,8,9",
        at="y, x",
        fixed="return torch.cat([nn.functional.interpolate(y, size=x.shape[2:]), x], dim=1)",
    ),
    Bad(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def forward(self, x):
                return torch.cat([x, x[:, :1]], dim=0)
        """,
        "2,3,8,8",
        at="0)",
        fixed="return torch.cat([x, x[:, :1]], dim=1)",
    ),
    Bad(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.paths = nn.ModuleList([nn.Conv2d(3, 4, k, padding=1) for k in (1, 3, 5)])

            def forward(self, x):
                return torch.cat([path(x) for path in self.paths], dim=1)
        """,
        "2,3,8,8",
        at="1) for",
        fixed="self.paths = nn.ModuleList([nn.Conv2d(3, 4, k, padding=k // 2) for k in (1, 3, 5)])",
    ),
)
