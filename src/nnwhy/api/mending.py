"""Fixes proved, and where those of the checks do not mend the network, one written number looked for that does."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from nnwhy.api.examination import Examination, construction_of
from nnwhy.checks.basis.blame import Change, blamed, change_fixes
from nnwhy.checks.basis.refused import guessed_changes, passing_changes
from nnwhy.checks.basis.subject import Subject
from nnwhy.errors import NnwhyError, UserCodeError
from nnwhy.facts.finding import Finding, Fix, Proof
from nnwhy.facts.written import Origin
from nnwhy.fix.overlay import overlaid
from nnwhy.fix.prove import key_of, moved, proved
from nnwhy.load import load
from nnwhy.trace import watching_constructions
from nnwhy.trace.constructions import constructor_arguments
from nnwhy.trace.refusals import numbers_of, refusal_of
from nnwhy.trace.written import origin_of, writing

_MOST = 6


def mended(examination: Examination, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings with their fixes proved. Errors that one written number mends together are one mistake."""
    tried = proved(findings, examination.again)
    errors = [finding for finding in tried if finding.severity == "error"]
    if not errors or all(finding.proved for finding in errors) and any(map(_runs, errors)):
        return tried
    most = _MOST if any(finding.proved is None for finding in errors) else 2
    partly: dict[int, Fix] = {}
    before = Counter(key_of(finding) for finding in tried)
    for fix in _one_number(examination)[:most]:
        start = time.perf_counter()
        after = examination.again(fix.edits, fix)
        if after is None:
            continue
        now = Counter(key_of(finding) for finding in after)
        new = [f.check for f in after if now[key_of(f)] > before[key_of(f)] and f.severity != "note"]
        runs = not any(finding.severity == "error" for finding in after)
        seconds = time.perf_counter() - start
        if runs and not new:
            return _together(tried, errors, replace(fix, proof=Proof(True, (), True, seconds)))
        for index, finding in enumerate(tried):
            if finding.proved is None and not new and now[key_of(finding)] < before[key_of(finding)]:
                partly.setdefault(index, replace(fix, proof=Proof(True, (), runs, seconds)))
    return tuple(
        _led(finding, partly[index]) if index in partly else finding for index, finding in enumerate(tried)
    )


def _runs(finding: Finding) -> bool:
    return finding.proved is not None and finding.proved.proof is not None and finding.proved.proof.runs


def _together(findings: Iterable[Finding], errors: Sequence[Finding], fix: Fix) -> tuple[Finding, ...]:
    """The first error with this fix; the others are the same mistake, seen elsewhere."""
    places = [place for error in errors[1:] for place in (error.place, *error.also) if place is not None]
    led = _led(errors[0], fix)
    also = tuple(place for place in dict.fromkeys([*led.also, *places]) if place != led.place)
    rest = [finding for finding in findings if finding not in errors]
    return (replace(led, also=also), *rest)


def _led(finding: Finding, fix: Fix) -> Finding:
    """The finding with this fix first; its place is where the fix changes the source."""
    place = moved(finding, fix)
    also = finding.also if place == finding.place or finding.place is None else (finding.place, *finding.also)
    rest = tuple(other for other in finding.fixes if other.edits != fix.edits)
    return replace(finding, fixes=(fix, *rest), place=place, also=also)


def _one_number(examination: Examination) -> list[Fix]:
    """Changes of one written number that may mend all, likeliest first. The network is built once more for this, with
    numbers that remember where they were written."""
    subject = examination.seen
    if subject is None:
        return []
    texts = {path: source.text for path, source in examination.sources.items()}
    changes: list[Change] = []
    try:
        with (
            writing() as prepared,
            overlaid(texts, examination.sources, prepared),
            watching_constructions() as constructions,
        ):
            loaded = load(examination.target, init=examination.init)
            written = {
                (path, name, index): origin
                for path, module in loaded.module.named_modules(remove_duplicate=False)
                for name, value in constructor_arguments(module).items()
                for index, origin in _origins(value)
            }
            changes = blamed(replace(subject, written=written))
    except UserCodeError as error:
        built = construction_of(error, constructions)
        if built is not None and error.__cause__ is not None:
            refusal = refusal_of(error.__cause__)
            changes = passing_changes(refusal) if refusal is not None else []
            changes += guessed_changes(numbers_of(error.__cause__)) if len(changes) < 2 else []
    except NnwhyError:
        return []
    return change_fixes(subject, changes)


def _origins(value: object) -> list[tuple[int | None, Origin]]:
    items = enumerate(value) if isinstance(value, tuple | list) else [(None, value)]
    return [(index, origin) for index, item in items if (origin := origin_of(item)) is not None]
