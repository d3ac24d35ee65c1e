"""Which findings the user wants to hear: --select, --ignore, --severity, `# nnwhy: ignore[...]` and [tool.nnwhy]."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nnwhy.checks.basis.registry import Check, all_checks, find_check
from nnwhy.facts.finding import Finding, Severity
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceComment, SourceFacts

_IGNORE = re.compile(r"nnwhy:\s*ignore(?:\[(?P<checks>[^\]]*)\])?")
_RANK = {"error": 0, "warning": 1, "note": 2}
UNUSED = "unused-ignore"


@dataclass(frozen=True, slots=True)
class Settings:
    """`select`: only these checks (all where empty); `ignore`: not these; `severity`: nothing milder than this;
    `per_path`: checks to ignore by path pattern, as [tool.nnwhy.per-path] has them; `play`: whether a program that reaches
    nothing but memory is played for a moment."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Severity = "note"
    per_path: Mapping[str, tuple[str, ...]] | None = None
    play: bool = True

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Settings:
        """Settings from JSON data."""
        return cls(
            tuple(data.get("select", ())),
            tuple(data.get("ignore", ())),
            data.get("severity", "note"),
            {path: tuple(names) for path, names in (data.get("per_path") or {}).items()},
            data.get("play", True) is not False,
        )


def chosen_checks(settings: Settings) -> tuple[Check, ...]:
    """The checks to run. Raises QuestionError for a name that does not exist."""
    for name in (*settings.select, *settings.ignore):
        if name != UNUSED:
            find_check(name)
    return tuple(
        check
        for check in all_checks().values()
        if (not settings.select or check.name in settings.select) and check.name not in settings.ignore
    )


def silenced(
    findings: tuple[Finding, ...], sources: Mapping[str, SourceFacts], settings: Settings
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """The findings that are left, and a note for each ignore that silences nothing."""
    comments = [(comment, names) for source in sources.values() for comment, names in _ignores(source)]
    used: set[Place] = set()
    left: list[Finding] = []
    for finding in findings:
        by = [comment for comment, names in comments if _silences(comment, names, finding)]
        used.update(comment.place for comment in by)
        if (
            not by
            and not _ignored_by_path(finding, settings)
            and _RANK[finding.severity] <= _RANK[settings.severity]
        ):
            left.append(finding)
    unused = [comment for comment, _ in comments if comment.place not in used]
    if settings.select or UNUSED in settings.ignore or settings.severity != "note":
        return tuple(left), ()
    return tuple(left), tuple(_unused(comment) for comment in unused)


def _ignores(source: SourceFacts) -> Iterator[tuple[SourceComment, tuple[str, ...]]]:
    for comment in source.comments:
        found = _IGNORE.match(comment.text)
        if found:
            names = tuple(name.strip() for name in (found["checks"] or "").split(",") if name.strip())
            yield comment, names


def _silences(comment: SourceComment, names: tuple[str, ...], finding: Finding) -> bool:
    if names and finding.check not in names:
        return False
    line = comment.place.line + (1 if comment.alone else 0)
    places = [place for place in (finding.place, *finding.also) if place is not None]
    return any(place.path == comment.place.path and place.line <= line <= place.end_line for place in places)


def _ignored_by_path(finding: Finding, settings: Settings) -> bool:
    path = finding.place.path if finding.place else ""
    return any(
        (fnmatch.fnmatch(path, pattern) or fnmatch.fnmatch(path, f"*/{pattern}")) and finding.check in names
        for pattern, names in (settings.per_path or {}).items()
    )


def _unused(comment: SourceComment) -> Finding:
    return Finding(
        UNUSED,
        "note",
        comment.place,
        {"comment": comment.text},
        title="this ignore silences nothing: {comment}",
    )
