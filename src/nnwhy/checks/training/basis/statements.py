"""Edits of whole statements in a script: one moved to another line, one put under a `with`; and what a script calls a thing."""

from __future__ import annotations

from nnwhy.checks.training.basis.watched import Watched, same
from nnwhy.facts.finding import Edit
from nnwhy.facts.place import Place


def moved(watched: Watched, place: Place | None, target: Place | None, *, behind: bool) -> tuple[Edit, ...]:
    """The statement at `place` moved before or behind the one at `target`.

    () where the two are not in one block of the same file, each on lines of its own.
    """
    one, other = watched.statement(place), watched.statement(target)
    source = watched.sources.get(one.path) if one else None
    if source is None or one is None or other is None or one.path != other.path or one.column != other.column:
        return ()
    first, last = sorted((one, other), key=lambda each: each.line)
    between = [source.line(number) for number in range(first.end_line + 1, last.line)]
    if any(line.strip() and len(line) - len(line.lstrip()) < one.column - 1 for line in between):
        return ()
    if not alone(watched, one) or not alone(watched, other):
        return ()
    text = watched.text(one)
    gone = Edit(Place(one.path, one.line, 1, one.end_line + 1, 1), "")
    return (gone, *(watched.after(other, text) if behind else watched.before(other, text)))


def under(watched: Watched, place: Place | None, manager: str) -> tuple[Edit, ...]:
    """The statement at `place`, where it is one line, put under `with manager:`."""
    statement = watched.statement(place)
    source = watched.sources.get(statement.path) if statement else None
    if source is None or statement is None or statement.line != statement.end_line:
        return ()
    line = source.line(statement.line)
    text = watched.text(statement)
    if manager.partition(".")[0] not in source.imports or not _alone(line, line, statement):
        return ()
    if text.startswith(("return", "for ", "while ", "if ", "with ", "elif ", "assert ")):
        return ()
    spaces = " " * (statement.column - 1)
    return (Edit(statement, f"with {manager}:\n{spaces}    {text}"),)


def name_of(watched: Watched, place: Place | None) -> str:
    """What the script calls the thing that is constructed at `place`: the target of its assignment, "" where it has none."""
    source = watched.sources.get(place.path) if place else None
    for assignment in source.assignments if source else ():
        if place is not None and same(assignment.value, place):
            return assignment.target
    return ""


def alone(watched: Watched, statement: Place) -> bool:
    """Whether nothing but a comment shares the statement's lines."""
    source = watched.sources[statement.path]
    return _alone(source.line(statement.line), source.line(statement.end_line), statement)


def _alone(first: str, last: str, statement: Place) -> bool:
    before, behind = first[: statement.column - 1], last[statement.end_column - 1 :].strip()
    return not before.strip() and (not behind or behind.startswith("#"))
