"""A map of class numbers is resized by mixing neighbours.

## What it finds
`F.interpolate` with a mode that mixes (bilinear, bicubic, area, …) of whole numbers that `.float()` made fit for it, and `.long()` on the
result.

## Why it matters
Class numbers are names. Halfway between class 0 and class 4 lies 2, which is another class: along every edge labels appear that nobody
gave, and `.long()` cuts what is left to the number below.

## Example
    mask = F.interpolate(mask[None, None].float(), size, mode="bilinear")[0, 0].long()

## Use instead
    mask = F.interpolate(mask[None, None].float(), size, mode="nearest")[0, 0].long()

## When it is fine
Where numbers are resized that mean amounts, and are cut to whole ones: `# nnwhy: ignore[classes-interpolated]`.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.interpolate.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice, same
from nnwhy.facts.finding import Finding
from nnwhy.facts.source import SourceCall, SourceFacts

_MIXES = frozenset({"linear", "bilinear", "bicubic", "trilinear", "area"})
_ONLY_WHERE_MIXED = frozenset({"align_corners", "antialias"})
_PARTS = r"(\[[^\]]*\]|\.squeeze\([^)]*\))*"


@training_check(
    name="classes-interpolated",
    severity="warning",
    summary="A map of class numbers is resized by mixing neighbours.",
    title="{mode} mixes class numbers: between two classes it makes a third",
)
def classes_interpolated(watched: Watched) -> Iterator[Finding]:
    if not watched.session.steps:
        return
    for source in watched.sources.values():
        for call in source.calls:
            mode = next((one.text.strip("\"'") for one in call.arguments if one.name == "mode"), "")
            if call.resolved != "torch.nn.functional.interpolate" or mode not in _MIXES:
                continue
            given = next((one.text for one in call.arguments if one.name in ("", "input")), "")
            if given.endswith(".float()") and _made_whole(source, call):
                arguments = [
                    'mode="nearest"'
                    if one.name == "mode"
                    else f"{one.name}={one.text}"
                    if one.name
                    else one.text
                    for one in call.arguments
                    if one.name not in _ONLY_WHERE_MIXED
                ]
                code = f"{call.function}({', '.join(arguments)})"
                yield Finding(
                    "classes-interpolated", "warning", call.place, {"mode": mode},
                    because=("Whole numbers are mixed, and .long() cuts the result: halfway between class 0 and class 4 it says 2.",),
                    fixes=(advice(code, watched.instead(call.place, code)),),
                )  # fmt: skip


def _made_whole(source: SourceFacts, call: SourceCall) -> bool:
    """Whether `.long()` is called on what a call gives, itself or by the name that it gets, no arithmetic between."""
    names = [source.at(call.place)]
    names += [one.target for one in source.assignments if same(one.value, call.place)]
    return any(
        later.function.endswith(".long")
        and later.receiver is not None
        and later.scope == call.scope
        and later.place.end_line >= call.place.line
        and any(re.fullmatch(re.escape(name) + _PARTS, source.at(later.receiver)) for name in names)
        for later in source.calls
    )
