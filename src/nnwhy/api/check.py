"""The verb `check`. `check` runs in the worker process: it takes and gives JSON data."""

from __future__ import annotations

from nnwhy.api.beyond import found_beyond
from nnwhy.api.examination import Examination
from nnwhy.api.mending import mended
from nnwhy.api.rehearsal import confirmed, rehearsed
from nnwhy.api.rehearsed_training import rehearsed_training
from nnwhy.api.reports import joined
from nnwhy.api.silencing import Settings, chosen_checks, silenced
from nnwhy.errors import NnwhyError, SeveralNetworks
from nnwhy.facts.codec import Json, to_json
from nnwhy.facts.finding import Finding, Report
from nnwhy.trace.inputs import parse_inputs


def check(target: str, init: str | None = None, inputs: list[str] | None = None, settings: dict[str, Json] | None = None,
          prove: bool = True) -> Json:  # fmt: skip
    """The report on one target, or on each network of a file that has several, as facts in JSON."""
    given = (init or None, inputs or [], Settings.of(settings or {}))
    try:
        return to_json(checked(target, *given, prove=prove))
    except SeveralNetworks as several:
        if inputs or init:
            raise
        return to_json(joined([checked(f"{target}:{name}", *given, prove=prove) for name in several.names]))


def checked(
    target: str, init: str | None, inputs: list[str], settings: Settings, *, prove: bool = True
) -> Report:
    """The findings on one target, with their fixes proved. Raises NnwhyError for bad input."""
    examination = Examination(target, init, parse_inputs(inputs), chosen_checks(settings))
    try:
        findings: tuple[Finding, ...] = examination.examine()
    except NnwhyError:
        findings = _played(target, settings, examination) if prove else ()
        if not findings:
            raise
        return Report(findings, looked=(target,))
    unused: tuple[Finding, ...] = ()
    if examination.construction is None:
        findings, unused = silenced(findings, examination.sources, settings)
    if prove:
        findings = mended(examination, findings)
        findings = confirmed(target, findings) if settings.play else findings
    if examination.construction is not None:
        findings = (*findings, *found_beyond(examination, findings))
        findings, unused = silenced(findings, examination.sources, settings)
    errors = [finding for finding in findings if finding.severity == "error"]
    guessed = not inputs and not any(finding.proved for finding in errors)
    reason = examination.reason
    if prove and (not errors or (guessed and examination.construction is None)):
        findings = _with_program(findings, target, settings, examination)
        if errors and errors[0] not in findings:
            reason = "seen with what the program around the network gives it"
    return Report(
        (*findings, *unused),
        looked=(target,),
        digests={path: source.digest for path, source in examination.sources.items()},
        notes=(reason,) if reason else (),
        skipped=(examination.unread,) if examination.unread else (),
    )


def _with_program(
    findings: tuple[Finding, ...], target: str, settings: Settings, examination: Examination
) -> tuple[Finding, ...]:
    """The findings and what the program around the network shows: what it ends with says more than an error that was seen with
    an input of our own; where it does not end with one, what its training does wrong in silence."""
    played = _played(target, settings, examination)
    errors = [finding for finding in findings if finding.severity == "error"]
    if not errors:
        told = {finding.check for finding in findings}
        silent = () if played else _trained(target, settings, examination)
        return (*findings, *played, *(one for one in silent if one.check not in told))
    if any(finding.check != "call-fails" for finding in played):
        return (*played, *(finding for finding in findings if finding not in errors))
    return findings


def _played(target: str, settings: Settings, examination: Examination) -> tuple[Finding, ...]:
    """What the program around a network ends with, where it may be played."""
    return _wanted(rehearsed(target), settings, examination) if settings.play else ()


def _trained(target: str, settings: Settings, examination: Examination) -> tuple[Finding, ...]:
    return _wanted(rehearsed_training(target), settings, examination) if settings.play else ()


def _wanted(found: tuple[Finding, ...], settings: Settings, examination: Examination) -> tuple[Finding, ...]:
    wanted = tuple(
        finding
        for finding in found
        if finding.check not in settings.ignore and (not settings.select or finding.check in settings.select)
    )
    return silenced(wanted, examination.sources, settings)[0]


__all__ = ["NnwhyError", "check", "checked"]
