"""Where a number comes from, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nnwhy.facts.expression import Expression
from nnwhy.facts.place import Place

StepKind = Literal["call", "input", "argument", "parameter", "constant", "unknown"]


@dataclass(frozen=True, slots=True)
class Step:
    """One number and what it is made of.

    `expression` is in textbook form, shortened for the actual arguments; `full` the general formula where it is longer.
    Its leaves, from left to right, are explained by the steps whose indices are in `terms` (None for a plain constant).
    `tensor` and `axis` say which size it is; `about` names the thing that fixes it: a call as the user wrote it ("F.max_pool2d(x, 2)"),
    an argument ("conv2.out_channels"), an input; `axis_name` is the axis' usual name ("channels", "height") where that is known.
    """

    value: int
    kind: StepKind
    about: str
    expression: Expression
    terms: tuple[int | None, ...] = ()
    place: Place | None = None
    full: Expression | None = None
    tensor: int | None = None
    axis: int | None = None
    axis_name: str = ""
    call: int | None = None
    module: str = ""
    names: tuple[str, ...] = ()
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Derivation:
    """The steps from a number down to inputs, arguments and literals; the first step is the number itself.

    `closed` is the number in the input's sizes, `letters` naming them ("64·⌊(H − 4)/2⌋·⌊(W − 4)/2⌋"), None where there is none.
    """

    steps: tuple[Step, ...]
    closed: str | None = None

    @property
    def value(self) -> int:
        """The number."""
        return self.steps[0].value

    @property
    def grounded(self) -> bool:
        """Whether every step ends at an input, an argument, a parameter or a constant."""
        return all(step.kind != "unknown" for step in self.steps)
