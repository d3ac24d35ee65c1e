"""Findings as SARIF 2.1.0, for code scanning.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nnwhy import __version__
from nnwhy.facts.finding import Edit, Finding, Fix, Report
from nnwhy.facts.place import Place
from nnwhy.report.words import file

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVEL = {"error": "error", "warning": "warning", "note": "note"}


def sarif(report: Report, summaries: Mapping[str, str]) -> dict[str, Any]:
    """The log of one run. `summaries` are the sentences of the checks, by name."""
    names = sorted({finding.check for finding in report.findings})
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "nnwhy",
                        "version": __version__,
                        "rules": [
                            {"id": name, "shortDescription": {"text": summaries.get(name, name)}}
                            for name in names
                        ],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(finding, names) for finding in report.findings],
            }
        ],
    }


def _result(finding: Finding, names: list[str]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.check,
        "ruleIndex": names.index(finding.check),
        "level": _LEVEL[finding.severity],
        "message": {
            "text": " ".join(
                [finding.sentence + ".", *(f"{reason}." for reason in (*finding.because, *finding.fits))]
            )
        },
        "locations": [_location(finding.place)] if finding.place else [],
    }
    if finding.also:
        result["relatedLocations"] = [
            {"id": index, **_location(place)} for index, place in enumerate(finding.also)
        ]
    if finding.proved is not None:
        result["fixes"] = [_fix(finding.proved)]
    return result


def _location(place: Place) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": _artifact(place.path), "region": _region(place)}}


def _artifact(path: str) -> dict[str, str]:
    shown = file(path)
    return {"uri": Path(shown).as_posix()}


def _region(place: Place) -> dict[str, int]:
    return {
        "startLine": place.line, "startColumn": place.column, "endLine": place.end_line, "endColumn": place.end_column,
    }  # fmt: skip


def _fix(fix: Fix) -> dict[str, Any]:
    by_path: dict[str, list[Edit]] = {}
    for edit in fix.edits:
        by_path.setdefault(edit.place.path, []).append(edit)
    return {
        "description": {"text": fix.label},
        "artifactChanges": [
            {
                "artifactLocation": _artifact(path),
                "replacements": [
                    {"deletedRegion": _region(edit.place), "insertedContent": {"text": edit.text}}
                    for edit in edits
                ],
            }
            for path, edits in by_path.items()
        ],
    }
