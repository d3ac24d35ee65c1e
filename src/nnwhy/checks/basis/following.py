"""What comes straight behind a call: the one call that takes its result, and where the two stand in the source."""

from __future__ import annotations

from nnwhy.checks.basis.endings import ARRANGING
from nnwhy.checks.basis.subject import Subject, integers
from nnwhy.facts.finding import Edit
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceCall
from nnwhy.facts.trace import Call


def next_call(subject: Subject, call: Call, through: tuple[str, ...] = ()) -> Call | None:
    """The only function call that takes what `call` gives, past those named in `through`; None where there are several or none."""
    here = call
    for _ in range(20):
        readers = [
            reader
            for output in here.outputs[:1]
            for reader in subject.readers.get(output, [])
            if reader.id != here.id
        ]
        if len(readers) != 1 or readers[0].inputs[:1] != here.outputs[:1]:
            return None
        here = readers[0]
        if here.name not in through:
            return here
    return None


def summed_axis(subject: Subject, call: Call) -> int | None:
    """The axis that a sum behind the weighting `softmax(…) * values` runs over; None where there is none such."""
    here = call
    for _ in range(4):
        reader = _only_reader(subject, here)
        if reader is None or reader.name not in ("dropout", "to", "type_as"):
            break
        here = reader
    weighting = _only_reader(subject, here)
    if weighting is None or weighting.name not in ("mul", "__mul__", "__rmul__"):
        return None
    summing = _only_reader(subject, weighting)
    if summing is None or summing.name != "sum":
        return None
    axes = integers(summing.arguments.get("dim"))
    rank = len(subject.shape(call.outputs[0]))
    if len(axes) != 1 or len(subject.shape(weighting.outputs[0])) != rank:
        return None
    return axes[0] % rank


def _only_reader(subject: Subject, call: Call) -> Call | None:
    """The only call that takes the result, beside those that hand it out in another arrangement (`weights.squeeze(-1)`)."""
    found = [
        reader
        for output in call.outputs[:1]
        for reader in subject.readers.get(output, [])
        if reader.id != call.id and not _handed_out(subject, reader)
    ]
    return found[0] if len(found) == 1 else None


def _handed_out(subject: Subject, reader: Call) -> bool:
    """Whether nothing computes with what the call gives: it is returned, or looked at later."""
    return reader.name in ARRANGING and not any(subject.readers.get(output) for output in reader.outputs)


def place_of_step(subject: Subject, call: Call) -> Place | None:
    """Where the user chose a step: the construction of its layer, else the call."""
    layer = subject.layer(call)
    return layer.constructed[0] if layer is not None and layer.constructed else subject.user_call(call).place


def swapped(subject: Subject, first: Call, second: Call) -> list[Edit]:
    """Edits that swap two steps: their items in a Sequential or list, or their calls in forward, nested or one after the other."""
    layers = [subject.layer(call) for call in (first, second)]
    made = [
        subject.source_call(layer.constructed[0]) if layer and layer.constructed else None for layer in layers
    ]
    one, other = made
    if (
        one is not None
        and other is not None
        and one.statement == other.statement
        and _item(one.within)
        and one.within == other.within
    ):
        return _exchange(subject, one.place, other.place)
    calls = [subject.source_call(subject.user_call(call).place) for call in (first, second)]
    left, right = calls
    if left is None or right is None or not _plain(left) or not _plain(right):
        return []
    for layer, call in zip(layers, (first, second), strict=True):
        if layer is not None and subject.user_call(call).module != layer.path:
            return []
    if right.arguments[0].place == left.place:
        return _turned(subject, left, right)
    if left.arguments[0].text == right.arguments[0].text and left.within == right.within == "Assign":
        return _exchange(subject, left.place, right.place)
    return []


def _plain(call: SourceCall) -> bool:
    """Whether its data is its first argument, written on one line."""
    return (
        bool(call.arguments)
        and not call.arguments[0].name
        and not call.arguments[0].starred
        and call.place.line == call.place.end_line
    )


def _turned(subject: Subject, inner: SourceCall, outer: SourceCall) -> list[Edit]:
    """`outer(inner(x, …))` as `inner(outer(x), …)`."""
    text, whole, data = subject.text(inner.place), subject.text(outer.place), inner.arguments[0].place
    at = inner.place.column - outer.place.column
    wrapped = whole[:at] + subject.text(data) + whole[at + len(text) :]
    start, end = data.column - inner.place.column, data.end_column - inner.place.column
    return [Edit(outer.place, text[:start] + wrapped + text[end:])]


def _item(within: str) -> bool:
    return within in ("List", "Tuple") or within.endswith("Sequential(")


def _exchange(subject: Subject, one: Place, other: Place) -> list[Edit]:
    return [Edit(one, subject.text(other)), Edit(other, subject.text(one))] if one != other else []
