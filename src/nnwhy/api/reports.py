"""The reports on several networks as one."""

from __future__ import annotations

from collections.abc import Sequence

from nnwhy.facts.finding import Report


def joined(reports: Sequence[Report]) -> Report:
    """One report of several: a finding in a file that two networks share is told once."""
    if len(reports) == 1:
        return reports[0]
    seen: set[tuple[object, ...]] = set()
    findings = []
    for report in reports:
        for finding in report.findings:
            key = (finding.check, finding.place, finding.sentence)
            if key not in seen:
                seen.add(key)
                findings.append(finding)
    rank = {"error": 0, "warning": 1, "note": 2}
    return Report(
        tuple(sorted(findings, key=lambda f: rank[f.severity])),
        looked=tuple(name for report in reports for name in report.looked),
        skipped=tuple(reason for report in reports for reason in report.skipped),
        digests={path: digest for report in reports for path, digest in report.digests.items()},
        notes=tuple(
            f"{name.rpartition(':')[2]}: {note}"
            for report in reports
            for name in report.looked
            for note in report.notes
        ),
    )


def skipped(target: str, reason: str) -> Report:
    """The report on a target that could not be looked at."""
    return Report((), skipped=(f"{target}: {reason}",))
