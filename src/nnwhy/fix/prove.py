"""A fix is proved by trying it: the edited copy is loaded and traced again, and looked at by the same checks."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from nnwhy.facts.finding import Edit, Finding, Fix, Proof
from nnwhy.facts.place import Place
from nnwhy.fix.texts import Overlapping

Key = tuple[str, str, str]
Retrace = Callable[[Sequence[Edit], Fix], Sequence[Finding] | None]
"""The findings on a copy with these edits; None where the copy cannot be loaded."""

MOST = 6


class Untried(Exception):
    """Raised by a retrace that has no way to try the edits: that says nothing about them."""


@dataclass(frozen=True)
class End:
    """Where a look ended before it had seen everything: `about` says which findings are about that, `passed` whether the copy
    that was looked at last came further. What lies beyond is no news."""

    about: Callable[[Finding], bool]
    passed: Callable[[], bool]


def proved(
    findings: Sequence[Finding],
    retrace: Retrace,
    *,
    most: int = MOST,
    end: End | None = None,
) -> tuple[Finding, ...]:
    """The findings, each with its fixes tried in order until one holds; that one comes first, and the place follows it.

    At most `most` fixes of a finding are tried.
    """
    before = counted(findings)
    return tuple(
        _proved(finding, before, retrace, most, end if end is not None and end.about(finding) else None)
        for finding in findings
    )


def key_of(finding: Finding) -> Key:
    """What stays of a finding when lines move: its check, its layer and its function."""
    place = finding.place
    return (finding.check, finding.module, place.function if place else "")


def counted(findings: Iterable[Finding]) -> Counter[Key]:
    """How many findings have each key."""
    return Counter(key_of(finding) for finding in findings)


def newly_found(before: Counter[Key], after: Sequence[Finding]) -> tuple[str, ...]:
    """The checks that find more than before, notes aside."""
    now = counted(after)
    serious = [key for one in after if one.severity != "note" and now[key := key_of(one)] > before[key]]
    return tuple(dict.fromkeys(check for check, _, _ in serious))


def _proved(finding: Finding, before: Counter[Key], retrace: Retrace, most: int, end: End | None) -> Finding:
    fixes = list(finding.fixes)
    tried = 0
    for index, fix in enumerate(fixes):
        if not fix.edits or tried >= most:
            continue
        tried += 1
        proof = _tried(finding, fix, before, retrace, end)
        if proof is None:
            continue
        fixes[index] = replace(fix, proof=proof)
        if proof.holds:
            first = fixes.pop(index)
            rest = [other for other in fixes if other.proof is None or other.proof.holds]
            return led(replace(finding, fixes=tuple(rest)), first)
    untried = [fix for fix in fixes if fix.proof is None]
    return replace(finding, fixes=tuple(untried))


def _tried(
    finding: Finding, fix: Fix, before: Counter[Key], retrace: Retrace, end: End | None
) -> Proof | None:
    start = time.perf_counter()
    try:
        after = retrace(fix.edits, fix)
    except (Overlapping, Untried):
        return None
    seconds = time.perf_counter() - start
    if after is None:
        return Proof(False, ("the copy cannot be loaded",), False, seconds)
    key = key_of(finding)
    gone = counted(after)[key] < before[key]
    runs = not any(other.severity == "error" for other in after)
    if end is not None:
        return Proof(end.passed(), (), runs, seconds)
    return Proof(gone, newly_found(before, after), runs, seconds)


def moved(finding: Finding, fix: Fix) -> Place | None:
    """A place that, changed, mends it is the place."""
    edit, place = fix.edits[0].place, finding.place
    if place is not None and edit.path == place.path and place.line <= edit.line <= place.end_line:
        return place
    empty = (edit.line, edit.column) == (edit.end_line, edit.end_column)
    apart = place is not None and (place.path != edit.path or fix.edits[0].text.endswith("\n"))
    return place if empty and apart else edit


def led(finding: Finding, fix: Fix) -> Finding:
    """The finding with this fix first; its place is where the fix changes the source."""
    place = moved(finding, fix)
    also = finding.also if place == finding.place or finding.place is None else (finding.place, *finding.also)
    rest = tuple(other for other in finding.fixes if other.edits != fix.edits)
    return replace(finding, fixes=(fix, *rest), place=place, also=also)
