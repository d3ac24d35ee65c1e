"""The checks by name. A check is a function from a `Subject` to findings, alone in the file of its name.

Beside the function stand `good` and `bad`: small programs that must stay silent, and programs that must not, each with
the text that must change and what it should become. The tests and the documentation are made from them.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from inspect import cleandoc
from types import ModuleType
from typing import TYPE_CHECKING

from nnwhy.errors import QuestionError, nearest
from nnwhy.facts.finding import Finding, Severity

if TYPE_CHECKING:
    from nnwhy.checks.basis.subject import Subject

Logic = Callable[["Subject"], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Good:
    """A program that the check must not speak about. `entry` is the class, function or object; `input` as on the command line."""

    source: str
    input: str | tuple[str, ...] = ()
    entry: str = "Net"


@dataclass(frozen=True, slots=True)
class Bad:
    """A program with the mistake. `at` is the text (unique in the program, or the n-th: `nth`) where the finding must stand;
    `fixed` what the line at the first edit reads after the first fix, None where there is no fix by machine."""

    source: str
    input: str | tuple[str, ...] = ()
    at: str = ""
    fixed: str | None = None
    entry: str = "Net"
    nth: int = 0


@dataclass(frozen=True, slots=True)
class Check:
    """A registered check. `title` is the sentence of its findings, a template over their values."""

    name: str
    severity: Severity
    summary: str
    title: str
    logic: Logic
    documentation: str
    good: tuple[Good, ...]
    bad: tuple[Bad, ...]

    @property
    def fixable(self) -> bool:
        """Whether it can mend what it finds: derived from its examples."""
        return any(example.fixed is not None for example in self.bad)


_found: dict[str, tuple[str, Severity, str, str, Logic]] = {}


def check(*, name: str, severity: Severity, summary: str, title: str) -> Callable[[Logic], Logic]:
    """Register a check. `severity` is the usual one; a finding may carry a lower one."""

    def register(logic: Logic) -> Logic:
        _found[logic.__module__] = (name, severity, summary, title, logic)
        return logic

    return register


@cache
def all_checks() -> dict[str, Check]:
    """Every check by its name, in alphabetical order."""
    import nnwhy.checks as folder

    checks: dict[str, Check] = {}
    for entry in sorted(pkgutil.iter_modules(folder.__path__), key=lambda entry: entry.name):
        if entry.ispkg:
            continue
        module = importlib.import_module(f"{folder.__name__}.{entry.name}")
        made = _check(module)
        checks[made.name] = made
    return checks


def find_check(name: str) -> Check:
    """The check of that name. Raises QuestionError that names the nearest."""
    checks = all_checks()
    if name not in checks:
        hint = nearest(name, list(checks)) or "`nnwhy checks` lists them"
        raise QuestionError(f"there is no check {name!r}; {hint}")
    return checks[name]


def _check(module: ModuleType) -> Check:
    name, severity, summary, title, logic = _found[module.__name__]
    return Check(
        name=name,
        severity=severity,
        summary=summary,
        title=title,
        logic=logic,
        documentation=cleandoc(module.__doc__ or ""),
        good=tuple(getattr(module, "good", ())),
        bad=tuple(getattr(module, "bad", ())),
    )
