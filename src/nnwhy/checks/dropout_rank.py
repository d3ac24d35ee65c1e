"""A channel-wise dropout meets data that has no such channels.

## What it finds
`Dropout1d`, `Dropout2d` and `Dropout3d` (and their functional forms) on tensors with fewer axes than they are made for.

## Why it matters
They drop whole channels, because neighbouring values of one map are alike (Tompson et al. 2015).
- `Dropout2d` on (N, C) has no maps at all. Today it computes what `Dropout` does; it warns, and will be an error.
- `Dropout2d` on (N, C, L) takes it for (N, C, L) and warns that this will change.
- `Dropout1d` on (N, C) and `Dropout3d` on (N, C, H, W) take the batch for the channels: they erase **whole samples**,
  and say nothing.

## Example
    self.dropout2 = nn.Dropout2d(0.5)
    x = self.dropout2(self.fc1(x))          # (N, 128)

## Use instead
    self.dropout2 = nn.Dropout(0.5)

## When it is fine
Where an unbatched (C, L) or (C, D, H, W) is really meant. `# nnwhy: ignore[dropout-rank]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout2d.html
- https://arxiv.org/abs/1411.4280
- https://github.com/pytorch/pytorch/issues/69801
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nnwhy.checks.basis.bindings import entry
from nnwhy.checks.basis.definitions import parsed
from nnwhy.checks.basis.editing import labelled
from nnwhy.checks.basis.operands import inside
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.words import shape_text
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceCall
from nnwhy.facts.trace import Call

_MADE_FOR = {"dropout1d": 3, "dropout2d": 4, "dropout3d": 5}
_UNBATCHED = {"dropout1d": 2, "dropout3d": 4}


@check(
    name="dropout-rank",
    severity="warning",
    summary="A channel-wise dropout meets data that has no such channels.",
    title="{layer} gets {shape}: {effect}",
)
def dropout_rank(subject: Subject) -> Iterator[Finding]:
    told: set[object] = set()
    for call in subject.calls:
        rank = _MADE_FOR.get(call.name)
        x = subject.argument(call, "input")
        if call.kind != "function" or rank is None or x is None or len(x.shape) >= rank:
            continue
        module = subject.layer(call)
        place = module.constructed[0] if module and module.constructed else call.place
        if place in told or not subject.owned(place):
            continue
        told.add(place)
        erases = _UNBATCHED.get(call.name) == len(x.shape)
        if erases and _unbatched(subject):
            continue
        yield Finding(
            check="dropout-rank",
            severity="warning",
            place=place,
            values={
                "layer": (module.path if module else "") or call.name, "shape": shape_text(x.shape),
                "effect": _effect(call, len(x.shape), erases),
            },
            expected=f"{rank} axes",
            actual=f"{len(x.shape)} axes",
            because=_reasons(call, len(x.shape), erases),
            fixes=tuple(_fixes(subject, call, place, len(x.shape))),
            also=(outer,) if (outer := subject.user_call(call).place) else (),
            module=module.path if module else "",
        )  # fmt: skip


def _unbatched(subject: Subject) -> bool:
    """Whether the network's own inputs have no batch, as far as their names tell."""
    first = (
        next((t for t in subject.trace.tensors if t.origin.kind == "input"), None) if subject.trace else None
    )
    return first is not None and "batch" not in subject.derivations.axes.of(first.id)


def _effect(call: Call, rank: int, erases: bool) -> str:
    if erases:
        return "the batch is taken for the channels, and whole samples are erased"
    if rank == 2:
        return "there are no channels of pixels in it"
    return "there are no maps of pixels in it"


def _reasons(call: Call, rank: int, erases: bool) -> tuple[str, ...]:
    if erases:
        return ("neither a warning nor an error is raised; the samples that are kept are scaled up",)
    if rank == 2:
        return ("today it computes what Dropout does; torch warns, and will make it an error",)
    return ("torch takes axis 1 for the channels today, and warns that this will change",)


def _fixes(subject: Subject, call: Call, place: Place | None, rank: int) -> Iterator[Fix]:
    written = subject.source_call(place)
    if written is None:
        return
    right = {2: "", 3: "1d", 4: "2d"}[rank] if rank > 1 else ""
    callee = _class_written(subject, written)
    function = subject.text(callee)
    old = function.rpartition(".")[2]
    stem = old[:-2] if old.endswith("d") and old[-2:-1].isdigit() else old
    names = [f"{stem}{right}"] if right != old[-2:] else []
    for name in dict.fromkeys([*names, stem]):
        prefix = function.removesuffix(old)
        means = "drops single values" if name == stem else "drops whole channels of just such data"
        yield labelled(subject, [Edit(callee, prefix + name)], means=means)


def _class_written(subject: Subject, written: SourceCall) -> Place:
    """Where the class is named: in the call, or in the dictionary that the call takes it from (`DROPS["flat"](0.5)`)."""
    source = subject.sources[written.place.path]
    tree = parsed(written.function)
    if (
        isinstance(tree, ast.Subscript)
        and isinstance(tree.slice, ast.Constant)
        and isinstance(tree.slice.value, str)
    ):
        holder = inside(written.callee, tree.value)
        return entry(source, holder, tree.slice.value) or written.callee
    return written.callee


good = (
    Good(
        """
        from torch import nn

        net = nn.Sequential(nn.Conv2d(1, 4, 3), nn.Dropout2d(0.2), nn.Flatten(), nn.Linear(144, 8), nn.Dropout(0.5), nn.Linear(8, 2))
        """,
        "2,1,8,8",
        entry="net",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        net = nn.Sequential(nn.Linear(16, 8), nn.Dropout2d(0.5), nn.Linear(8, 2))
        """,
        "4,16",
        at="nn.Dropout2d(0.5)",
        fixed="net = nn.Sequential(nn.Linear(16, 8), nn.Dropout(0.5), nn.Linear(8, 2))",
        entry="net",
    ),
    Bad(
        """
        from torch import nn

        net = nn.Sequential(nn.Linear(16, 8), nn.Dropout1d(0.5), nn.Linear(8, 2))
        """,
        "4,16",
        at="nn.Dropout1d(0.5)",
        fixed="net = nn.Sequential(nn.Linear(16, 8), nn.Dropout(0.5), nn.Linear(8, 2))",
        entry="net",
    ),
    Bad(
        """
        from torch import nn

        DROPS = {"maps": nn.Dropout2d, "flat": nn.Dropout2d}
        drop = DROPS["flat"](0.5)
        net = nn.Sequential(nn.Linear(16, 8), drop, nn.Linear(8, 2))
        """,
        "4,16",
        at="nn.Dropout2d}",
        fixed='DROPS = {"maps": nn.Dropout2d, "flat": nn.Dropout}',
        entry="net",
    ),
)
