"""An inference in words: what was taken and why, and what else fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from nnwhy.facts.contract import Inference, InputSpec
from nnwhy.facts.expression import Constant, Size
from nnwhy.why.algebra import with_values, written
from nnwhy.why.answer import Answer
from nnwhy.why.attempts import FINISHED, Attempt
from nnwhy.why.factoring import factored
from nnwhy.why.nearest import side_value
from nnwhy.why.requirements import Requirement
from nnwhy.why.solve import Values, holds

OTHERS = 8


@dataclass(frozen=True)
class Chosen:
    """What a search ended with: `specs` are shown to the user, with a letter for the batch; `smallest` is the least
    common height and width that works, where any does; `missed` is the call whose demand no size meets;
    `assumed` are sentences about what was taken by a name alone; `source` is the hint that was followed."""

    attempt: Attempt
    specs: tuple[InputSpec, ...]
    solution: Answer | None = None
    smallest: int | None = None
    missed: int | None = None
    assumed: tuple[str, ...] = ()
    source: str = ""


def told(chosen: Chosen) -> Inference:
    """The inference with its reason."""
    made = chosen.attempt
    fits = made.progress == FINISHED
    missed = next((r for r in made.requirements if r.call == chosen.missed and not r.holds()), None)
    if missed is not None and not fits:
        return Inference(chosen.specs, _missed(made, missed), fits=False)
    parts = [f"{chosen.source} says so"] if chosen.source else []
    parts += [_solved(chosen)] if chosen.solution is not None else []
    parts += [part for part in (_taken(made), _free(chosen)) if part]
    parts += chosen.assumed
    if made.mixing is not None:
        parts.append(_mixed(made, made.mixing))
    if not fits:
        parts.append(_still_fails(made))
    reason = "; ".join(parts) or f"{_shapes(made.specs)} is the first of the usual inputs that works"
    return Inference(chosen.specs, reason, _others(chosen), fits=fits)


def equation(made: Attempt, requirement: Requirement) -> str:
    """The two sides of a requirement as text, without the sizes that another one fixes: "64·⌊(H − 4)/2⌋·⌊(W − 4)/2⌋ = 9216"."""
    fixed = fixed_sizes(made)
    sides = [with_values(side, fixed.get) for side in (requirement.left, requirement.right)]
    if isinstance(sides[0], Constant):
        sides.reverse()
    left, right = (written(factored(side), made.derivations.letter) for side in sides)
    sign = {"==": "=", "!=": "≠", "<=": "≤", ">=": "≥"}.get(requirement.relation, requirement.relation)
    return f"{left} is a multiple of {right}" if requirement.relation == "%" else f"{left} {sign} {right}"


def fixed_sizes(made: Attempt) -> Values:
    """The input sizes that a requirement names outright."""
    found: Values = {}
    for requirement in made.requirements:
        if requirement.relation != "==":
            continue
        for size, other in ((requirement.left, requirement.right), (requirement.right, requirement.left)):
            if isinstance(size, Size) and isinstance(other, Constant):
                found.setdefault(size, other.value)
    return found


def _solved(chosen: Chosen) -> str:
    """ "1×28×28 is the smallest square that fits: fc1 needs 64·… = 9216"."""
    solution, made = chosen.solution, chosen.attempt
    assert solution is not None
    solved = {made.size(*axis) for axis in solution.values}
    about = next(
        (r for r in made.requirements if r.relation == "==" and r.sizes & solved and not _outright(r)), None
    )
    about = about or _binding(made, solved)
    cause = f": {about.cause} needs {equation(made, about)}" if about is not None else ""
    shape = _shapes(made.specs)
    if len(solution.values) == 1:
        (axis,) = solution.values
        lengths = sorted(values[axis] for values in (solution.values, *solution.others))
        rest = (
            f", and every one up to {lengths[-1]}"
            if _without_gap(lengths) and solution.bounded and len(lengths) > 1
            else ""
        )
        if len(made.specs) > 1:
            return f"{shape} fit{cause}"
        if solution.values[axis] == lengths[0]:
            return f"{shape} is the smallest size that fits{rest}{cause}"
        return f"{shape} fits, and the smallest is {lengths[0]}{cause}"
    if not solution.equal:
        return f"{shape} fits, and nothing with equal sides does{cause}"
    all_values = (solution.values, *solution.others)
    sides = sorted(
        {v[solution.equal[0]] for v in all_values if len({v[axis] for axis in solution.equal}) == 1}
    )
    mine = solution.values[solution.equal[0]]
    shaped = "cube" if len(solution.equal) == 3 else "square"
    if mine == sides[0]:
        return f"{shape} is the {'smallest' if len(sides) > 1 else 'only'} {shaped} that fits{cause}"
    if _without_gap(sides) and solution.bounded:
        return f"{shape} fits, as every {shaped} from {sides[0]} to {sides[-1]} does{cause}"
    return f"{shape} fits, and the smallest {shaped} that does is {sides[0]}{cause}"


def _binding(made: Attempt, solved: set[Size]) -> Requirement | None:
    """The requirement that sizes one smaller would not meet; else the last one about these sizes."""
    smaller = {size: value - (size in solved) for size, value in made.current().items()}
    about = [r for r in made.requirements if r.sizes & solved]
    return next((r for r in about if not holds([r], smaller)), about[-1] if about else None)


def _without_gap(numbers: list[int]) -> bool:
    return numbers == list(range(numbers[0], numbers[-1] + 1))


def _outright(requirement: Requirement) -> bool:
    return isinstance(requirement.left, Size) and isinstance(requirement.right, Constant)


def _taken(made: Attempt) -> str:
    """What the first layers say: "conv1 takes 3 channels"."""
    said: list[str] = []
    for requirement in made.requirements:
        if (
            _outright(requirement)
            and requirement.relation == "=="
            and requirement.kind in ("channels", "features", "batch")
        ):
            value = requirement.right.value if isinstance(requirement.right, Constant) else 0
            kind = "features" if requirement.kind == "batch" else requirement.kind
            words = kind if value != 1 else kind.removesuffix("s")
            text = f"{requirement.cause} takes {value} {words}"
            if not any(text.split(" takes ")[1] == other.split(" takes ")[1] for other in said):
                said.append(text)
    for call in made.trace.calls:
        if call.name in ("embedding", "embedding_bag") and call.kind == "function":
            weight = call.arguments.get("weight")
            rows = made.trace.tensors[weight.id].shape[0] if hasattr(weight, "id") else 0  # type: ignore[union-attr]
            owner = made.derivations.layer_of(call)
            if rows:
                said.append(
                    f"{owner.path if owner and owner.path else 'the embedding'} takes whole numbers below {rows}"
                )
            break
    return ", ".join(said[:3])


def _free(chosen: Chosen) -> str:
    if chosen.smallest is None or chosen.solution is not None:
        return ""
    side = next(int(s.sizes[-1]) for s in chosen.attempt.specs if len(s.sizes) == 4)
    if side == chosen.smallest:
        return f"{side}×{side} is the smallest image that works"
    return f"images from {chosen.smallest}×{chosen.smallest} on work, {side}×{side} was taken"


def _missed(made: Attempt, missed: Requirement) -> str:
    """Nothing fits: the equation, and the squares on both sides of it."""
    text = f"no size fits: {missed.cause} needs {equation(made, missed)}"
    nearest = [f"{_shape_with(made, values)} gives {value}" for values, value in _around(made, missed)]
    return f"{text}; {' and '.join(nearest)}" if nearest else text


def _around(made: Attempt, missed: Requirement) -> list[tuple[Values, int]]:
    """The largest square that gives less than is needed and the smallest that gives more."""
    current = made.current()
    free = [s for s in missed.sizes if s.axis > 0 and s not in fixed_sizes(made)]
    before = [r for r in made.requirements if r.call < missed.call and not r.meant]
    wanted = missed.right if isinstance(missed.right, Constant) else missed.left
    if not isinstance(wanted, Constant) or not free:
        return []
    below: tuple[Values, int] | None = None
    for side in range(1, 513):
        values = {**current, **dict.fromkeys(free, side)}
        if not holds(before, values):
            continue
        value = side_value(missed, values)
        if value < wanted.value:
            if below is None or value > below[1]:
                below = (values, value)
        elif value > wanted.value:
            return [*([below] if below else []), (values, value)]
    return [below] if below else []


def _mixed(made: Attempt, mixing: Requirement) -> str:
    return f"no size keeps the samples apart: {mixing.cause} would need {equation(made, mixing)}"


def _still_fails(made: Attempt) -> str:
    failure = made.failure
    if failure is None:
        return "the pass does not reach its end"
    line = f" in line {failure.place.line}" if failure.place is not None else ""
    return f"the pass then fails{line}, and no other input was found that mends it"


def _others(chosen: Chosen) -> tuple[tuple[InputSpec, ...], ...]:
    """Further inputs that fit, at most eight: squares, then the others nearest to one."""
    if chosen.solution is None:
        return ()
    made: list[tuple[InputSpec, ...]] = []
    for values in chosen.solution.others:
        specs = tuple(
            replace(
                spec, sizes=tuple(values.get((index, axis), size) for axis, size in enumerate(spec.sizes))
            )
            for index, spec in enumerate(chosen.specs)
        )
        if specs != chosen.specs and specs not in made:
            made.append(specs)
    return tuple(made[:OTHERS])


def _shape_with(made: Attempt, values: Values) -> str:
    return _shapes(made.with_values(values))


def _shapes(specs: Sequence[InputSpec]) -> str:
    """The inputs without their batch: "1×28×28"; a single axis as it is."""
    shown = [
        "×".join(str(size) for size in (spec.sizes[1:] if len(spec.sizes) > 1 else spec.sizes))
        for spec in specs
    ]
    return " and ".join(dict.fromkeys(text or "a single number" for text in shown))
