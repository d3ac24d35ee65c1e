"""A crash at a batch that is smaller than those before it: the last one of a loop over data that the batch size does not divide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from nnwhy.checks.basis.editing import added_argument
from nnwhy.facts.finding import Finding, Fix
from nnwhy.facts.source import SourceFacts

if TYPE_CHECKING:
    from nnwhy.watch.watching import Watch


def with_whole_batches(finding: Finding, watch: Watch | None, sources: Mapping[str, SourceFacts]) -> Finding:
    """The finding, and where the batch before was larger the fix that leaves such a batch out."""
    sizes = _sizes(watch) if watch is not None else []
    if len(sizes) < 2 or sizes[-1] >= sizes[-2]:
        return finding
    loaders = [
        call
        for source in sources.values()
        for call in source.calls
        if call.function.rpartition(".")[2] == "DataLoader"
        and not any(a.name == "drop_last" for a in call.arguments)
    ]
    fixes = tuple(
        Fix(
            f"DataLoader(…, drop_last=True) in line {call.place.line}",
            (added_argument(call, "drop_last=True"),),
            "leaves out the last batch, which is not full",
        )
        for call in loaders
    )
    reason = f"the batch before has {sizes[-2]} samples, this one, the last of its loop, {sizes[-1]}"
    return replace(finding, because=(*finding.because, reason), fixes=(*finding.fixes, *fixes))


def _sizes(watch: Watch) -> list[int]:
    """The number of samples in each pass of the network that was called last, the crashed pass included."""
    if not watch.forwards:
        return []
    last = watch.forwards[-1].network
    seen = [one.inputs[0].shape for one in watch.forwards if one.network == last and one.inputs]
    return [shape[0] for shape in seen if shape]
