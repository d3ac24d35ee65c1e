"""A mistake that is only the echo of an earlier one: its numbers rest on a result that was made up to go on."""

from __future__ import annotations

from collections.abc import Iterable

from nnwhy.checks.basis.solving import Sizes
from nnwhy.checks.basis.subject import Subject, integer
from nnwhy.checks.basis.view_numbers import stated_wrongly
from nnwhy.facts.expression import Expression, Operation, Size, Unknown, evaluate
from nnwhy.facts.finding import Finding
from nnwhy.facts.trace import Call

# Their made-up results have the sizes that the user wrote down.
_MEETING = {
    "add", "sub", "mul", "div", "true_divide", "cat", "concat", "concatenate", "stack", "maximum", "minimum", "where",
}  # fmt: skip
_STATED = {"view", "reshape", "linear", "unflatten", "embedding"}


def is_echo(subject: Subject, finding: Finding, found: Iterable[Finding]) -> bool:
    """Whether the finding's failed call takes a size that an earlier failed call left in doubt."""
    if subject.trace is None or finding.call is None:
        return False
    call = subject.calls[finding.call]
    if call.failure is None:
        return False
    if _after_wrong_view(subject, call):
        return True
    earlier = {other.call for other in found if other.call is not None and other.call < call.id}
    return any(doubt.id in earlier for doubt in doubtful_calls(subject, call))


def _after_wrong_view(subject: Subject, call: Call) -> bool:
    """Whether a layer wants just the size with which the failed view before it would be possible."""
    x, weight = subject.argument(call, "input"), subject.argument(call, "weight")
    if x is None or weight is None or not weight.shape:
        return False
    if call.name == "linear":
        return stated_wrongly(subject, x.id, len(x.shape) - 1, weight.shape[-1])
    if not call.name.startswith("conv") or len(weight.shape) < 3:
        return False
    groups = integer(call.arguments.get("groups")) or 1
    wanted = weight.shape[0] if "transpose" in call.name else weight.shape[1] * groups
    return stated_wrongly(subject, x.id, len(x.shape) - len(weight.shape) + 1, wanted)


def doubtful_calls(subject: Subject, call: Call) -> list[Call]:
    """The earlier failed calls on whose made-up results the sizes of the call's inputs rest."""
    roots = [
        Size(tensor, axis, size)
        for tensor in dict.fromkeys(call.inputs)
        for axis, size in enumerate(subject.shape(tensor))
    ]
    found: dict[int, Call] = {}
    for (tensor, axis), expression in Sizes(subject, roots).order:
        maker = subject.maker(tensor)
        if maker is None or not maker.stand_in or maker.id >= call.id or maker.name in _STATED:
            continue
        if isinstance(expression, Unknown) or _raised(expression) or _disputed(subject, maker, tensor, axis):
            found[maker.id] = maker
    return list(found.values())


def _raised(expression: Expression) -> bool:
    """Whether a size is 1 only because a made-up map is never empty."""
    return (
        isinstance(expression, Operation)
        and expression.operator == "max"
        and evaluate(expression.operands[0]) < 1
    )


def _disputed(subject: Subject, maker: Call, tensor: int, axis: int) -> bool:
    """Whether the inputs of a failed call that joins or adds tensors have different sizes along that axis."""
    if maker.name not in _MEETING:
        return False
    back = axis - len(subject.shape(tensor))
    sizes = {
        shape[back] for shape in map(subject.shape, maker.inputs) if len(shape) >= -back and shape[back] != 1
    }
    joined = maker.name in ("cat", "concat", "concatenate") and subject.shape(tensor)[axis] not in sizes
    return len(sizes) > 1 and not joined
