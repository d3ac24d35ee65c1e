"""A mistake that is only the echo of an earlier one: its numbers rest on a result that was made up to go on."""

from __future__ import annotations

from collections.abc import Iterable

from nnwhy.checks.basis.solving import Sizes
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.expression import Size, Unknown
from nnwhy.facts.finding import Finding
from nnwhy.facts.trace import Call

# Their made-up results have the sizes that the user wrote down.
_STATED = {"view", "reshape", "linear", "unflatten", "embedding"}


def is_echo(subject: Subject, finding: Finding, found: Iterable[Finding]) -> bool:
    """Whether the finding's failed call takes a size that an earlier failed call left in doubt."""
    if subject.trace is None or finding.call is None:
        return False
    call = subject.calls[finding.call]
    if call.failure is None:
        return False
    earlier = {other.call for other in found if other.call is not None and other.call < call.id}
    return any(doubt.id in earlier for doubt in doubtful_calls(subject, call))


def doubtful_calls(subject: Subject, call: Call) -> list[Call]:
    """The earlier failed calls on whose made-up results the sizes of the call's inputs rest."""
    roots = [
        Size(tensor, axis, size)
        for tensor in dict.fromkeys(call.inputs)
        for axis, size in enumerate(subject.shape(tensor))
    ]
    found: dict[int, Call] = {}
    for (tensor, _), expression in Sizes(subject, roots).order:
        maker = _maker(subject, tensor)
        if maker is None or not maker.stand_in or maker.id >= call.id or not isinstance(expression, Unknown):
            continue
        if maker.name not in _STATED:
            found[maker.id] = maker
    return list(found.values())


def _maker(subject: Subject, tensor: int) -> Call | None:
    assert subject.trace is not None
    origin = subject.trace.tensors[tensor].origin
    return subject.calls[origin.call] if origin.call is not None else None
