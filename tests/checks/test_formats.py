"""One report in every form: text, GitHub's lines, SARIF against its schema, JSON and back."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from nnwhy.api.check import checked
from nnwhy.api.silencing import Settings
from nnwhy.errors import QuestionError
from nnwhy.facts.codec import from_json, to_json
from nnwhy.facts.finding import Report
from nnwhy.report.annotations import github_lines
from nnwhy.report.findings import findings_text
from nnwhy.report.sarif import sarif

PROGRAM = """\
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.pool = nn.MaxPool2d(2)
        self.fc1 = nn.Linear(1024, 128)
        self.drop = nn.Dropout2d(0.5)

    def forward(self, x):
        x = self.pool(self.conv2(self.conv1(x))).flatten(1)
        return self.drop(self.fc1(x)).relu()
"""
SCHEMA = json.loads((Path(__file__).parent / "sarif-reduced.json").read_text())


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("formats") / "net.py"
    path.write_text(PROGRAM)
    return path


@pytest.fixture(scope="module")
def report(program: Path) -> Report:
    return checked(f"{program}:Net", None, ["2,1,28,28"], Settings())


def test_the_text_shows_place_derivation_fit_and_verified_fix(report: Report) -> None:
    text = "\n".join(line.plain for line in findings_text(report, 100))
    for part in (
        "net.py:10:30  error  linear-features", "fc1 is built for 1024 features and gets 9216",
        "   10 │         self.fc1 = nn.Linear(1024, 128)", "9216 = 64 × 12 × 12", "12 = ⌊24 / 2⌋", "28",
        "1024 = 64 × 4 × 4 is what a 12×12 or 13×13 input gives", "fix   nn.Linear(9216, 128)", "verified",
        "apply with --fix", "net.py:11:21  warning  dropout-rank", "1 error, 1 warning in 1 network",
    ):  # fmt: skip
        assert part in text, text
    caret = next(line for line in text.splitlines() if set(line.strip(" │")) == {"^"})
    assert caret.index("^") == "   10 │         self.fc1 = nn.Linear(1024".index("1024")
    assert "Traceback" not in text and "None" not in text and "{" not in text


@pytest.mark.parametrize("width", [60, 80, 140])
def test_no_line_is_wider_than_the_screen(report: Report, width: int) -> None:
    assert max(len(line.plain) for line in findings_text(report, width)) <= width


def test_sarif_fits_its_schema_and_carries_the_fix(report: Report) -> None:
    log = sarif(
        report, {"linear-features": "A linear layer is built for another number of features than it gets."}
    )
    jsonschema.validate(log, SCHEMA)
    result = log["runs"][0]["results"][0]
    assert (result["ruleId"], result["level"]) == ("linear-features", "error")
    assert result["locations"][0]["physicalLocation"]["region"] == {
        "startLine": 10, "startColumn": 30, "endLine": 10, "endColumn": 34,
    }  # fmt: skip
    assert result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"] == "9216"


def test_the_schema_refuses_what_is_not_sarif(report: Report) -> None:
    log = sarif(report, {})
    log["runs"][0]["results"][0]["severity"] = "high"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(log, SCHEMA)


def test_github_gets_one_line_a_finding(report: Report) -> None:
    lines = list(github_lines(report))
    assert len(lines) == len(report.findings)
    assert lines[0].startswith("::error file=") and "line=10,endLine=10,col=30" in lines[0]
    assert "fc1 is built for 1024 features and gets 9216%0Afix: nn.Linear(9216, 128)" in lines[0]


def test_a_report_survives_json(report: Report) -> None:
    assert from_json(json.loads(json.dumps(to_json(report)))) == report


def test_a_comment_on_the_line_silences_one_check_and_an_idle_one_is_noted(tmp_path: Path) -> None:
    path = tmp_path / "net.py"
    path.write_text(
        PROGRAM.replace("nn.Dropout2d(0.5)", "nn.Dropout2d(0.5)  # nnwhy: ignore[dropout-rank]").replace(
            "nn.MaxPool2d(2)", "nn.MaxPool2d(2)  # nnwhy: ignore[rows-lost]"
        )
    )
    found = checked(f"{path}:Net", None, ["2,1,28,28"], Settings(), prove=False).findings
    assert [(f.check, f.severity) for f in found] == [("linear-features", "error"), ("unused-ignore", "note")]


def test_select_ignore_severity_and_paths(program: Path) -> None:
    def names(settings: Settings) -> set[str]:
        return {
            f.check for f in checked(f"{program}:Net", None, ["2,1,28,28"], settings, prove=False).findings
        }

    assert names(Settings(select=("dropout-rank",))) == {"dropout-rank"}
    assert "dropout-rank" not in names(Settings(ignore=("dropout-rank",)))
    assert names(Settings(severity="error")) == {"linear-features"}
    assert "dropout-rank" not in names(Settings(per_path={"net.py": ("dropout-rank",)}))
    with pytest.raises(QuestionError, match="dropout-rank"):
        names(Settings(select=("dropout-rnk",)))
