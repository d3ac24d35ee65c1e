"""Every check proves itself: its good programs stay silent, its bad ones are found at the right place and mended."""

from __future__ import annotations

import textwrap
import warnings
from pathlib import Path

import pytest

from nnwhy.api.examination import Examination
from nnwhy.checks.basis.registry import Bad, Check, Good, all_checks
from nnwhy.facts.finding import Finding
from nnwhy.facts.place import Place
from nnwhy.fix.prove import proved
from nnwhy.fix.texts import edited
from nnwhy.trace.inputs import parse_inputs

CHECKS = all_checks()
GOOD = [(check, example) for check in CHECKS.values() for example in check.good]
BAD = [(check, example) for check in CHECKS.values() for example in check.bad]


def examined(example: Good | Bad, folder: Path) -> tuple[Examination, tuple[Finding, ...]]:
    path = folder / "program.py"
    path.write_text(textwrap.dedent(example.source).strip() + "\n")
    given = (example.input,) if isinstance(example.input, str) else example.input
    examination = Examination(
        f"{path}:{example.entry}",
        None,
        parse_inputs([text for text in given if text]),
        tuple(CHECKS.values()),
    )
    examination.strict = True
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return examination, examination.examine()


def position(text: str, wanted: str, nth: int) -> tuple[int, int]:
    at = -1
    for _ in range(nth + 1):
        at = text.index(wanted, at + 1)
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def covers(place: Place | None, line: int, column: int) -> bool:
    return place is not None and (place.line, place.column) <= (line, column) <= (
        place.end_line,
        place.end_column,
    )


@pytest.mark.parametrize(("check", "example"), GOOD, ids=lambda value: getattr(value, "name", ""))
def test_a_good_program_is_left_alone(check: Check, example: Good, tmp_path: Path) -> None:
    _, findings = examined(example, tmp_path)
    assert [
        finding.sentence for finding in findings if finding.check == check.name or finding.severity != "note"
    ] == []


@pytest.mark.parametrize(("check", "example"), BAD, ids=lambda value: getattr(value, "name", ""))
def test_a_bad_program_is_found_and_mended(check: Check, example: Bad, tmp_path: Path) -> None:
    examination, findings = examined(example, tmp_path)
    mine = [finding for finding in findings if finding.check == check.name]
    assert mine, [finding.sentence for finding in findings]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        (finding,) = (
            proved(mine[:1], examination.again)
            if len(findings) == 1
            else [found for found in proved(findings, examination.again) if found.check == check.name][:1]
        )
    text = (tmp_path / "program.py").read_text()
    line, column = position(text, example.at, example.nth)
    where = finding.place
    assert where is not None and (
        covers(where, line, column) or (where.line, where.column) == (line, column + 1)
    ), finding
    assert "{" not in finding.sentence
    if example.fixed is None:
        assert finding.proved is None
        return
    fix = finding.proved
    assert fix is not None, [(other.label, other.proof) for other in finding.fixes]
    after = edited({str(tmp_path / "program.py"): text}, fix.edits)[str(tmp_path / "program.py")]
    assert example.fixed in [row.strip() for row in after.splitlines()], after


@pytest.mark.parametrize("check", CHECKS.values(), ids=list(CHECKS))
def test_a_check_is_documented_under_the_fixed_headings(check: Check) -> None:
    headings = [line[3:] for line in check.documentation.splitlines() if line.startswith("## ")]
    assert headings == [
        "What it finds", "Why it matters", "Example", "Use instead", "When it is fine", "References",
    ]  # fmt: skip
    assert check.good and check.bad
    assert check.name.replace("-", "_") == check.logic.__module__.rpartition(".")[2]
    assert f"ignore[{check.name}]" in check.documentation
