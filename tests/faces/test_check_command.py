"""`nnwhy check` and `nnwhy checks` as people type them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nnwhy.faces.cli import main

BROKEN = """\
from torch import nn

net = nn.Sequential(nn.Linear(8, 4), nn.ReLU(), nn.Linear(5, 2))
"""

UNKNOWN_INPUT = """\
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2)

    def forward(self, batch):
        return self.fc(batch["features"])
"""


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    shown = capsys.readouterr()
    return int(ended.value.code or 0), shown.out, shown.err


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NNWHY_NO_DAEMON", "1")
    (tmp_path / "net.py").write_text(BROKEN)
    return tmp_path


def test_a_mistake_is_exit_code_1_and_mended_by_fix(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "check", "net.py:net", "--input", "3,8", "--fix")
    assert (folder / "net.py").read_text() == BROKEN.replace("nn.Linear(5, 2)", "nn.Linear(4, 2)")
    assert code == 0 and "nothing found in 1 network" in out


def test_json_says_what_text_says(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "check", "net.py:net", "--input", "3,8", "--format", "json")
    assert code == 1 and "linear-features" in json.dumps(json.loads(out))


def test_the_input_that_was_taken_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "net.py").write_text(BROKEN.replace("5, 2", "4, 2"))
    _, out, _ = run(capsys, "check", "net.py")
    assert out == "with the input N,8: 0 takes 8 features\nnothing found in 1 network\n"
    (folder / "net.py").write_text(UNKNOWN_INPUT)
    _, out, _ = run(capsys, "check", "net.py")
    assert "no input is known, so the network was not run: forward takes batch as a\ndictionary" in out


def test_a_missing_file_is_exit_code_2(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "check", "nett.py:net")
    assert code == 2 and out == "" and "net.py" in err and err.count("\n") == 1


def test_checks_lists_and_explains(capsys: pytest.CaptureFixture[str]) -> None:
    _, listed, _ = run(capsys, "checks")
    assert "dropout-rank" in listed and "linear-features" in listed
    _, told, _ = run(capsys, "checks", "dropout-rank")
    assert "## When it is fine" in told
    code, _, err = run(capsys, "checks", "dropout-rnak")
    assert code == 2 and "dropout-rank" in err
