"""What comes straight behind a call: the one call that takes its result, and where the two stand in the source."""

from __future__ import annotations

from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit
from nnwhy.facts.place import Place
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


def place_of_step(subject: Subject, call: Call) -> Place | None:
    """Where the user chose a step: the construction of its layer, else the call."""
    layer = subject.layer(call)
    return layer.constructed[0] if layer is not None and layer.constructed else subject.user_call(call).place


def swapped(subject: Subject, first: Call, second: Call) -> list[Edit]:
    """Edits that swap two layers: their items in a Sequential or list, or their names where forward calls them; [] where neither is so."""
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
    if left is None or right is None or len(left.arguments) != 1 or len(right.arguments) != 1:
        return []
    if any(
        layer is None or subject.user_call(call).module != layer.path
        for layer, call in zip(layers, (first, second), strict=True)
    ):
        return []
    return _exchange(subject, left.callee, right.callee)


def _item(within: str) -> bool:
    return within in ("List", "Tuple") or within.endswith("Sequential(")


def _exchange(subject: Subject, one: Place, other: Place) -> list[Edit]:
    return [Edit(one, subject.text(other)), Edit(other, subject.text(one))] if one != other else []
