"""What the calls of a pass demand of the input's sizes, as relations between closed forms.

One small function per torch function says what it demands; comparisons that the user's Python made add theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from nnwhy.facts.expression import (
    Constant,
    Expression,
    Operation,
    Size,
    Unknown,
    evaluate,
    floor_divide,
    leaves,
    multiply,
    substitute,
)
from nnwhy.facts.place import Place
from nnwhy.facts.trace import Call, Trace
from nnwhy.source import text_at
from nnwhy.why.algebra import simplified
from nnwhy.why.consumed import consumed
from nnwhy.why.demands import DEMANDS, CallNumbers, CallView, NoTensor, Relation
from nnwhy.why.derive import Derivations

_NEGATED: dict[Relation, Relation] = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


@dataclass(frozen=True, slots=True)
class Requirement:
    """`left relation right`, both closed forms whose only sizes are the input's.

    `cause` is the layer or the call as written, `kind` what sort of demand it is ("features", "channels", "window",
    "join", "count", "batch", "index", "check"). `meant`: nothing fails without it, but the network then computes
    something else than its author means (a view that mixes samples).
    """

    left: Expression
    relation: Relation
    right: Expression
    cause: str
    kind: str
    place: Place | None
    call: int
    meant: bool = False

    @property
    def sizes(self) -> frozenset[Size]:
        """The input sizes that it is about."""
        return frozenset(
            leaf for side in (self.left, self.right) for leaf in leaves(side) if isinstance(leaf, Size)
        )

    def holds(self, leaf: Callable[[Expression], int] | None = None) -> bool:
        """Whether it holds for the recorded sizes, or for those that `leaf` gives."""
        try:
            left = evaluate(self.left, leaf)  # type: ignore[arg-type]
            right = evaluate(self.right, leaf)  # type: ignore[arg-type]
            return related(left, self.relation, right)
        except (ZeroDivisionError, OverflowError):
            return False


def related(left: int, relation: Relation, right: int) -> bool:
    """Whether the relation holds between two numbers."""
    match relation:
        case "==":
            return left == right
        case "!=":
            return left != right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case ">=":
            return left >= right
        case "%":
            return right != 0 and left % right == 0


def requirements(derivations: Derivations) -> list[Requirement]:
    """All demands of the recorded calls that have a closed form, in the order of the calls; trivial ones left out."""
    found: list[Requirement] = []
    trace = derivations.trace
    seen: set[tuple[object, ...]] = set()
    for call in trace.calls:
        if call.kind == "function":
            found.extend(_of_call(derivations, call, seen))
    found.extend(_failed_checks(derivations))
    return found


def contradicted(derivations: Derivations, call: Call) -> bool:
    """Whether a call demands that two numbers be equal which are not, and on which no size of the input has an influence."""
    demand = DEMANDS.get(call.name)
    if demand is None:
        return False
    try:
        pairs = list(demand(CallView(derivations, call)))
    except (KeyError, TypeError, IndexError, ValueError, AttributeError, NoTensor):
        return False
    for left, relation, right, _ in pairs:
        if relation != "==" or left is None or right is None:
            continue
        one, other = _only_inputs(derivations.trace, left), _only_inputs(derivations.trace, right)
        if one is None or other is None:
            continue
        one, other = _without_common(one, other)
        if isinstance(one, Constant) and isinstance(other, Constant) and one != other:
            return True
    return False


def disagrees(derivations: Derivations, call: Call) -> bool:
    """Whether a failed function or layer demands that two numbers of the network itself be equal which are not."""
    if call.kind == "function":
        return contradicted(derivations, call)
    trace = derivations.trace
    if any(
        contradicted(derivations, inner)
        for inner in trace.calls
        if inner.parent == call.id and inner.kind == "function" and inner.failure is not None
    ):
        return True
    for one in consumed(trace, call.module):
        closed = derivations.closed(one.tensor, one.axis) if one.call.id == call.id else None
        size = _only_inputs(trace, closed) if closed is not None else None
        if isinstance(size, Constant) and size != Constant(one.value):
            return True
    return False


def comparisons(derivations: Derivations) -> list[Requirement]:
    """The comparisons of the pass as they came out. What fails without them has to be tried."""
    return [
        made for call in derivations.trace.calls
        if call.name == "compare_sizes" and (made := _comparison(derivations, call, bool(call.result))) is not None
    ]  # fmt: skip


def _of_call(derivations: Derivations, call: Call, seen: set[tuple[object, ...]]) -> Iterator[Requirement]:
    """What the call demands, where no call before it demanded the same (`seen`)."""
    demand = DEMANDS.get(call.name)
    if demand is None:
        return
    view = CallView(derivations, call)
    try:
        pairs = list(demand(view))
    except (KeyError, TypeError, IndexError, ValueError, AttributeError, NoTensor):
        return
    for left, relation, right, kind in pairs:
        if (left, relation, right, kind) in seen and call.failure is None:
            continue
        seen.add((left, relation, right, kind))
        made = _requirement(derivations, call, left, relation, right, kind)
        if made is not None:
            yield made


def _requirement(
    derivations: Derivations,
    call: Call,
    left: Expression | None,
    relation: Relation,
    right: Expression | None,
    kind: str,
) -> Requirement | None:
    if left is None or right is None or left == right:
        return None
    left, right = _only_inputs(derivations.trace, left), _only_inputs(derivations.trace, right)
    if left is None or right is None or left == right:
        return None
    left, right = _without_common(left, right)
    if left == right or (relation == "%" and right == Constant(1)):
        return None
    owner = derivations.layer_of(call)
    made = Requirement(
        left, relation, right,
        owner.path if owner is not None and owner.path else _written(call),
        kind,
        (owner.constructed[0] if owner is not None and owner.constructed and kind != "join" else call.place),
        call.id,
        meant=kind == "batch",
    )  # fmt: skip
    return made if made.sizes else None


def _only_inputs(trace: Trace, expression: Expression) -> Expression | None:
    """Sizes of parameters and constants as numbers; None where a part is unknown."""
    if isinstance(expression, Constant):
        return expression
    if any(isinstance(leaf, Unknown) for leaf in leaves(expression)):
        return None

    def fixed(leaf: Expression) -> Expression:
        if isinstance(leaf, Size):
            return leaf if trace.tensors[leaf.tensor].origin.kind == "input" else Constant(leaf.value)
        return Constant(leaf.value) if not isinstance(leaf, Operation) else leaf

    made = substitute(expression, fixed)
    return made if made is expression else simplified(made)


def _without_common(left: Expression, right: Expression) -> tuple[Expression, Expression]:
    """Both sides without the sizes that are factors of both: 256·N·a = 9216·N says 256·a = 9216."""
    common = {leaf for leaf in leaves(left) if isinstance(leaf, Size)} & set(leaves(right))
    for size in sorted(common, key=lambda s: (s.tensor, s.axis)):
        quotients = [simplified(floor_divide(side, size)) for side in (left, right)]
        if all(
            simplified(multiply(q, size)) == side for q, side in zip(quotients, (left, right), strict=True)
        ):
            left, right = quotients
    return left, right


def _written(call: Call) -> str:
    text = " ".join(text_at(call.place).split()) if call.place else ""
    return text if text and len(text) <= 60 else call.name


def _failed_checks(derivations: Derivations) -> Iterator[Requirement]:
    """Where the user's Python raised: the last comparison that it made inside the failed module (or before the failed
    `torch._assert`) must come out the other way."""
    trace = derivations.trace
    for failure in trace.failures:
        if failure.call is None:
            continue
        failed = trace.calls[failure.call]
        if failed.kind == "function" and failed.name != "_assert":
            continue
        last = next(
            (
                call
                for call in reversed(trace.calls)
                if call.name == "compare_sizes"
                and (call.id < failed.id if failed.name == "_assert" else _inside(trace, call, failed.id))
            ),
            None,
        )
        if last is not None:
            made = _comparison(derivations, last, not bool(last.result))
            if made is not None:
                yield made


def _inside(trace: Trace, call: Call, outer: int) -> bool:
    parent = call.parent
    while parent is not None and parent > outer:
        parent = trace.calls[parent].parent
    return parent == outer


def _comparison(derivations: Derivations, call: Call, outcome: bool) -> Requirement | None:
    relation = call.arguments["relation"]
    assert isinstance(relation, str)
    wanted: Relation = relation if outcome else _NEGATED[relation]  # type: ignore[index,assignment]
    view = CallView(derivations, call)
    return _requirement(
        derivations,
        call,
        view.number(call.arguments["left"]),
        wanted,
        view.number(call.arguments["right"]),
        "check",
    )


def numbers_of(derivations: Derivations, call: Call) -> list[tuple[int, int]]:
    """Both sides of the equations that a call demands, as the numbers of this pass; where no closed form is known."""
    demand = DEMANDS.get(call.name)
    if demand is None:
        return []
    try:
        pairs = list(demand(CallNumbers(derivations, call)))
    except (KeyError, TypeError, IndexError, ValueError, AttributeError, NoTensor):
        return []
    return [
        (evaluate(left), evaluate(right))
        for left, relation, right, _ in pairs
        if left is not None and right is not None and relation == "=="
    ]
