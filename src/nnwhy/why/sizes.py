"""How each output size of a call follows from its inputs: the rule where its value is right, else torch's symbolic shapes."""

from __future__ import annotations

from dataclasses import dataclass

from nnwhy.facts.expression import Constant, Expression, Operation, Unknown, evaluate, lift
from nnwhy.facts.trace import Call, Trace
from nnwhy.why.registry import Axis, Formula, Sizes, find_rule
from nnwhy.why.site import NoRule, Site


@dataclass(frozen=True, slots=True)
class AxisSize:
    """The size of one output axis. `source` says who gave the expression: "rule", "symbolic shapes" or "" for unknown."""

    expression: Expression
    full: Expression | None = None
    source: str = "rule"


class CallSizes:
    """The sizes of all calls of a trace, worked out when asked for and kept."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self._known: dict[int, tuple[tuple[AxisSize, ...], ...]] = {}

    def of(self, call: Call) -> tuple[tuple[AxisSize, ...], ...]:
        """For each output tensor of `call`, one size an axis; every one evaluates to the recorded size."""
        if call.id not in self._known:
            self._known[call.id] = _sizes(self.trace, call)
        return self._known[call.id]


def _sizes(trace: Trace, call: Call) -> tuple[tuple[AxisSize, ...], ...]:
    shapes = [trace.tensors[id].shape for id in call.outputs]
    if call.stand_in:
        return _of_stand_in(trace, call, shapes)
    cause = f"no rule for {call.name}"
    if call.kind != "function":
        cause = f"made inside {call.function or call.name}, which was not recorded"
        return _unknown(shapes, cause)
    found = find_rule(call.name)
    by_rule: list[tuple[AxisSize, ...] | None] = [None] * len(shapes)
    if found is not None:
        try:
            given = found(Site(trace, call))
        except (
            NoRule,
            IndexError,
            TypeError,
            ValueError,
            ZeroDivisionError,
            KeyError,
            AttributeError,
        ) as error:
            cause = f"the rule for {call.name} does not cover this use ({error})"
        else:
            cause = f"the rule for {call.name} gave another size than the true one"
            by_rule = [
                _checked(sizes, shape)
                for sizes, shape in zip(_outputs(given, len(shapes)), shapes, strict=True)
            ]
    if any(sizes is None for sizes in by_rule):
        from nnwhy.why.symbolic import symbolic_sizes

        by_symbols = symbolic_sizes(trace, call)
        by_rule = [
            sizes or (_checked(by_symbols[index], shapes[index], "symbolic shapes") if by_symbols else None)
            for index, sizes in enumerate(by_rule)
        ]
    return tuple(
        sizes if sizes is not None else _unknown([shape], cause)[0]
        for sizes, shape in zip(by_rule, shapes, strict=True)
    )


def _of_stand_in(trace: Trace, call: Call, shapes: list[tuple[int, ...]]) -> tuple[tuple[AxisSize, ...], ...]:
    """A failed call's result was made up; where its rule gives just that shape, it follows from the inputs all the same."""
    unknown = _unknown(shapes, f"{call.name} failed; its result here is the one that was meant")
    found = find_rule(call.name)
    if found is None or call.kind != "function":
        return unknown
    try:
        given = found(Site(trace, call))
    except (NoRule, IndexError, TypeError, ValueError, ZeroDivisionError, KeyError, AttributeError):
        return unknown
    pairs = zip(_outputs(given, len(shapes)), shapes, unknown, strict=True)
    return tuple(
        _checked(sizes, shape) or _at_least_one(sizes, shape) or nothing for sizes, shape, nothing in pairs
    )


def _at_least_one(sizes: Sizes | None, shape: tuple[int, ...]) -> tuple[AxisSize, ...] | None:
    """Where windows do not fit even once, the made-up map is 1 long: the larger of the rule's number and 1."""
    if sizes is None:
        return None
    raised = [
        Operation("max", (found.full or found.expression, Constant(1)))
        if (_value(found.expression) or 0) < 1 == true
        else found.full or found.expression
        for found, true in zip((_axis(size, "rule") for size in sizes), shape, strict=False)
    ]
    return _checked(tuple(raised), shape)


def _outputs(given: object, count: int) -> list[Sizes | None]:
    """What a rule gave, one entry an output; a rule that covers fewer outputs leaves the rest open."""
    listed = list(given) if isinstance(given, list) else [tuple(given)]  # type: ignore[arg-type]
    return [*listed, *[None] * (count - len(listed))][:count]


def _checked(
    sizes: Sizes | None, shape: tuple[int, ...], source: str = "rule"
) -> tuple[AxisSize, ...] | None:
    """The sizes if each evaluates to the true one, else None."""
    if sizes is None or len(sizes) != len(shape):
        return None
    made: list[AxisSize] = []
    for size, true in zip(sizes, shape, strict=True):
        found = _axis(size, source)
        if _value(found.expression) != true:
            return None
        full = found.full if found.full is not None and _value(found.full) == true else None
        made.append(AxisSize(found.expression, full, source))
    return tuple(made)


def _value(expression: Expression) -> int | None:
    try:
        return evaluate(expression)
    except (ZeroDivisionError, ValueError):
        return None


def _axis(size: Axis, source: str) -> AxisSize:
    if isinstance(size, Formula):
        return AxisSize(size.short, size.full if size.full != size.short else None, source)
    return AxisSize(lift(size), None, source)


def _unknown(shapes: list[tuple[int, ...]], cause: str) -> tuple[tuple[AxisSize, ...], ...]:
    return tuple(tuple(AxisSize(Unknown(size, cause), None, "") for size in shape) for shape in shapes)
