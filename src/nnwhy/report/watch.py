"""What was found in a watched script, as text: each finding at its line, with what was seen and the way out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text

from nnwhy.facts.finding import Finding
from nnwhy.facts.session import Session
from nnwhy.report.findings import finding_text
from nnwhy.report.words import count


def session_text(session: Session, findings: Sequence[Finding], width: int) -> Iterator[Text]:
    """What was watched, in one line, and what was found in it."""
    yield Text(
        f"nnwhy  {watched_words(session)}: {found_words(findings)}", style="bold" if findings else "dim"
    )
    for finding in findings:
        yield Text("")
        yield from finding_text(finding, width, command=False)
    if findings:
        yield Text("")


def crash_text(findings: Sequence[Finding], width: int) -> Iterator[Text]:
    """What a crash is about; the traceback follows below."""
    for finding in findings:
        yield from finding_text(finding, width, command=False)
        yield Text("")
    yield Text("The traceback, as Python gives it:", style="dim")


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
