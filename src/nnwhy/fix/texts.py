"""Edits applied to texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from nnwhy.errors import NnwhyError
from nnwhy.facts.finding import Edit, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceFacts


class Overlapping(NnwhyError):
    """Two edits change the same stretch of text."""


def edited(texts: Mapping[str, str], edits: Iterable[Edit]) -> dict[str, str]:
    """The texts, by path, with the edits applied; only the changed ones. Equal edits count once.

    Raises Overlapping where two different edits touch the same stretch, NnwhyError for a file that is not among the texts.
    """
    by_path: dict[str, list[Edit]] = {}
    for edit in dict.fromkeys(edits):
        by_path.setdefault(edit.place.path, []).append(edit)
    changed: dict[str, str] = {}
    for path, some in by_path.items():
        if path not in texts:
            raise NnwhyError(f"{path} was not read, so it cannot be changed")
        changed[path] = _edited(texts[path], some)
    return changed


def changed_texts(sources: Mapping[str, SourceFacts], edits: Iterable[Edit]) -> dict[str, str]:
    """`edited`, of sources."""
    return edited({path: source.text for path, source in sources.items()}, edits)


def mapped_back(place: Place, text: str, edits: Iterable[Edit]) -> Place | None:
    """Where a place of the edited text stands in `text`, to which the edits were applied; None inside what they put in."""
    spans = _spans(text, edits)
    after = edited({place.path: text}, edits).get(place.path, text)
    start = _before(_offset(after, place.line, place.column), spans)
    end = _before(_offset(after, place.end_line, place.end_column), spans)
    if start is None or end is None:
        return None
    line, column = _position(text, start)
    return Place(place.path, line, column, *_position(text, end), place.function)


def _before(offset: int, spans: list[tuple[int, int, str]]) -> int | None:
    """The offset in the text before the edits; None inside a replacement."""
    shift = 0
    for start, end, new in spans:
        if offset + shift <= start:
            break
        if offset + shift < start + len(new):
            return None
        shift += (end - start) - len(new)
    return offset + shift


def _offset(text: str, line: int, column: int) -> int:
    return sum(len(part) + 1 for part in text.split("\n")[: line - 1]) + column - 1


def _position(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def overlap(one: Iterable[Edit], other: Iterable[Edit]) -> bool:
    """Whether two sets of edits cannot be applied together."""
    others = list(other)
    return any(mine != its and _touch(mine.place, its.place) for mine in one for its in others)


def _spans(text: str, edits: Iterable[Edit]) -> list[tuple[int, int, str]]:
    """The edits as offsets, in order."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return sorted(
        (
            starts[e.place.line - 1] + e.place.column - 1,
            starts[e.place.end_line - 1] + e.place.end_column - 1,
            e.text,
        )
        for e in dict.fromkeys(edits)
    )


def _edited(text: str, edits: list[Edit]) -> str:
    made: list[str] = []
    position = 0
    for start, end, new in _spans(text, edits):
        if start < position:
            raise Overlapping("two fixes change the same text")
        made += [text[position:start], new]
        position = end
    return "".join([*made, text[position:]])


def _touch(one: Place, other: Place) -> bool:
    if one.path != other.path:
        return False
    first = ((one.line, one.column), (one.end_line, one.end_column))
    second = ((other.line, other.column), (other.end_line, other.end_column))
    if first[0] == first[1] or second[0] == second[1]:
        return first[0] == second[0] or second[0] < first[0] < second[1] or first[0] < second[0] < first[1]
    return first[0] < second[1] and second[0] < first[1]


def once_each(fixes: Sequence[Fix]) -> list[Fix]:
    """The fixes, of those with the same edits the first one; advice without edits stays."""
    first: dict[tuple[Edit, ...], Fix] = {}
    for fix in fixes:
        if fix.edits:
            first.setdefault(fix.edits, fix)
    return [fix for fix in fixes if not fix.edits or first[fix.edits] is fix]
