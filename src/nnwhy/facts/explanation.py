"""What a network does, call by call, and answers to questions about its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nnwhy.facts.card import Card
from nnwhy.facts.derivation import Derivation
from nnwhy.facts.finding import Finding
from nnwhy.facts.place import Place
from nnwhy.facts.trace import Pass
from nnwhy.facts.value import Value


@dataclass(frozen=True, slots=True)
class Cost:
    """What a step costs. `parameters` counts each shared parameter once, at its first use; `multiply_adds` is None where unknown."""

    parameters: int = 0
    multiply_adds: int | None = 0
    activation_bytes: int = 0


@dataclass(frozen=True, slots=True)
class ReceptiveField:
    """The input pixels that one output value sees along each spatial axis, and the distance between neighbours' centres."""

    sizes: tuple[int, ...]
    strides: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ExplainedStep:
    """One call on the data's way. `depth` is its nesting; `repeats` > 1 where it stands for that many equal blocks."""

    call: int
    name: str
    written: str
    what: str
    shape: tuple[int, ...] | None
    letters: tuple[str, ...]
    axes: tuple[str, ...]
    dtype: str
    cost: Cost
    field: ReceptiveField | None
    place: Place | None
    module: str
    depth: int = 0
    repeats: int = 1
    repeated: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The data's way through a network, with totals, what was never called, and how the pass was made.

    Where the batch has a letter, `per_sample` is set and costs are those of one sample. `failed_by` is the first
    exception of the pass in one sentence, "" where all went well. `findings` are the mistakes that the checks see in it,
    without the fixes that `check` proves.
    """

    root: str
    inputs: tuple[str, ...]
    steps: tuple[ExplainedStep, ...]
    total: Cost
    parameter_bytes: int
    trainable: int
    unused: tuple[str, ...]
    how: Pass
    training: bool
    input_reason: str = ""
    per_sample: bool = False
    failed_by: str = ""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One place where a number occurs: what it is there, and its derivation where it is a size."""

    what: str
    place: Place | None
    derivation: Derivation | None = None
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question about a number; `number` is None where the question was a place."""

    question: str
    occurrences: tuple[Occurrence, ...]
    number: int | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LayerHere:
    """One layer of a network with its own numbers.

    `card` is what is to be known of its kind, None for the user's own classes. `step` is its first call, None where it was never
    called; `calls` counts them. `inputs` are the shapes that it got, as text. The shares (0 to 1) are of the whole network.
    `before` and `after` are what makes its input and what takes its output. `findings` are the mistakes that the checks see at it.
    """

    path: str
    type: str
    card: Card | None
    arguments: Mapping[str, Value]
    place: Place | None
    step: ExplainedStep | None
    inputs: tuple[str, ...] = ()
    calls: int = 0
    parameter_share: float = 0.0
    cost_share: float = 0.0
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
