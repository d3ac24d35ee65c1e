"""Edits that take a step out of a network."""

from __future__ import annotations

from nnwhy.checks.basis.editing import contains, labelled
from nnwhy.checks.basis.inserting import first_argument
from nnwhy.checks.basis.layers import is_layer, namespace
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceCall
from nnwhy.facts.trace import Call


def taken_out(subject: Subject, call: Call, *, means: str = "hands on the raw scores") -> list[Fix]:
    """Fixes without the step: its argument in its place, or its layer out of a Sequential. They change what is computed."""
    outer = subject.user_call(call)
    layer = subject.layer(call)
    found: list[Fix] = []
    written = subject.source_call(outer.place)
    same = layer is None or outer.module == layer.path
    if written is not None and same and subject.owned(outer.place):
        argument = first_argument(subject, outer)
        text = subject.text(argument)
        if (
            written.receiver is not None
            and written.function.rpartition(".")[2] == call.name
            and not written.resolved.startswith("torch.")
        ):
            text = subject.text(written.receiver)
        if text and outer.place is not None:
            found.append(labelled(subject, [Edit(outer.place, text)], means=means, safe=False))
    constructed = subject.source_call(layer.constructed[0]) if layer and layer.constructed else None
    if constructed is not None and not found:
        place = _with_comma(subject, constructed)
        if place is not None:
            found.append(
                labelled(
                    subject,
                    [Edit(place, "")],
                    means=means,
                    safe=False,
                    label=f"without {constructed.function}()",
                )
            )
        if is_layer(constructed.resolved):
            text = f"{namespace(constructed)}Identity()"
            found.append(labelled(subject, [Edit(constructed.place, text)], means=means, safe=False))
    return found


def _with_comma(subject: Subject, call: SourceCall) -> Place | None:
    """The layer in a list or Sequential with the comma before it (or behind it, for the first)."""
    if not (call.within in ("List", "Tuple") or call.within.endswith("Sequential(")):
        return None
    source = subject.sources[call.place.path]
    lines = source.text.split("\n")
    line, column = call.place.line, call.place.column - 1
    while line > 0:
        head = lines[line - 1][:column].rstrip()
        if head:
            if not head.endswith(","):
                return None
            start = len(head)
            found = Place(
                call.place.path, line, start, call.place.end_line, call.place.end_column, call.place.function
            )
            return found if contains(found, call.place) else None
        line -= 1
        column = len(lines[line - 1]) if line else 0
    return None
