"""From a code object and an instruction to the user's text, to the column."""

from __future__ import annotations

import linecache
from types import CodeType

from nnwhy.facts.place import Place


def place_of(code: CodeType | None, instruction: int) -> Place | None:
    """The expression that the instruction at byte offset `instruction` belongs to; None where there is no source."""
    if code is None or instruction < 0:
        return None
    known = _places.get((id(code), instruction))
    if known is None or known[0] is not code:
        known = _places[id(code), instruction] = (code, _worked_out(code, instruction))
    return known[1]


def _worked_out(code: CodeType, instruction: int) -> Place | None:
    positions = _positions(code)
    line, end_line, column, end_column = (
        positions[instruction // 2] if instruction // 2 < len(positions) else (None,) * 4
    )
    if line is None:
        return None
    return Place(
        path=code.co_filename,
        line=line,
        column=_characters(code.co_filename, line, column) + 1,
        end_line=end_line or line,
        end_column=_characters(code.co_filename, end_line or line, end_column) + 1,
        function=code.co_qualname,
    )


# By identity: code objects of two files, or of two versions of one, can be equal.
_known: dict[int, tuple[CodeType, list[tuple[int | None, int | None, int | None, int | None]]]] = {}
_places: dict[tuple[int, int], tuple[CodeType, Place | None]] = {}


def _positions(code: CodeType) -> list[tuple[int | None, int | None, int | None, int | None]]:
    found = _known.get(id(code))
    if found is None or found[0] is not code:
        found = _known[id(code)] = (code, list(code.co_positions()))
    return found[1]


def _characters(path: str, line: int, offset: int | None) -> int:
    """CPython counts columns in bytes of UTF-8; people and editors count characters."""
    text = linecache.getline(path, line)
    if not offset or text.isascii():
        return offset or 0
    return len(text.encode()[:offset].decode(errors="replace"))
