"""A derivation as lines of three columns: the number, what makes it, where that stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nnwhy.facts.derivation import Derivation, Step
from nnwhy.facts.expression import Operation, Size
from nnwhy.report.expressions import with_numbers
from nnwhy.report.words import where


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `number` is "12 = ⌊24 / 2⌋", `reason` "F.max_pool2d(x, 2)", `place` "net.py:22"."""

    indent: int
    number: str
    reason: str
    place: str


def derivation_lines(derivation: Derivation, *, full: bool = False, most: int = 40) -> list[Line]:
    """The steps from the number down to inputs and arguments; equal chains are told once.

    `full` shows the general formulas instead of the shortened ones; after `most` lines the rest is counted.
    """
    lines = list(_Teller(derivation, full).told(0, 0, ""))
    if len(lines) > most:
        return [*lines[:most], Line(lines[most].indent, f"… {len(lines) - most} more steps", "", "")]
    return lines


@dataclass(frozen=True, slots=True)
class Branch:
    """A line with the lines that say where its terms come from."""

    line: Line
    below: tuple[Branch, ...] = ()


def derivation_tree(derivation: Derivation, *, most: int = 60) -> Branch:
    """The same lines as a tree that can be unfolded; after `most` of them the branches end."""
    return _Teller(derivation, False).tree(0, "", [most])


class _Teller:
    def __init__(self, derivation: Derivation, full: bool) -> None:
        self.steps = derivation.steps
        self.full = full
        self.told_already: set[int] = set()

    def told(self, index: int, indent: int, alike: str) -> Iterator[Line]:
        """The line of a step and those below it, in the order of its terms."""
        while True:
            step = self.steps[index]
            self.told_already.add(index)
            yield Line(indent, self._number(step), self._reason(step) + alike, where(step.place))
            below = self._below(step)
            if len(below) == 1 and indent > 0:
                ((index, alike),) = below
                continue
            for child, same in below:
                yield from self.told(child, indent + 2, same)
            return

    def tree(self, index: int, alike: str, left: list[int]) -> Branch:
        """The step with those below it; `left` counts down how many may still be told."""
        step = self.steps[index]
        self.told_already.add(index)
        left[0] -= 1
        line = Line(0, self._number(step), self._reason(step) + alike, where(step.place))
        below = self._below(step)
        if below and left[0] <= 0:
            return Branch(line, (Branch(Line(0, "… more steps", "", "")),))
        return Branch(line, tuple(self.tree(child, same, left) for child, same in below))

    def _below(self, step: Step) -> list[tuple[int, str]]:
        """The terms that get lines of their own, each with the note that names its twins."""
        children: list[tuple[int, list[str]]] = []
        for term in dict.fromkeys(step.terms):
            if term is None or term in self.told_already or self._inline(step, self.steps[term]):
                continue
            twin = next((entry for entry in children if self._same(entry[0], term)), None)
            if twin is None:
                children.append((term, []))
            else:
                twin[1].append(self.steps[term].axis_name)
                self.told_already.add(term)
        return [
            (term, f", {names_alike(self.steps[term].axis_name, twins)}" if twins else "")
            for term, twins in children
        ]

    def _inline(self, step: Step, term: Step) -> bool:
        """An argument of the layer whose step this is stands beside it; that of another layer gets a line."""
        return term.kind == "argument" and (term.module == step.module or term.call == step.call) and bool(step.expression != term.expression) and (
            step.kind == "call" and (term.module != "" or "(" in term.about)
        )  # fmt: skip

    def _same(self, left: int, right: int) -> bool:
        """Whether two steps tell the same story with the same numbers (along two axes)."""
        todo = [(left, right)]
        while todo:
            one, other = (self.steps[index] for index in todo.pop())
            if (one.value, one.kind, one.module, one.call, with_numbers(one.expression)) != (
                other.value, other.kind, other.module, other.call, with_numbers(other.expression),
            ) or len(one.terms) != len(other.terms) or (one.kind == "argument" and one.names != other.names):  # fmt: skip
                return False
            if one.kind == "input" and one.axis_name == other.axis_name == "":
                return False
            todo += [
                (a, b)
                for a, b in zip(one.terms, other.terms, strict=True)
                if a is not None and b is not None and a != b
            ]
        return True

    def _number(self, step: Step) -> str:
        expression = step.full if self.full and step.full is not None else step.expression
        if isinstance(expression, Operation):
            return f"{step.value} = {with_numbers(expression)}"
        return str(step.value)

    def _reason(self, step: Step) -> str:
        if step.kind == "unknown":
            return f"unknown: {step.cause}"
        if step.kind == "input":
            return (
                f"the {step.axis_name} of the input {step.about}"
                if step.axis_name
                else f"axis {step.axis} of the input {step.about}"
            )
        if step.kind == "argument":
            return step.about
        if step.kind == "parameter":
            return f"axis {step.axis} of {step.about}"
        if isinstance(step.expression, Size) or step.kind == "constant":
            return step.about or "a constant"
        return ", ".join([step.about, *self._beside(step)])

    def _beside(self, step: Step) -> Iterator[str]:
        """The layer's own arguments in the expression: "kernel_size 3"."""
        told: set[str] = set()
        for term in step.terms:
            argument = self.steps[term] if term is not None else None
            if argument is None or argument.kind != "argument" or not self._inline(step, argument):
                continue
            name = argument.names[0] if argument.names else ""
            if step.module and name not in told:
                told.add(name)
                yield f"{name} {argument.value}"


def names_alike(first: str, twins: list[str]) -> str:
    """ "height and width": the axes for which one chain of steps holds."""
    rest = [name for name in twins if name]
    return f"{first} and {' and '.join(rest)}" if first and rest else f"{len(twins) + 1} axes alike"
