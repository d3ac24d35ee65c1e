"""Findings in a terminal: what is wrong at which place, why, and the way out."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from rich.text import Text

from nnwhy.facts.finding import Finding, Fix, Report
from nnwhy.facts.place import Place
from nnwhy.report.derivation import derivation_lines
from nnwhy.report.screen import columns
from nnwhy.report.words import count, file, where
from nnwhy.source import line_at

_STYLE = {"error": "bold red", "warning": "bold yellow", "note": "bold cyan"}
_DERIVATION_LINES = 14


def findings_text(report: Report, width: int) -> Iterator[Text]:
    """Every finding of a report, then a line that counts them."""
    for finding in report.findings:
        yield from finding_text(finding, width)
        yield Text("")
    for note in (*report.notes, *(f"not looked at: {reason}" for reason in report.skipped)):
        yield from (Text(part, style="dim") for part in wrap(note, width - 1))
    yield Text(summary(report))


def finding_text(finding: Finding, width: int, *, command: bool = True) -> Iterator[Text]:
    """One finding: the sentence with its place, the source line, the derivation, what it fits, the fixes.

    `command`: whether to say how a fix is applied from the command line.
    """
    yield from _heading(finding, width)
    if finding.place is not None:
        yield from _source(finding.place, width)
    told: set[str] = set()
    for derivation in finding.derivations:
        lines = columns(derivation_lines(derivation, most=_DERIVATION_LINES), width, indent=5)
        body = "\n".join(line.plain for line in lines)
        if body not in told and len(derivation.steps) > 1:
            told.add(body)
            yield from lines
    for reason in (*finding.because, *finding.fits):
        yield from _told(reason, width)
    for place in finding.also[:3]:
        yield Text(
            f"     see also {where(place)}   {line_at(place.path, place.line).strip()}"[: width - 1],
            style="dim",
        )
    yield from _fixes(finding, width, command)


def summary(report: Report) -> str:
    """ "2 errors, 1 warning, 1 note; 2 of them mended by --fix", or that all is well."""
    counts = [
        count(number, name)
        for name in ("error", "warning", "note")
        if (number := sum(finding.severity == name for finding in report.findings))
    ]
    looked = count(len(report.looked), "network")
    if not counts:
        return f"nothing found in {looked}" if report.looked else "no network was looked at"
    ready = sum(fix is not None and fix.safe for fix in (finding.proved for finding in report.findings))
    return f"{', '.join(counts)} in {looked}" + (f"; {ready} can be mended by --fix" if ready else "")


def _heading(finding: Finding, width: int) -> Iterator[Text]:
    place = finding.place
    head = f"{file(place.path)}:{place.line}:{place.column}" if place else "nowhere in the source"
    text = Text(head, style="bold")
    text.append("  ")
    text.append(finding.severity, style=_STYLE[finding.severity])
    text.append(f"  {finding.check}", style="dim")
    yield text
    yield from (Text(f"   {part}", style="bold") for part in wrap(finding.sentence, width - 4))


def _source(place: Place, width: int) -> Iterator[Text]:
    line = line_at(place.path, place.line)
    if not line:
        return
    margin = f"{place.line:5} │ "
    shown = line.expandtabs(1)
    start, end = (
        place.column - 1,
        place.end_column - 1 if place.end_line == place.line else len(shown.rstrip()),
    )
    room = width - len(margin) - 1
    cut = max(0, min(start - 8, len(shown) - room)) if len(shown) > room and end > room else 0
    text = Text(margin + shown[cut : cut + room])
    text.stylize("dim", 0, len(margin))
    yield text
    marks = " " * (len(margin) - 2) + "│ "
    mark = Text(
        marks.replace(" │", " │") + " " * (start - cut) + "^" * max(min(end, cut + room) - start, 1),
        style="red",
    )
    mark.stylize("dim", 0, len(margin))
    yield mark


def _told(reason: str, width: int) -> Iterator[Text]:
    yield from (Text(f"     {part}") for part in wrap(as_sentence(reason), width - 6))


def as_sentence(reason: str) -> str:
    """A reason with a capital letter and a full stop; what is a name in the code (cross_entropy, SGD) stays as it is."""
    first = reason.split(maxsplit=1)[0].rstrip(".,:;") if reason[:1].isalpha() else ""
    name = not first or first.isupper() or any(mark in first for mark in "_.(")
    sentence = reason if name else reason[0].upper() + reason[1:]
    return sentence + ("" if sentence.endswith((".", "!", ")", "…")) else ".")


def _fixes(finding: Finding, width: int, command: bool) -> Iterator[Text]:
    for index, fix in enumerate(finding.fixes[:4]):
        word = "fix" if index == 0 else "or"
        text = Text(f"     {word:5} ", style="green" if index == 0 else "dim")
        text.append(fix.label)
        yield from _fitted(text, width)
        note = fix_note(fix, command=command)
        if note:
            yield from (Text(f"           {part}", style="dim") for part in wrap(note, width - 12))


def fix_note(fix: Fix, *, command: bool) -> str:
    """What follows from a fix and whether it was tried; with `command` also how to apply it."""
    parts = [fix.means] if fix.means else []
    if fix.proof is not None and fix.proof.holds:
        parts.append(
            "verified: the network then runs"
            if fix.proof.runs
            else "verified: this is gone, and nothing new came"
        )
        if command:
            parts.append(
                "apply with --fix"
                if fix.safe
                else "changes what is computed: apply with --fix --unsafe-fixes"
            )
    elif fix.edits:
        parts.append("not tried")
    return "; ".join([*(part.removesuffix(".") for part in parts[:-1]), *parts[-1:]])


def _fitted(text: Text, width: int) -> Iterator[Text]:
    if text.cell_len < width:
        yield text
        return
    plain = text.plain
    for index, part in enumerate(wrap(plain, width - 1, subsequent_indent=" " * 11, drop_whitespace=False)):
        yield Text(part, style="" if index else text.style)
