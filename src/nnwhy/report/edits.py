"""What the edits of a fix would change, as lines taken out and lines put in."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from nnwhy.facts.finding import Edit
from nnwhy.source import line_at


def edit_lines(edits: tuple[Edit, ...], most: int = 10) -> Iterator[str]:
    """Lines that begin with their number and - or +; nothing where edits share a line or the file cannot be read."""
    lines: list[str] = []
    for edit in sorted(edits, key=lambda one: (one.place.path, one.place.line)):
        place = edit.place
        last = place.end_line if place.end_column > 1 else place.end_line - 1
        old = [line_at(place.path, number) for number in range(place.line, last + 1)]
        if not old or not all(old):
            return
        head = old[0][: place.column - 1]
        tail = old[-1][place.end_column - 1 :] if place.end_column > 1 else ""
        new = f"{head}{edit.text}{tail}".split("\n") if head or tail or edit.text else []
        change = [line for line in difflib.ndiff(old, new) if line[0] in "-+"]
        lines += [f"{place.line:5} {line[0]} {line[2:]}" for line in change]
    spans = [
        (edit.place.path, line) for edit in edits for line in range(edit.place.line, edit.place.end_line + 1)
    ]
    if len(lines) <= most and len(set(spans)) == len(spans):
        yield from lines
