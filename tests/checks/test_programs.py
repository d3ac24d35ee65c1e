"""`check` on programs that people might have asked about: the place, the numbers of a right answer and a fix that proves itself;
silence on those that are right."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from nnwhy.api.check import checked
from nnwhy.api.silencing import Settings
from nnwhy.facts.finding import Finding

PROGRAMS = Path(__file__).parents[1] / "programs"
EXPECTED = json.loads((PROGRAMS / "expected.json").read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def own_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path])


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", EXPECTED)
def test_a_program_gets_its_answer(name: str) -> None:
    case = EXPECTED[name]
    report = checked(f"{PROGRAMS / name}.py:{case['target']}", None, case["inputs"], Settings())
    findings = [finding for finding in report.findings if finding.severity != "note"]
    if case["kind"] == "right":
        assert findings == []
        return
    there = [finding for finding in findings if lines_of(finding) & set(case["lines"])]
    assert there, [(finding.check, lines_of(finding)) for finding in findings]
    assert any(finding.proved for finding in there)
    said = said_by(findings)
    assert [number for number in case["numbers"] if number.replace(" ", "") not in said] == []


def lines_of(finding: Finding) -> set[int]:
    """The lines that a finding stands on or that its first fix changes."""
    found = {edit.place.line for fix in finding.fixes[:1] for edit in fix.edits}
    return found | (set(range(finding.place.line, finding.place.end_line + 1)) if finding.place else set())


def said_by(findings: list[Finding]) -> str:
    """All words and numbers of the findings, without spaces."""
    words: list[str] = []
    for finding in findings:
        words += [finding.sentence, finding.expected, finding.actual, *finding.because, *finding.fits]
        words += [word for fix in finding.fixes for word in (fix.label, fix.means)]
        words += [str(step.value) for derivation in finding.derivations for step in derivation.steps]
    return json.dumps(words, ensure_ascii=False).replace(" ", "").replace("×", "x")
