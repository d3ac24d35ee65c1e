"""What was found in a watched script, as text: each finding at its line, with what was seen and the way out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap

from rich.text import Text

from nnwhy.facts.finding import Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.session import Session
from nnwhy.facts.source import SourceFacts
from nnwhy.report.derivation import derivation_lines
from nnwhy.report.screen import columns
from nnwhy.report.words import count, file

_STYLES = {"error": "bold red", "warning": "bold yellow", "note": "bold cyan"}
_INDENT = 7

Sources = Mapping[str, SourceFacts]


def session_text(
    session: Session, findings: Sequence[Finding], sources: Sources, width: int, *, first: bool
) -> Iterator[Text]:
    """What was watched, in one line, and what was found in it."""
    yield Text(f"nnwhy  {_watched(session)}: {_found(findings)}", style="bold" if findings else "dim")
    for finding in findings:
        yield Text("")
        yield from finding_text(finding, sources, width)
    if findings:
        yield Text("")


def crash_text(findings: Sequence[Finding], sources: Sources, width: int) -> Iterator[Text]:
    """What a crash is about; the traceback follows below."""
    for finding in findings:
        yield from finding_text(finding, sources, width)
        yield Text("")
    yield Text("The traceback, as Python gives it:", style="dim")


def finding_text(finding: Finding, sources: Sources, width: int) -> Iterator[Text]:
    """One finding: place and sentence, the line, why, and the ways out."""
    place = finding.place
    head = f"{file(place.path)}:{place.line}:{place.column}  " if place else ""
    yield from _heading(head, finding, width)
    if place is not None:
        yield from _excerpt(place, sources.get(place.path), width)
    for reason in finding.because:
        yield from _wrapped(reason, width)
    for derivation in finding.derivations:
        yield from columns(derivation_lines(derivation), width, indent=_INDENT)
    for fit in finding.fits:
        yield from _wrapped(fit, width)
    for fix in _shown(finding):
        yield from _way_out(fix, width)


def _heading(head: str, finding: Finding, width: int) -> Iterator[Text]:
    lines = wrap(head + finding.sentence, width) or [head]
    for index, line in enumerate(lines):
        text = Text(line, style="bold")
        if index == 0 and head:
            text.stylize(_STYLES[finding.severity], 0, len(head.rstrip()))
        if index == len(lines) - 1:
            label = f"{finding.severity}: {finding.check}"
            gap = width - len(line) - len(label)
            if gap < 2:
                yield text
                text, gap = Text(""), width - len(label)
            text.append(" " * gap + label, style="dim")
        yield text


def _excerpt(place: Place, source: SourceFacts | None, width: int) -> Iterator[Text]:
    line = source.line(place.line) if source else ""
    if not line.strip():
        return
    number = f"{place.line:>5} │ "
    yield Text(number + line.replace("\t", " ")[: width - len(number)], style="dim")
    end = place.end_column if place.end_line == place.line else len(line) + 1
    length = max(min(end, width - len(number) + 1) - place.column, 1)
    yield Text(" " * 5 + " │ " + " " * (place.column - 1) + "^" * length, style="red")


def _way_out(fix: Fix, width: int) -> Iterator[Text]:
    word = "fix   " if fix.proof is not None and fix.proof.holds else "try   "
    proof = "   tried: it then runs" if fix.proof is not None and fix.proof.holds else ""
    first, *rest = fix.label.split("\n")
    text = Text(" " * _INDENT + word, style="green")
    text.append(first + proof, style="bold")
    yield text
    for line in rest:
        yield Text(" " * (_INDENT + 6) + line, style="bold")
    if fix.means:
        yield from _wrapped(fix.means, width, indent=_INDENT + 6)


def _shown(finding: Finding) -> tuple[Fix, ...]:
    """The proved ways out, else the first two that were not tried."""
    proved = tuple(fix for fix in finding.fixes if fix.proof is not None and fix.proof.holds)
    return proved[:2] or finding.fixes[:2]


def _wrapped(text: str, width: int, *, indent: int = _INDENT) -> Iterator[Text]:
    for line in wrap(text, width - indent) or [""]:
        yield Text(" " * indent + line)


def _watched(session: Session) -> str:
    parts: list[str] = []
    if session.steps:
        parts.append(count(len(session.steps), "optimizer step"))
    if session.forwards:
        parts.append(count(len(session.forwards), "pass", "passes"))
    return "watched " + (" and ".join(parts) or "no training")


def _found(findings: Sequence[Finding]) -> str:
    if not findings:
        return "nothing found"
    kinds = {
        severity: sum(one.severity == severity for one in findings)
        for severity in ("error", "warning", "note")
    }
    return ", ".join(count(number, severity) for severity, number in kinds.items() if number)
