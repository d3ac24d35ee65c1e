"""Sizes found by passes alone, where no closed form says what a failed call gets: sizes grow with the input."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod

from nnwhy.facts.contract import InputSpec
from nnwhy.facts.expression import Constant, Size
from nnwhy.facts.trace import Call
from nnwhy.why.attempts import FINISHED, Attempt
from nnwhy.why.derive import Derivations
from nnwhy.why.requirements import numbers_of

Try = Callable[[Sequence[InputSpec]], Attempt | None]
LARGEST = 1024
LARGEST_INPUT = 10_000_000
LARGEST_TOKENS = 100_000
"""Numbers of an input; whole ones are looked up in a table, which makes each of them a row."""


def by_passes(made: Attempt, attempt: Try) -> tuple[InputSpec, ...] | None:
    """Specs for which the failed call gets the number that it is built for, found by bisection over one common size.

    Where the call says no number, the size is doubled as long as the pass comes farther. None where neither helps.
    """
    free = free_axes(made)
    if not free or made.progress == FINISHED:
        return None
    call = next((c for c in made.trace.calls if c.failure is not None and c.kind == "function"), None)
    if call is not None and _difference(made, call) is not None:
        return _bisected(made, call, free, attempt)
    return _doubled(made, free, attempt)


def free_axes(made: Attempt) -> list[tuple[int, int]]:
    """The axes (input, axis) that no requirement fixes to one number, the batch left out."""
    fixed = {
        size
        for r in made.requirements
        if r.relation == "==" and {type(r.left), type(r.right)} == {Size, Constant}
        for size in r.sizes
    }
    return [
        (index, axis)
        for index, spec in enumerate(made.specs)
        for axis in range(1, len(spec.sizes))
        if made.size(index, axis) not in fixed
    ]


def resized(specs: Sequence[InputSpec], axes: Sequence[tuple[int, int]], size: int) -> tuple[InputSpec, ...]:
    """The specs with one number for all these axes."""
    return tuple(
        InputSpec(
            tuple(size if (index, axis) in axes else old for axis, old in enumerate(spec.sizes)),
            spec.dtype,
            spec.name,
        )
        for index, spec in enumerate(specs)
    )


def too_large(specs: Sequence[InputSpec]) -> bool:
    """Whether an input has more numbers than a search should pay for."""
    return any(
        prod(map(int, spec.sizes)) > (LARGEST_TOKENS if spec.dtype.startswith("int") else LARGEST_INPUT)
        for spec in specs
    )


def _bisected(
    made: Attempt, call: Call, axes: list[tuple[int, int]], attempt: Try
) -> tuple[InputSpec, ...] | None:
    low, high = 1, LARGEST
    while low < high:
        middle = (low + high) // 2
        if too_large(resized(made.specs, axes, middle)):
            high = middle
            continue
        tried = attempt(resized(made.specs, axes, middle))
        if tried is None:
            return None
        same = _same_call(tried, call)
        if same is None:  # it failed before this call: too small
            low = middle + 1
            continue
        difference = _difference(tried, same)
        if difference is None:
            return None
        if difference == 0:
            return resized(made.specs, axes, middle)
        if difference < 0:
            low = middle + 1
        else:
            high = middle
    return resized(made.specs, axes, low) if low < LARGEST else None


def _doubled(made: Attempt, axes: list[tuple[int, int]], attempt: Try) -> tuple[InputSpec, ...] | None:
    if not any(call.kind == "function" and call.name != "compare_sizes" for call in made.trace.calls):
        return None  # it stopped before anything was computed: a size is not what is wrong
    start = max(int(made.specs[index].sizes[axis]) for index, axis in axes)
    for size in (start * 2, start * 4, start * 8):
        if too_large(resized(made.specs, axes, size)):
            return None
        tried = attempt(resized(made.specs, axes, size))
        if tried is not None and tried.progress > made.progress:
            return resized(made.specs, axes, size)
    return None


def _same_call(tried: Attempt, call: Call) -> Call | None:
    """The call of the same layer, or at the same place, in another pass."""
    for other in tried.trace.calls:
        if (
            other.kind == "function"
            and other.name == call.name
            and other.module == call.module
            and other.place == call.place
        ):
            return other
        if other.failure is not None and other.kind == "function":
            return None
    return None


def _difference(made: Attempt, call: Call) -> int | None:
    """What the call gets minus what it wants, for its first unmet demand; 0 where all are met, None where it makes none."""
    numbers = numbers_of(Derivations(made.trace), call)
    if not numbers:
        return None
    return next((left - right for left, right in numbers if left != right), 0)
