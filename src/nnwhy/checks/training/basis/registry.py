"""The checks of training by name. A check is a function from a `Watched` session to findings, alone in the file of its name.

Its examples are whole scripts: `tests/scripts/faulty/<name>.py` must be found at the line marked `# here`.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from inspect import cleandoc

from nnwhy.checks.training.basis.watched import Watched
from nnwhy.facts.finding import Finding, Severity

Logic = Callable[[Watched], Iterable[Finding]]

_RANK = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True, slots=True)
class TrainingCheck:
    """A registered check. `title` is the sentence of its findings, a template over their values."""

    name: str
    severity: Severity
    summary: str
    title: str
    logic: Logic
    documentation: str


_found: dict[str, tuple[str, Severity, str, str, Logic]] = {}


def training_check(*, name: str, severity: Severity, summary: str, title: str) -> Callable[[Logic], Logic]:
    """Register a check of training."""

    def register(logic: Logic) -> Logic:
        _found[logic.__module__] = (name, severity, summary, title, logic)
        return logic

    return register


@cache
def training_checks() -> dict[str, TrainingCheck]:
    """Every check of training by its name."""
    import nnwhy.checks.training as folder

    checks: dict[str, TrainingCheck] = {}
    for entry in sorted(pkgutil.iter_modules(folder.__path__), key=lambda entry: entry.name):
        if not entry.ispkg:
            module = importlib.import_module(f"{folder.__name__}.{entry.name}")
            name, severity, summary, title, logic = _found[module.__name__]
            checks[name] = TrainingCheck(
                name, severity, summary, title, logic, cleandoc(module.__doc__ or "")
            )
    return checks


def training_findings(watched: Watched) -> tuple[Finding, ...]:
    """What the checks find, the worst first; a comment `# nnwhy: ignore[name]` on the line silences."""
    found: list[Finding] = []
    for check in training_checks().values():
        for finding in _by(check, watched):
            if not watched.silenced(finding):
                found.append(replace(finding, title=finding.title or check.title))
    return tuple(sorted(_once(found), key=lambda finding: _RANK[finding.severity]))


def _by(check: TrainingCheck, watched: Watched) -> Iterator[Finding]:
    """The findings of one check; one that breaks on a script is told as a note, so that the others are heard."""
    try:
        yield from check.logic(watched)
    except Exception as error:
        if os.environ.get("NNWHY_DEBUG"):
            raise
        yield Finding(
            check.name,
            "note",
            None,
            {"error": f"{type(error).__name__}: {error}"},
            title="the check itself failed: {error}",
        )


def _once(found: list[Finding]) -> list[Finding]:
    """One finding of a check a place."""
    kept: dict[tuple[str, str, int], Finding] = {}
    for finding in found:
        place = finding.place
        key = (finding.check, place.path if place else "", place.line if place else 0)
        kept.setdefault(key, finding)
    return list(kept.values())
