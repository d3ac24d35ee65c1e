"""Answers to questions about numbers."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from rich.text import Text

from nnwhy.facts.explanation import Answer, Occurrence
from nnwhy.report.derivation import derivation_lines
from nnwhy.report.screen import columns
from nnwhy.report.words import where


def answer_text(answer: Answer, width: int, *, full: bool = False) -> Iterator[Text]:
    """Each occurrence with its derivation; a derivation that was told already is only referred to."""
    told: dict[str, str] = {}
    for index, occurrence in enumerate(answer.occurrences):
        if index:
            yield Text("")
        yield from _heading(occurrence, width)
        derivation = occurrence.derivation
        if derivation is None or derivation.steps[0].about == occurrence.argument:
            continue
        lines = columns(derivation_lines(derivation, full=full), width)
        body = "\n".join(line.plain for line in lines)
        if body in told:
            yield Text(f"  {derivation.value} as for {told[body]}")
            continue
        told[body] = occurrence.argument or occurrence.what
        yield from lines
        if derivation.closed:
            yield Text(f"  for any input: {derivation.closed}", style="cyan")
    for note in answer.notes:
        yield Text("")
        yield Text(note)


def _heading(occurrence: Occurrence, width: int) -> Iterator[Text]:
    place = where(occurrence.place)
    *lines, last = wrap(occurrence.what, width - 1) or [""]
    yield from (Text(line, style="bold") for line in lines)
    text = Text(last, style="bold")
    if place:
        gap = width - len(last) - len(place) - 1
        if gap < 2:
            yield text
            text, gap = Text(""), width - len(place) - 1
        text.append(" " * gap)
        text.append(place, style="dim")
    yield text
