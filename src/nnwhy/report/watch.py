"""What was found in a watched script, as text: each finding at its line, with what was seen and the way out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text

from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.session import Session
from nnwhy.report.edits import edit_lines
from nnwhy.report.findings import finding_text
from nnwhy.report.words import count, where


def session_text(session: Session, findings: Sequence[Finding], width: int) -> Iterator[Text]:
    """What was watched, in one line, and what was found in it."""
    yield Text(
        f"nnwhy  {watched_words(session)}: {found_words(findings)}", style="bold" if findings else "dim"
    )
    for finding in findings:
        yield Text("")
        yield from finding_text(finding, width, command=False)
        edits = next((fix.edits for fix in finding.fixes if fix.edits), ())
        yield from _changed(edits, width)
    if findings:
        yield Text("")


def crash_text(findings: Sequence[Finding], width: int) -> Iterator[Text]:
    """What a crash is about; the traceback follows below."""
    for finding in findings:
        yield from finding_text(finding, width, command=False)
        yield Text("")
    yield Text("The traceback, as Python gives it:", style="dim")


def proofs_text(findings: Sequence[Finding], width: int) -> Iterator[Text]:
    """Which fixes were tried on a copy of the script, and what came of it."""
    tried = [(finding, fix) for finding in findings for fix in _tried(finding)]
    holding = sum(fix.proof is not None and fix.proof.holds for _, fix in tried)
    if not tried:
        yield Text("nnwhy  no fix that could be tried", style="dim")
        return
    yield Text(
        f"nnwhy  {count(len(tried), 'fix', 'fixes')} tried on a copy of the script: {holding} verified",
        style="bold",
    )
    for finding, fix in tried:
        place = fix.edits[0].place
        yield Text("")
        yield Text(f"{where(place)}  {finding.check}  {fix.label}"[: width - 1])
        yield Text(f"     {_outcome(fix)}"[: width - 1], style="dim")
        yield from _changed(fix.edits, width)


def _tried(finding: Finding) -> list[Fix]:
    """The fixes that have a proof; where none has, the first, whose run was not over in time."""
    able = [fix for fix in finding.fixes if fix.edits]
    return [fix for fix in able if fix.proof is not None] or able[:1]


def _changed(edits: tuple[Edit, ...], width: int) -> Iterator[Text]:
    """The lines that a fix changes."""
    for line in edit_lines(edits):
        yield Text(f"   {line}"[: width - 1], style="green" if line[6] == "+" else "red")


def _outcome(fix: Fix) -> str:
    """What a run with the fix has shown."""
    if fix.proof is None:
        return "not verified: the second run did not come to its end in time"
    if fix.proof.holds:
        runs = "the script runs, " if fix.proof.runs else ""
        return f"verified: {runs}this is gone, and nothing new came"
    if fix.proof.new:
        return f"not verified: then there is {', '.join(fix.proof.new)}"
    return (
        "not verified: it is still there"
        if fix.proof.runs
        else "not verified: it is still there, or the script crashes"
    )


def watched_words(session: Session) -> str:
    """ "watched 3 optimizer steps and 4 passes"."""
    parts: list[str] = []
    if session.steps:
        parts.append(count(len(session.steps), "optimizer step"))
    if session.forwards:
        parts.append(count(len(session.forwards), "pass", "passes"))
    return "watched " + (" and ".join(parts) or "no training")


def found_words(findings: Sequence[Finding]) -> str:
    """ "1 error, 2 notes", or "nothing found"."""
    if not findings:
        return "nothing found"
    kinds = {
        severity: sum(one.severity == severity for one in findings)
        for severity in ("error", "warning", "note")
    }
    return ", ".join(count(number, severity) for severity, number in kinds.items() if number)
