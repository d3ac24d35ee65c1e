"""A solution by inputs and axes: leaves of closed forms belong to one pass, these stay the same from pass to pass."""

from __future__ import annotations

from dataclasses import dataclass

from nnwhy.why.attempts import Attempt, Axis
from nnwhy.why.solve import Solution


@dataclass(frozen=True)
class Answer:
    """The sizes of the axes that had to be solved for, and others that fit as well; see `Solution`."""

    values: dict[Axis, int]
    others: tuple[dict[Axis, int], ...]
    equal: tuple[Axis, ...]
    bounded: bool


def answer_of(solution: Solution, made: Attempt) -> Answer:
    """The solution that was found from the pass `made`."""
    solved = set(made.axes(solution.solved))

    def only_solved(values: dict[Axis, int]) -> dict[Axis, int]:
        return {axis: value for axis, value in values.items() if axis in solved}

    return Answer(
        only_solved(made.by_axis(solution.values)),
        tuple(only_solved(made.by_axis(values)) for values in solution.others),
        made.axes(solution.equal),
        solution.bounded,
    )
