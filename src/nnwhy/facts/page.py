"""All that the explorable page shows of one network, as facts."""

from __future__ import annotations

from dataclasses import dataclass

from nnwhy.facts.card import Card
from nnwhy.facts.contract import Contract
from nnwhy.facts.derivation import Step
from nnwhy.facts.explanation import ExplainedStep, Explanation
from nnwhy.facts.expression import Expression
from nnwhy.facts.finding import Finding
from nnwhy.facts.place import Place


@dataclass(frozen=True, slots=True)
class PageNumber:
    """One number with what it is made of. The terms of `step` are positions in the page's numbers.

    `closed` is the number in the input's sizes, "" where there is no such form.
    """

    step: Step
    closed: str = ""


@dataclass(frozen=True, slots=True)
class PageArgument:
    """An argument of a layer or call: its name, its value as text, and the page's number behind it, None where it has none.

    `fixed`: the number is not free, it must be what the derivation gives; `value` is then what the layer was built for.
    """

    name: str
    text: str
    number: int | None = None
    fixed: bool = False
    value: int | None = None


@dataclass(frozen=True, slots=True)
class PageParameter:
    """A parameter of a layer: its local name, and for each axis the position of its size in the page's numbers."""

    name: str
    sizes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sight:
    """Which values of the input one value of a map sees, along each spatial axis.

    The value at `i` sees from `i·steps + first` to `i·steps + last`, both included; what lies outside of the input is padding.
    After a transposed convolution neighbours differ: `first` and `last` have, for each axis, as many entries as there are
    kinds of neighbours, and `i` takes the entry `i mod` their number. `whole` says which axes are seen as a whole.
    """

    steps: tuple[float, ...]
    first: tuple[tuple[float, ...], ...]
    last: tuple[tuple[float, ...], ...]
    whole: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Maps:
    """Some channels of one sample, each value as one of 256 levels from `low` to `high`, as base64 text, map by map.

    `channels` are the positions of the maps among `of`; `rows` and `columns` those of one map here, where every `skip`-th row
    and column is kept. `kind` is "maps" for channels of pixels, "grid" for positions by features, "row" for features alone.
    """

    channels: tuple[int, ...]
    of: int
    rows: int
    columns: int
    low: float
    high: float
    levels: str
    skip: int = 1
    kind: str = "maps"


@dataclass(frozen=True, slots=True)
class PageStep:
    """One step of the data's way, in the order of the calls. Of repeated blocks only the first is here.

    parent:      the position of the step that it is inside of, None at the top
    takes:       the positions of the steps whose results it takes; −1 − i is the network's input i
    sizes:       for each axis of its result, the position in the page's numbers
    constructed: where the layer was constructed
    """

    step: ExplainedStep
    parent: int | None
    takes: tuple[int, ...]
    sizes: tuple[int, ...]
    arguments: tuple[PageArgument, ...] = ()
    type: str = ""
    constructed: Place | None = None
    card: str = ""
    parameters: tuple[PageParameter, ...] = ()
    sight: Sight | None = None
    maps: Maps | None = None


@dataclass(frozen=True, slots=True)
class PageInput:
    """One input tensor: `sizes` are positions in the page's numbers, `letters` the letter of each; `free` says which the user left open."""

    name: str
    dtype: str
    sizes: tuple[int, ...]
    letters: tuple[str, ...]
    free: tuple[bool, ...]
    maps: Maps | None = None


@dataclass(frozen=True, slots=True)
class PageDemand:
    """What a step asks of the input's sizes: `left relation right` ("%": is a multiple of). `step` is its position, None where it has none."""

    left: Expression
    relation: str
    right: Expression
    cause: str
    kind: str
    step: int | None
    place: Place | None


@dataclass(frozen=True, slots=True)
class PageFinding:
    """A mistake, and the position of the step that it is about, None where it is about none."""

    finding: Finding
    step: int | None


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file of the user's, with the lines that the page shows: stretches of text, each with the number of its first line."""

    path: str
    stretches: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The whole page. `data` says what went through the network for the maps, "" where there are none.

    `places` maps the id of each recorded call to the position of the step that tells it. `sample` are maps to try dropout on
    where the network gave none.
    """

    target: str
    explanation: Explanation
    inputs: tuple[PageInput, ...]
    steps: tuple[PageStep, ...]
    numbers: tuple[PageNumber, ...]
    calls: tuple[int, ...]
    demands: tuple[PageDemand, ...]
    cards: tuple[Card, ...]
    findings: tuple[PageFinding, ...]
    files: tuple[PageFile, ...]
    sample: Maps
    contract: Contract | None = None
    data: str = ""
