"""A norm layer is made for another number of axes than its input has.

## What it finds
`BatchNorm1d`, `2d`, `3d` and `InstanceNorm1d`, `2d`, `3d` on an input with too many or too few axes.

## Why it matters
The layer refuses: BatchNorm1d wants (N, C) or (N, C, L), BatchNorm2d (N, C, H, W), BatchNorm3d (N, C, D, H, W).

## Example
    nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm1d(8))

## Use instead
    nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8))

## When it is fine
Never: the call raises. `# nnwhy: ignore[norm-rank]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nnwhy.checks.basis.editing import labelled
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.words import shape_text
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.trace import Module

_KIND = re.compile(r"((?:Lazy)?(?:Batch|Instance)Norm)([123])d")


@check(
    name="norm-rank",
    severity="error",
    summary="A norm layer is made for another number of axes than its input has.",
    title="{layer} is a {kind} and gets {shape}: {axes} axes",
)
def norm_rank(subject: Subject) -> Iterator[Finding]:
    for call, _ in subject.failed():
        kind = _KIND.fullmatch(call.name)
        module = subject.modules.get(call.module)
        if call.kind != "module" or kind is None or module is None or not call.inputs:
            continue
        shape = subject.shape(call.inputs[0])
        made_for = {"1": (2, 3), "2": (4,), "3": (5,)}[kind[2]]
        unbatched = (
            len(shape) == made_for[-1] - 1
            and kind[2] != "1"
            and shape[0] == module.arguments.get("num_features")
        )
        if len(shape) in made_for or unbatched:
            continue
        outer = subject.user_call(call).place
        yield Finding(
            check="norm-rank",
            severity="error",
            place=module.constructed[0] if module.constructed else outer,
            values={
                "layer": module.path or module.type,
                "kind": module.type,
                "shape": shape_text(shape),
                "axes": len(shape),
            },
            expected=" or ".join(str(axes) for axes in made_for),
            actual=str(len(shape)),
            fixes=tuple(_fixes(subject, module, kind[1], len(shape))),
            also=(outer,) if outer else (),
            module=module.path,
            call=call.id,
        )


def _fixes(subject: Subject, module: Module, stem: str, axes: int) -> Iterator[Fix]:
    right = {2: "1d", 3: "1d", 4: "2d", 5: "3d"}.get(axes)
    written = subject.source_call(module.constructed[0] if module.constructed else None)
    if right is None or written is None or (stem.startswith("Instance") and axes == 2):
        return
    prefix = written.function.rpartition(".")[0]
    text = f"{prefix + '.' if prefix else ''}{stem}{right}"
    yield labelled(subject, [Edit(written.callee, text)], means=f"takes {axes} axes")


good = (
    Good(
        """
        from torch import nn

        net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.Flatten(), nn.Linear(288, 4), nn.BatchNorm1d(4))
        """,
        "2,3,8,8",
        entry="net",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        net = nn.Sequential(nn.Linear(8, 4), nn.BatchNorm2d(4))
        """,
        "3,8",
        at="nn.BatchNorm2d(4)",
        fixed="net = nn.Sequential(nn.Linear(8, 4), nn.BatchNorm1d(4))",
        entry="net",
    ),
)
