"""A mistake that a check found, and the ways out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from nnwhy.facts.derivation import Derivation
from nnwhy.facts.place import Place

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Edit:
    """Put `text` where `place` is; an empty stretch inserts."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What a run of the edited copy showed: the finding is gone and nothing new came."""

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
    one without edits is advice.
    """

    label: str
    edits: tuple[Edit, ...] = ()
    means: str = ""
    safe: bool = True
    proof: Proof | None = None


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
