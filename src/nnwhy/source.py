"""The text of the user's files."""

from __future__ import annotations

import linecache

from nnwhy.facts.place import Place
from nnwhy.notebooks import find_cell


def text_at(place: Place) -> str:
    """The text at `place`, "" where the file cannot be read."""
    find_cell(place.path)
    lines = [linecache.getline(place.path, number) for number in range(place.line, place.end_line + 1)]
    if not lines or not lines[0]:
        return ""
    lines[-1] = lines[-1][: place.end_column - 1]
    lines[0] = lines[0][place.column - 1 :]
    return "".join(lines)


def line_at(path: str, number: int) -> str:
    """One line of a file without its end, "" where it cannot be read."""
    find_cell(path)
    return linecache.getline(path, number).rstrip("\n")
