"""Runs the checks on a subject: every mistake once, echoes left out, nothing that failed left untold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from nnwhy.checks.basis.echoes import is_echo
from nnwhy.checks.basis.registry import Check, all_checks
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Finding

_RANK = {"error": 0, "warning": 1, "note": 2}


def findings_of(
    subject: Subject, chosen: Iterable[Check] | None = None, *, strict: bool = False
) -> tuple[Finding, ...]:
    """What the checks find, in the order of the calls that failed, errors first; each mistake once.

    A check that breaks on a network is itself told as a note, so that the others are heard; with `strict` it raises.
    """
    found: list[Finding] = []
    for check in all_checks().values():
        if check.name != FALLBACK:
            found += _by(check, subject, strict)
    found = [finding for finding in found if not is_echo(subject, finding, found)]
    found += _untold(subject, found)
    if chosen is not None:  # only now: a failure that a check left out explains is not unexplained
        wanted = {check.name for check in chosen}
        found = [finding for finding in found if finding.check in wanted]
    return tuple(_merged(sorted(found, key=_order)))


FALLBACK = "call-fails"


def _by(check: Check, subject: Subject, strict: bool) -> list[Finding]:
    try:
        return [
            _placed(subject, replace(finding, title=finding.title or check.title))
            for finding in check.logic(subject)
        ]
    except Exception as error:
        if strict:
            raise
        text = f"{type(error).__name__}: {error}"
        return [
            Finding(
                check.name, "note", None, {"error": text}, title="this check broke on the network: {error}"
            )
        ]


def _placed(subject: Subject, finding: Finding) -> Finding:
    """Only places in the user's files are told."""
    also = tuple(
        place for place in dict.fromkeys(finding.also) if subject.owned(place) and place != finding.place
    )
    place = (
        finding.place
        if subject.owned(finding.place) or finding.place is None
        else (also[0] if also else None)
    )
    return replace(finding, place=place, also=tuple(other for other in also if other != place))


def _untold(subject: Subject, found: list[Finding]) -> list[Finding]:
    """Failures that no check explained are told as they are, unless they follow from one that was."""
    check = all_checks().get(FALLBACK)
    if check is None:
        return []
    told = {finding.call for finding in found if finding.call is not None}
    if subject.construction is not None and any(finding.severity == "error" for finding in found):
        return []
    made = _by(check, subject, True)
    fresh = [finding for finding in made if finding.call is None or finding.call not in told]
    return [finding for finding in fresh if not is_echo(subject, finding, [*found, *fresh])]


def _order(finding: Finding) -> tuple[int, int, str, int, int]:
    place = finding.place
    return (
        _RANK[finding.severity],
        finding.call if finding.call is not None else 1 << 30,
        place.path if place else "",
        place.line if place else 0,
        place.column if place else 0,
    )


def _merged(found: list[Finding]) -> list[Finding]:
    """Findings of one check at one place are one mistake, and so are those that the same edits mend."""
    kept: list[Finding] = []
    for finding in found:
        twin = next((index for index, other in enumerate(kept) if _same(finding, other)), None)
        if twin is None:
            kept.append(finding)
            continue
        other = kept[twin]
        also = dict.fromkeys([*other.also, *((finding.place,) if finding.place else ()), *finding.also])
        also.pop(other.place, None) if other.place else None
        kept[twin] = replace(other, also=tuple(also))
    return kept


def _same(one: Finding, other: Finding) -> bool:
    if one.check == other.check and one.place is not None and one.place == other.place:
        return True
    first, second = (finding.fixes[0].edits if finding.fixes else () for finding in (one, other))
    return bool(first) and first == second and one.severity == other.severity
