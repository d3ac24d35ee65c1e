"""A size that was read along the wrong axis: `x.size(1)` where `x.size(0)` is meant."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nnwhy.checks.basis.editing import labelled
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.expression import Size
from nnwhy.facts.finding import Edit, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.trace import Call


def read_along(subject: Subject, call: Call, size: Size, wanted: Size) -> Iterator[Fix]:
    """Fixes that read a size along another axis of the same tensor, in the function that `call` stands in.

    `size` is the one that is wrong, `wanted` the one that it must equal; both must go back to one input.
    """
    one, other = subject.derivations.resolved(size), subject.derivations.resolved(wanted)
    place = subject.user_call(call).place
    if (
        one.tensor != other.tensor
        or one.axis == other.axis
        or place is None
        or place.path not in subject.sources
    ):
        return
    source = subject.sources[place.path]
    function = subject.functions.get(place.function)
    if function is None:
        return
    pattern = re.compile(rf"(?<=\.size\(){one.axis}(?=\))|(?<=\.shape\[){one.axis}(?=\])")
    for number in range(function.place.line, place.end_line + 1):
        for found in pattern.finditer(source.line(number)):
            where = Place(source.path, number, found.start() + 1, number, found.end() + 1, place.function)
            yield labelled(subject, [Edit(where, str(other.axis))], means=f"the size of axis {other.axis}")
