"""Conditions on an input as they follow from the requirements of one pass; not yet tested."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod

from nnwhy.facts.expression import Constant, Expression, Operation, Size, floor_divide, multiply
from nnwhy.facts.place import Place
from nnwhy.why.algebra import with_values, written
from nnwhy.why.attempts import Attempt, Axis
from nnwhy.why.factoring import factored
from nnwhy.why.requirements import Requirement
from nnwhy.why.solve import compiled, holds

SCANNED = 1100
"""How far single sizes are looked at: beyond every usual image, and beyond 1024 positions."""

Sizes = Mapping[Axis, int]


@dataclass(frozen=True)
class Draft:
    """A condition on `axes`, as text over their letters, with who asks for it; `holds` evaluates it for given sizes.

    `joint`: it links several sizes. Else `least`, `most` (None: no end) and `step` are those of the one size;
    `scanned` is how far its values were looked at.
    """

    axes: tuple[Axis, ...]
    text: str
    cause: str
    place: Place | None
    holds: Callable[[Sizes], bool]
    joint: bool = False
    least: int = 1
    most: int | None = None
    step: int = 1
    scanned: int = 0


def outright(made: Attempt, requirements: Sequence[Requirement]) -> dict[Axis, tuple[int, Requirement]]:
    """The axes that a requirement fixes to one number."""
    found: dict[Axis, tuple[int, Requirement]] = {}
    for requirement in requirements:
        if requirement.relation != "==":
            continue
        for size, other in (
            (requirement.left, requirement.right),
            (requirement.right, requirement.left),
        ):
            if isinstance(size, Size) and isinstance(other, Constant):
                for axis in made.axes([size]):
                    found.setdefault(axis, (other.value, requirement))
    return found


def single(made: Attempt, requirements: Sequence[Requirement], axis: Axis, letter: str) -> Iterator[Draft]:
    """The conditions on one size alone: a least one, a largest one, multiples, one of a few."""
    size = made.size(*axis)
    about = [r for r in requirements if set(r.sizes) == {size} and not _fixes(r)]
    least = [r for r in about if r.relation in (">=", ">") and _bounds(r)]
    most = [r for r in about if r.relation in ("<=", "<") and _bounds(r)]
    rest = [r for r in about if r not in least and r not in most]
    known = max(SCANNED, 4 * size.value)
    enough, small, among = (_checked(part, size) for part in (least, most, rest))
    lower = next((n for n in range(1, known) if enough(n)), 1)
    if lower > 1:
        binding = next(r for r in reversed(least) if not _checked([r], size)(lower - 1))
        yield Draft(
            (axis,),
            f"{letter} ≥ {lower}",
            binding.cause,
            binding.place,
            lambda sizes: sizes[axis] >= lower,
            least=lower,
        )
    upper = next((n for n in range(1, 1 << 16) if not small(n + 1)), None) if most else None
    if upper is not None:
        binding = next((r for r in most if not _checked([r], size)(upper + 1)), most[0])
        yield Draft(
            (axis,),
            f"{letter} ≤ {upper}",
            binding.cause,
            binding.place,
            lambda sizes: sizes[axis] <= upper,
            most=upper,
        )
    allowed = [n for n in range(1, known) if among(n)] if rest else []
    if allowed and len(allowed) < known - 1:
        last = next((r for r in reversed(rest) if _binding(r, rest, size)), rest[-1])
        text, step = _few(letter, allowed, known)
        yield Draft(
            (axis,), text, last.cause, last.place, lambda sizes: among(sizes[axis]), step=step,
            least=allowed[0], most=None if allowed[-1] > known - 1 - step else allowed[-1], scanned=known,
        )  # fmt: skip


def joint(
    made: Attempt, requirements: Sequence[Requirement], fixed: Mapping[Axis, int], letters: Mapping[Axis, str]
) -> Iterator[Draft]:
    """The conditions that link several sizes."""
    known = {made.size(*axis): value for axis, value in fixed.items()}
    seen: set[str] = set()
    kept_apart = {requirement.call for requirement in requirements if requirement.meant}
    for requirement in requirements:
        free = [size for size in requirement.sizes if size not in known]
        if len(free) < 2 or _same(requirement) or _always(requirement, free, known):
            continue
        if requirement.kind == "count" and requirement.call in kept_apart:
            continue  # the samples kept apart is the stronger demand
        axes = tuple(sorted(made.axes(free)))
        names = {made.size(*axis): letters[axis] for axis in axes}
        text = _equation(requirement, known, names)
        if text in seen:
            continue
        seen.add(text)
        yield Draft(
            axes, text, requirement.cause, requirement.place, _evaluated(made, requirement, fixed), joint=True
        )


def _always(requirement: Requirement, free: Sequence[Size], known: Mapping[Size, int]) -> bool:
    """Whether it holds whatever the sizes are, as far as some dozens of them near the recorded ones show."""
    for one in (0, 1, 2, 5, 11):
        for other in (0, 1, 3, 8, 20):
            values = {
                size: size.value + (one if index % 2 == 0 else other) for index, size in enumerate(free)
            }
            if not holds([requirement], {**known, **values}):
                return False
    return True


def tied(made: Attempt, requirements: Sequence[Requirement]) -> Iterator[tuple[Axis, Axis]]:
    """Pairs of axes that must have the same size."""
    for requirement in requirements:
        if _same(requirement):
            axes = made.axes([requirement.left, requirement.right])  # type: ignore[list-item]
            if len(axes) == 2 and axes[0] != axes[1]:
                yield axes[0], axes[1]


def _evaluated(made: Attempt, requirement: Requirement, fixed: Mapping[Axis, int]) -> Callable[[Sizes], bool]:
    leaves = sorted(requirement.sizes, key=lambda size: (size.tensor, size.axis))
    axes = [made.axes([size])[0] for size in leaves]
    test = compiled([requirement], leaves, {})

    def evaluated(sizes: Sizes) -> bool:
        return test(tuple(fixed[axis] if axis in fixed else sizes[axis] for axis in axes))

    return evaluated


def _checked(requirements: Sequence[Requirement], size: Size) -> Callable[[int], bool]:
    test = compiled(requirements, [size], {})
    return lambda value: test((value,))


def _binding(requirement: Requirement, others: Sequence[Requirement], size: Size) -> bool:
    """Whether leaving it out allows more sizes."""
    without = [r for r in others if r is not requirement]
    others_hold, it_holds = _checked(without, size), _checked([requirement], size)
    return any(others_hold(n) and not it_holds(n) for n in range(1, max(300, 2 * size.value)))


def _bounds(requirement: Requirement) -> bool:
    """Whether a form that grows with the size is compared with a number."""
    return isinstance(requirement.right, Constant)


def _few(letter: str, allowed: Sequence[int], end: int) -> tuple[str, int]:
    """A set of sizes below `end` in words: multiples, a range, one, or a list; and their common step."""
    first, last = allowed[0], allowed[-1]
    if len(allowed) == 1:
        return f"{letter} = {first}", 1
    gap = allowed[1] - first
    if gap > 1 and list(allowed) == list(range(first, end, gap)):
        if first == gap:
            return f"{letter} is a multiple of {gap}", gap
        if first % gap == 0:
            return f"{letter} is a multiple of {gap}, from {first}", gap
        return f"{letter} is {first} and then every {gap} more", 1
    if list(allowed) == list(range(first, last + 1)):
        return (f"{letter} ≥ {first}" if last == end - 1 else f"{letter} is {first} to {last}"), 1
    shown = ", ".join(map(str, allowed[:6]))
    return f"{letter} is one of {shown}{' …' if len(allowed) > 6 else ''}", 1


def _fixes(requirement: Requirement) -> bool:
    return requirement.relation == "==" and {type(requirement.left), type(requirement.right)} == {
        Size,
        Constant,
    }


def _same(requirement: Requirement) -> bool:
    return (
        requirement.relation == "=="
        and isinstance(requirement.left, Size)
        and isinstance(requirement.right, Size)
    )


def _equation(requirement: Requirement, known: Mapping[Size, int], names: Mapping[Size, str]) -> str:
    """The relation over letters, in lowest terms: 64·a·b = 9216 becomes a·b = 144."""
    left, right = (
        with_values(side, lambda s: known.get(s)) for side in (requirement.left, requirement.right)
    )
    if isinstance(left, Constant):
        left, right = right, left
    left = factored(left)
    if requirement.relation == "==":
        left, right = _lowest(left, right)
    sign = {"==": "=", "!=": "≠", "<=": "≤", ">=": "≥"}.get(requirement.relation, requirement.relation)
    shown = [written(side, lambda size: names.get(size, "?")) for side in (left, right)]
    if requirement.relation == "%":
        return f"{shown[0]} is a multiple of {shown[1]}"
    return f"{shown[0]} {sign} {shown[1]}"


def _lowest(left: Expression, right: Expression) -> tuple[Expression, Expression]:
    if not (isinstance(left, Operation) and left.operator == "*" and isinstance(right, Constant)):
        return left, right
    factor = prod(part.value for part in left.operands if isinstance(part, Constant))
    if factor <= 1 or right.value % factor:
        return left, right
    rest = [part for part in left.operands if not isinstance(part, Constant)]
    return multiply(*rest), floor_divide(right, factor)
