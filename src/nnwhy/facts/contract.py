"""Which inputs a network takes."""

from __future__ import annotations

from dataclasses import dataclass

from nnwhy.facts.place import Place


@dataclass(frozen=True, slots=True)
class InputSpec:
    """One input as the user describes it: sizes (a number or a letter), dtype, and the keyword it is passed by ("" for positional)."""

    sizes: tuple[int | str, ...]
    dtype: str = "float32"
    name: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that must hold for an input: `text` in letters ("⌊(H − 4)/2⌋·⌊(W − 4)/2⌋ = 144"), who asks for it, and examples that satisfy it."""

    letters: tuple[str, ...]
    text: str
    cause: str
    place: Place | None = None
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contract:
    """The inputs that a network takes, each with its letters, and all conditions on them. `tested` counts the passes that confirmed it."""

    inputs: tuple[InputSpec, ...]
    conditions: tuple[Condition, ...]
    tested: int = 0
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Inference:
    """An input that was found from the network: the chosen sizes, why, and the others that fit as well.

    `fits` is False where no input lets the network run to its end: then it is the one that comes nearest.
    """

    inputs: tuple[InputSpec, ...]
    reason: str
    others: tuple[tuple[InputSpec, ...], ...] = ()
    fits: bool = True


@dataclass(frozen=True, slots=True)
class Export:
    """A contract in the words of other tools, each tried.

    `dynamic_shapes` is Python text for `torch.export`; `exported` whether the export ran with it, else `export_says`
    is what torch refused. `annotation` is forward's signature for jaxtyping; `annotated` whether jaxtyping accepts the
    inputs that run and refuses others, None where jaxtyping is not installed; `annotation_says` what went wrong.
    """

    dynamic_shapes: str
    exported: bool
    export_says: str
    annotation: str
    annotated: bool | None
    annotation_says: str = ""
