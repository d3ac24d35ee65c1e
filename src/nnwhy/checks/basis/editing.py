"""Edits of the user's source and the words for them."""

from __future__ import annotations

from collections.abc import Sequence

from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceCall, SourceFacts, SourceFunction

_LONGEST = 72


def labelled(
    subject: Subject, edits: Sequence[Edit], *, means: str = "", safe: bool = True, label: str = ""
) -> Fix:
    """A fix that is told by the code that it makes, unless a `label` is given."""
    return Fix(label or written_anew(subject, edits), tuple(edits), means, safe)


def written_anew(subject: Subject, edits: Sequence[Edit]) -> str:
    """What the code around the edits reads afterwards, cut to the smallest whole call or line; "; " between several."""
    told: dict[str, None] = {}
    for edit in edits:
        source = subject.sources.get(edit.place.path)
        if source is None:
            continue
        told[_around(source, edit, edits)] = None
    return "; ".join(told)


def _around(source: SourceFacts, edit: Edit, edits: Sequence[Edit]) -> str:
    around = [
        call.place
        for call in source.calls
        if contains(call.place, edit.place)
        and (edit.place.end_line, edit.place.end_column) < (call.place.end_line, call.place.end_column)
        and call.place.line == call.place.end_line
    ]
    smallest = min(around, key=lambda place: place.end_column - place.column, default=None)
    if smallest is not None and smallest.end_column - smallest.column <= _LONGEST:
        return _applied(source.at(smallest), smallest, [e for e in edits if contains(smallest, e.place)])
    line = edit.place.line
    whole = Place(edit.place.path, line, 1, line, len(source.line(line)) + 1)
    same = [e for e in edits if contains(whole, e.place)]
    return _applied(source.line(line), whole, same).strip() if same else edit.text.strip()


def _applied(text: str, place: Place, edits: Sequence[Edit]) -> str:
    for edit in sorted(edits, key=lambda e: e.place.column, reverse=True):
        start, end = edit.place.column - place.column, edit.place.end_column - place.column
        text = text[:start] + edit.text + text[end:]
    return " ".join(text.split())


def contains(outer: Place, inner: Place) -> bool:
    """Whether `inner` lies in `outer`."""
    return (
        outer.path == inner.path
        and (outer.line, outer.column) <= (inner.line, inner.column)
        and (inner.end_line, inner.end_column) <= (outer.end_line, outer.end_column)
    )


def before(place: Place) -> Place:
    """The empty stretch before a place."""
    return Place(place.path, place.line, place.column, place.line, place.column, place.function)


def after(place: Place) -> Place:
    """The empty stretch behind a place."""
    return Place(
        place.path, place.end_line, place.end_column, place.end_line, place.end_column, place.function
    )


def added_argument(call: SourceCall, text: str) -> Edit:
    """One more argument at the end of a call, on the line of the last one."""
    if call.arguments:
        last = max(call.arguments, key=lambda a: (a.place.end_line, a.place.end_column))
        return Edit(after(last.place), f", {text}")
    end = Place(
        call.place.path,
        call.place.end_line,
        call.place.end_column - 1,
        call.place.end_line,
        call.place.end_column - 1,
    )
    return Edit(end, text)


def argument_written(call: SourceCall, name: str, position: int) -> Place | None:
    """The place of the argument that is written by `name` or stands at `position`."""
    for argument in call.arguments:
        if argument.name == name or (
            not argument.name and not argument.starred and argument.index == position
        ):
            return argument.place
    return None


def is_name(text: str) -> bool:
    """Whether `text` is a name or an attribute of one, such as `self.net`."""
    return text.replace("_", "").replace(".", "").isalnum()


def bracketed(text: str) -> str:
    """`text` so that a method can be called on it."""
    plain = is_name(text.replace("[", "").replace("]", ""))
    closed = text.endswith((")", "]")) and _one_piece(text)
    return text if plain or closed else f"({text})"


def _one_piece(text: str) -> bool:
    """Whether no operator or comma stands outside all brackets."""
    depth = 0
    for character in text:
        if character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif depth == 0 and character in "+-*/%,<>=|&^ ":
            return False
    return True


def indentation(source: SourceFacts, place: Place) -> str:
    """The white space before a statement."""
    return source.line(place.line)[: place.column - 1]


def new_statement(source: SourceFacts, function: SourceFunction, text: str) -> Edit:
    """A statement behind the last one of a function."""
    return Edit(after(function.last), f"\n{indentation(source, function.first)}{text}")


def imported(source: SourceFacts, text: str) -> Edit:
    """An import before the first one, which no docstring or comment can follow."""
    lines = enumerate(source.text.split("\n"), start=1)
    first = next(
        (n for n, line in lines if line.startswith(("import ", "from ")) and "__future__" not in line), 1
    )
    return Edit(Place(source.path, first, 1, first, 1), f"{text}\n")


def line_behind(source: SourceFacts, statement: Place, text: str) -> Edit:
    """A line of its own behind a statement, indented like it."""
    line = statement.end_line + 1
    return Edit(Place(statement.path, line, 1, line, 1), f"{indentation(source, statement)}{text}\n")
