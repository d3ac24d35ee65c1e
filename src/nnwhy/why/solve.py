"""Sizes for which all requirements hold: found by evaluating closed forms, no pass is run here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import numpy as np

from nnwhy.facts.expression import Constant, Expression, Operation, Size
from nnwhy.why.requirements import Requirement

LARGEST_SQUARE = 2048
LARGEST_SIDE = 1024
LARGEST_LENGTH = 1 << 18
CUSTOMARY = (8, 16, 28, 32, 48, 64, 84, 96, 112, 128, 224, 227, 256, 299, 384, 512, 1024,
             8000, 16000, 22050, 44100, 48000)  # fmt: skip
"""Sizes that images and recordings have; among many that fit, one of these is more likely meant than its neighbour."""

TOLD = 40
"""How many other solutions are kept for each group of sizes."""

Values = dict[Size, int]


@dataclass(frozen=True)
class Solution:
    """`values` for every variable; `others` are further ones that hold, nearest to a square first.

    `equal`: the sizes that were solved together as one ("square"). `bounded`: the values next to the largest fail.
    """

    values: Values
    others: tuple[Values, ...] = ()
    equal: tuple[Size, ...] = ()
    bounded: bool = False
    solved: tuple[Size, ...] = ()


@dataclass(frozen=True)
class Problem:
    """What is to be solved: the requirements, the sizes as they are now, and those that stay if they can (the batch).

    `everything`: find all sizes that hold also where the current ones do, and keep these as the values.
    """

    requirements: Sequence[Requirement]
    current: Mapping[Size, int]
    held: frozenset[Size] = frozenset()
    fixed: Mapping[Size, int] = field(default_factory=dict[Size, int])
    everything: bool = False


def solve(problem: Problem) -> Solution | None:
    """The sizes that hold, as few changed as can be; None where none were found.

    The batch stays as it is; only where that cannot be, it becomes 1, and then anything.
    """
    for held in _holding(problem):
        found = _solved(problem, held)
        if found is not None:
            return found
    return None


def holds(requirements: Iterable[Requirement], values: Mapping[Size, int]) -> bool:
    """Whether all requirements hold for these sizes."""

    def leaf(part: Any) -> int:
        return values.get(part, part.value) if isinstance(part, Size) else part.value

    return all(requirement.holds(leaf) for requirement in requirements)


def _holding(problem: Problem) -> Iterator[Values]:
    yield {size: problem.current[size] for size in problem.held}
    if problem.held:
        yield dict.fromkeys(problem.held, 1)
        yield {}


def _solved(problem: Problem, held: Values) -> Solution | None:
    known: Values = {**held, **problem.fixed}
    _direct(problem.requirements, known)
    if not all(_possible(requirement, known) for requirement in problem.requirements):
        return None
    values = {**problem.current, **known}
    others: list[Values] = []
    equal: tuple[Size, ...] = ()
    solved: list[Size] = []
    bounded = False
    for variables, about in _components(problem.requirements, known, problem.current):
        test = compiled(about, variables, known)
        now = tuple(values[variable] for variable in variables)
        if test(now) and not problem.everything:
            continue
        found = list(_search(variables, about, test, known))
        if not found:
            return None
        chosen, limited = _preferred(found)
        if test(now):
            chosen = now
        values.update(zip(variables, chosen, strict=True))
        solved += variables
        different = [other for other in found if other != chosen]
        others += [dict(zip(variables, other, strict=True)) for other in different[:TOLD]]
        if len(variables) > 1 and len(set(chosen)) == 1:
            equal = tuple(variables)
        bounded = bounded or limited
    others = [{**values, **other} for other in others]  # each differs in one group of sizes
    return Solution(values, tuple(others), equal, bounded, tuple(solved))


def _direct(requirements: Sequence[Requirement], known: Values) -> None:
    """Sizes that a requirement names outright; a first demand wins over a later one."""
    changed = True
    while changed:
        changed = False
        for requirement in requirements:
            if requirement.relation != "==":
                continue
            for size, other in ((requirement.left, requirement.right), (requirement.right, requirement.left)):
                if isinstance(size, Size) and size not in known:
                    value = _number(other, known)
                    if value is not None and value > 0:
                        known[size] = value
                        changed = True


def _number(expression: Expression, known: Mapping[Size, int]) -> int | None:
    """The value of an expression over known sizes; None where a size is not known."""
    if isinstance(expression, Size):
        return known.get(expression)
    if isinstance(expression, Operation):
        parts = [_number(part, known) for part in expression.operands]
        if any(part is None for part in parts):
            return None
        try:
            from nnwhy.facts.expression import evaluate

            return evaluate(
                Operation(expression.operator, tuple(Constant(part) for part in parts if part is not None))
            )
        except (ZeroDivisionError, OverflowError):
            return None
    return expression.value


def _possible(requirement: Requirement, known: Mapping[Size, int]) -> bool:
    """False only where all its sizes are known and it does not hold."""
    return any(size not in known for size in requirement.sizes) or holds([requirement], known)


def _components(
    requirements: Sequence[Requirement], known: Mapping[Size, int], current: Mapping[Size, int]
) -> list[tuple[list[Size], list[Requirement]]]:
    """The unknown sizes in groups that no requirement links, each with its requirements.

    The spatial axes of one input stay together, linked or not: images are squares before anything else.
    """
    bound = {size for requirement in requirements for size in requirement.sizes}
    bound -= {size for r in requirements if r.relation == "==" and len(r.sizes) == 1 for size in r.sizes}
    images = {
        tensor: {s for s in current if s.tensor == tensor and s.axis >= 2 and s not in known and s in bound}
        for tensor in {s.tensor for s in current}
    }
    groups: list[set[Size]] = [group for group in images.values() if len(group) > 1]
    for requirement in requirements:
        unknown = {size for size in requirement.sizes if size not in known}
        if not unknown:
            continue
        for group in [group for group in groups if group & unknown]:
            groups.remove(group)
            unknown |= group
        groups.append(unknown)
    made: list[tuple[list[Size], list[Requirement]]] = []
    for group in sorted(groups, key=lambda g: min((s.tensor, s.axis) for s in g)):
        variables = sorted(group, key=lambda size: (size.tensor, size.axis))
        made.append((variables, [r for r in requirements if r.sizes & group]))
    return made


Test = Callable[[tuple[int, ...]], bool]
Grid = Callable[[tuple[Any, ...]], Any]


def compiled(
    requirements: Sequence[Requirement], variables: Sequence[Size], known: Mapping[Size, int]
) -> Test:
    """One Python function of all requirements: closed forms are evaluated many thousand times."""
    function = _compiled(requirements, variables, known, " and ", {"max": max, "min": min})

    def test(values: tuple[int, ...]) -> bool:
        try:
            return bool(function(*values))
        except (ZeroDivisionError, OverflowError):
            return False

    return test


def _grid(requirements: Sequence[Requirement], variables: Sequence[Size], known: Mapping[Size, int]) -> Grid:
    """The same for arrays of sizes at once."""
    names = {"max": lambda *parts: reduce(np.maximum, parts), "min": lambda *parts: reduce(np.minimum, parts)}
    function = _compiled(requirements, variables, known, " & ", names)

    def grid(values: tuple[Any, ...]) -> Any:
        with np.errstate(all="ignore"):
            return np.broadcast_to(function(*values), np.broadcast_shapes(*(np.shape(v) for v in values)))

    return grid


def _compiled(
    requirements: Sequence[Requirement],
    variables: Sequence[Size],
    known: Mapping[Size, int],
    joint: str,
    functions: dict[str, Any],
) -> Callable[..., Any]:
    names = {variable: f"v{index}" for index, variable in enumerate(variables)}
    parts: dict[str, None] = {}
    for requirement in requirements:
        left, right = (_code(side, names, known) for side in (requirement.left, requirement.right))
        if requirement.relation == "%":
            parts[f"(({left}) % ({right}) == 0)"] = None
        else:
            parts[f"(({left}) {requirement.relation} ({right}))"] = None
    return eval(f"lambda {', '.join(names.values())}: {joint.join(parts) or 'True'}", functions)


def _code(expression: Expression, names: Mapping[Size, str], known: Mapping[Size, int]) -> str:
    """The expression as Python text. It holds numbers, operators and our own names only."""
    if isinstance(expression, Size):
        return names.get(expression) or str(int(known.get(expression, expression.value)))
    if not isinstance(expression, Operation):
        return str(int(expression.value))
    parts = [f"({_code(part, names, known)})" for part in expression.operands]
    match expression.operator:
        case "ceil":
            return f"-(-{parts[0]} // {parts[1]})"
        case "max" | "min":
            return f"{expression.operator}({', '.join(parts)})"
        case "-" if len(parts) == 1:
            return f"-{parts[0]}"
        case operator:
            return f" {operator} ".join(parts)


def _search(
    variables: Sequence[Size], about: Sequence[Requirement], test: Test, known: Mapping[Size, int]
) -> Iterator[tuple[int, ...]]:
    """Values that hold: all equal first, from the smallest; then others, nearest to equal first."""
    if len(variables) == 1:
        small = [n for n in range(1, LARGEST_SQUARE + 1) if test((n,))]
        far = [] if small else [n for n in _far(about, known, variables[0], test) if test((n,))]
        yield from ((n,) for n in small or far)
        return
    squares = [n for n in range(1, LARGEST_SQUARE + 1) if test((n,) * len(variables))]
    yield from ((n,) * len(variables) for n in squares)
    if len(squares) > 40:
        return
    grid = _grid(about, variables, known)
    if len(variables) == 2:
        yield from _oblong(grid, lambda a, b: (a, b))
    elif len(variables) == 3:
        yield from _oblong(grid, lambda a, b: (a, b, b))
    else:
        yield from _oblong(
            grid, lambda a, b: tuple(a if size.axis == variables[0].axis else b for size in variables)
        )


def _oblong(grid: Grid, spread: Callable[[Any, Any], tuple[Any, ...]]) -> Iterator[tuple[int, ...]]:
    """Pairs of different sides that hold: those of customary sizes first, then those nearest to a square."""
    sides = np.arange(1, LARGEST_SIDE + 1, dtype=np.int64)
    held = grid(spread(sides[:, None], sides[None, :]))
    pairs = [(int(a) + 1, int(b) + 1) for a, b in zip(*np.nonzero(held), strict=True) if a != b]
    pairs.sort(key=lambda pair: (not set(pair) <= set(CUSTOMARY), max(pair) / min(pair), pair))
    yield from (spread(*pair) for pair in pairs)


def _far(
    about: Sequence[Requirement], known: Mapping[Size, int], variable: Size, test: Test
) -> Iterator[int]:
    """Lengths beyond the usual limit: around the root of the first equation, by bisection, for forms grow with the
    length; without an equation, from the first length that is long enough."""
    equation = next(
        (r for r in about if r.relation == "==" and set(r.sizes) - set(known) == {variable}), None
    )
    low, high = LARGEST_SQUARE + 1, LARGEST_LENGTH
    if equation is None:
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if test((middle,)) else (middle + 1, high)
    else:
        left, right = (_function(side, variable, known) for side in (equation.left, equation.right))
        high *= 64
        try:
            rising = left(high) - right(high) >= left(low) - right(low)
            while low < high:
                middle = (low + high) // 2
                enough = (left(middle) - right(middle) >= 0) == rising
                low, high = (low, middle) if enough else (middle + 1, high)
        except (ZeroDivisionError, OverflowError):
            return
    yield from range(low, low + LARGEST_SQUARE)


def _function(expression: Expression, variable: Size, known: Mapping[Size, int]) -> Callable[[int], int]:
    return eval(f"lambda v0: {_code(expression, {variable: 'v0'}, known)}")


def _preferred(found: list[tuple[int, ...]]) -> tuple[tuple[int, ...], bool]:
    """A customary size among those that fit, the smallest where the fitting ones are few, 224 where they have no end."""
    squares = [values for values in found if len(set(values)) == 1]
    if not squares:
        return found[0], True
    sides = [values[0] for values in squares]
    bounded = sides[-1] < LARGEST_SQUARE - 64 or (sides[0] > LARGEST_SQUARE and len(sides) < LARGEST_SQUARE)
    customary = [side for side in sides if side in CUSTOMARY]
    if not bounded and len(squares[0]) > 1 and 224 in customary:
        return squares[sides.index(224)], False
    if not bounded and len(squares[0]) == 1:
        # a single length without an upper end: the next power of two, as people write them
        power = 1 << (sides[0] - 1).bit_length()
        return ((power,) if power in sides or power > LARGEST_SQUARE else squares[0]), False
    if customary:
        return squares[sides.index(customary[0])], bounded
    return squares[0], bounded
