"""A packed batch padded again is as long as its longest sequence, and may be shorter than the batch it was packed from."""

from __future__ import annotations

from collections.abc import Sequence

from nnwhy.checks.basis.editing import added_argument, argument_written, bracketed, labelled
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.expression import Size
from nnwhy.facts.finding import Fix
from nnwhy.facts.source import SourceCall
from nnwhy.facts.trace import Call


def as_long_as_packed(subject: Subject, sizes: Sequence[Size]) -> list[Fix]:
    """`total_length` for the `pad_packed_sequence` behind one of two sizes that should be equal; [] where none is."""
    for shorter, longer in zip(sizes, reversed(sizes), strict=True):
        if shorter.value >= longer.value:
            continue
        padded = _padded(subject, shorter.tensor)
        packed = next((one for one in subject.calls if one.name == "_pack_padded_sequence"), None)
        if padded is None or packed is None:
            continue
        again, before = subject.source_call(padded.place), subject.source_call(packed.place)
        first = argument_written(before, "input", 0) if before is not None else None
        if again is None or before is None or first is None or before.scope != again.scope:
            continue
        if argument_written(again, "total_length", 3) is not None:
            continue
        text = f"total_length={bracketed(subject.text(first))}.size({_time(before)})"
        edit = added_argument(again, text)
        return [labelled(subject, [edit], means="as long as the batch was before it was packed")]
    return []


def _padded(subject: Subject, tensor: int) -> Call | None:
    """The call behind a tensor that padded a packed batch again, through calls that leave its length alone."""
    todo, seen = [tensor], set[int]()
    while todo and len(seen) < 64:
        one = todo.pop()
        maker = subject.maker(one)
        if one in seen or maker is None:
            continue
        seen.add(one)
        if maker.name == "_pad_packed_sequence":
            return maker
        todo += maker.inputs[:1]
    return None


def _time(call: SourceCall) -> int:
    written = next((a.text for a in call.arguments if a.name == "batch_first"), None)
    if written is None:
        place = argument_written(call, "batch_first", 2)
        written = next((a.text for a in call.arguments if a.place == place), "False")
    return 0 if written == "False" else 1
