"""A mistake that a check found, and the ways out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from nnwhy.facts.contract import InputSpec
from nnwhy.facts.derivation import Derivation
from nnwhy.facts.place import Place
from nnwhy.facts.value import Value

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Edit:
    """Put `text` where `place` is; an empty stretch inserts."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What a run of the edited copy showed: `gone` says that the finding is, `new` names the findings that came."""

    gone: bool
    new: tuple[str, ...]
    runs: bool
    seconds: float = 0.0

    @property
    def holds(self) -> bool:
        """Whether the fix is proved."""
        return self.gone and not self.new


@dataclass(frozen=True, slots=True)
class Fix:
    """A way out: `label` says it in a few words, `means` what follows from it.

    `safe`: what the network computes stays what its author meant. A fix without a proof is a hint and is never applied;
    one without edits is advice. `inputs`, where given, are the inputs that the edits give the network: the proof runs on those.
    """

    label: str
    edits: tuple[Edit, ...] = ()
    means: str = ""
    safe: bool = True
    proof: Proof | None = None
    inputs: tuple[InputSpec, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A mistake: fields, no prose. `title` is a template over `values`, worded once by the check's definition.

    `place` is the stretch that must change; `also` are further places that belong to it (the call that failed).
    `expected` and `actual` are what the network is built for and what it gets; `because` are the reasons in order;
    `derivations` say where the actual numbers come from; `fits` what the wrong number would have been right for.
    """

    check: str
    severity: Severity
    place: Place | None
    values: Mapping[str, int | float | str]
    expected: str = ""
    actual: str = ""
    because: tuple[str, ...] = ()
    derivations: tuple[Derivation, ...] = ()
    fits: tuple[str, ...] = ()
    fixes: tuple[Fix, ...] = ()
    also: tuple[Place, ...] = ()
    module: str = ""
    call: int | None = None
    title: str = ""

    @property
    def sentence(self) -> str:
        """The title with its values."""
        return self.title.format_map(dict(self.values))

    @property
    def proved(self) -> Fix | None:
        """The first fix whose proof holds."""
        return next((fix for fix in self.fixes if fix.proof is not None and fix.proof.holds), None)


@dataclass(frozen=True, slots=True)
class Mixing:
    """What a second pass with one sample changed has shown: at call `call` the change reached other samples.

    `axis` is the axis of the inputs that was taken for the batch. `call` is None where every sample kept to itself;
    `other_axis` says whether the samples keep apart when the input's next axis is taken for the batch instead.
    """

    axis: int
    call: int | None
    other_axis: bool = False


@dataclass(frozen=True, slots=True)
class Construction:
    """Why a network could not be built: the exception, its innermost place in the user's code, the class whose constructor
    raised ("torch.nn.modules.conv.Conv2d") with its arguments, and the places of the constructing calls, innermost first."""

    type: str
    message: str
    place: Place | None
    constructor: str = ""
    arguments: Mapping[str, Value] = field(default_factory=dict[str, Value])
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The findings of a run over some targets. `looked` says what was looked at, in the order of the targets;
    `skipped` what could not be, each with its reason; `digests` are those of the files that were analysed."""

    findings: tuple[Finding, ...]
    looked: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    digests: Mapping[str, str] = field(default_factory=dict[str, str])
    notes: tuple[str, ...] = ()
