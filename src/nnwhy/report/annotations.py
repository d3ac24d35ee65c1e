"""Findings for machines that read a line each: GitHub's workflow commands."""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.facts.finding import Finding, Report
from nnwhy.report.words import file

_LEVEL = {"error": "error", "warning": "warning", "note": "notice"}


def github_lines(report: Report) -> Iterator[str]:
    """One `::error file=…,line=…::…` a finding.

    Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    for finding in report.findings:
        yield f"::{_LEVEL[finding.severity]} {_where(finding)}title={_property(finding.check)}::{_data(_message(finding))}"


def _where(finding: Finding) -> str:
    place = finding.place
    if place is None:
        return ""
    return (
        f"file={_property(file(place.path))},line={place.line},endLine={place.end_line},col={place.column},"
        f"endColumn={place.end_column},"
    )


def _message(finding: Finding) -> str:
    fix = finding.proved
    return finding.sentence + (f"\nfix: {fix.label}" if fix else "")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
