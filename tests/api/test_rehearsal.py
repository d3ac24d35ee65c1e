"""`check` plays a program that makes its own data, and explains what it raises."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

import pytest

from nnwhy.api.check import checked
from nnwhy.api.rehearsal import rehearsed
from nnwhy.api.silencing import Settings
from nnwhy.facts.finding import Finding

HEAD = """
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


class Net(nn.Module):
    def __init__(self, width=6):
        super().__init__()
        self.fc = nn.Linear(4, width)

    def forward(self, x):
        return self.fc(x)

"""


@pytest.fixture(autouse=True)
def own_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path])


def played(folder: Path, body: str) -> tuple[Finding, ...]:
    file = folder / "program.py"
    main = textwrap.indent(textwrap.dedent(body), "    ")
    file.write_text(f'{HEAD}\ndef main():\n{main}\n\nif __name__ == "__main__":\n    main()\n')
    return rehearsed(f"{file}:Net")


def first_fix(findings: tuple[Finding, ...]) -> str:
    (finding,) = findings
    assert finding.proved is not None
    return finding.proved.label


def test_one_index_for_each_row_is_given_its_axis(tmp_path: Path) -> None:
    found = played(tmp_path, "Net()(torch.rand(5, 4)).gather(1, torch.randint(0, 6, (5,)))")
    assert found[0].check == "call-fails"
    assert first_fix(found).endswith(".unsqueeze(1)")


def test_a_missing_argument_is_taken_from_the_variable_of_its_name(tmp_path: Path) -> None:
    found = played(
        tmp_path,
        "var, y = torch.ones(5, 6), torch.rand(5, 6)\nnn.GaussianNLLLoss()(Net()(torch.rand(5, 4)), y)",
    )
    assert found[0].check == "forward-arguments"
    assert first_fix(found) == ", var"


def test_the_last_batch_that_is_not_full_is_left_out(tmp_path: Path) -> None:
    found = played(
        tmp_path,
        """
        rnn = nn.GRU(4, 6, batch_first=True)
        state = torch.zeros(1, 8, 6)
        for (x,) in DataLoader(TensorDataset(torch.rand(20, 3, 4)), batch_size=8):
            out, state = rnn(x, state)
        """,
    )
    assert found[0].check == "hidden-state"
    assert "drop_last=True" in first_fix(found)
    assert any(
        "the batch before has 8 samples, this one, the last of its loop, 4" in why for why in found[0].because
    )


def test_an_exception_that_nobody_knows_is_told_as_it_is(tmp_path: Path) -> None:
    (finding,) = played(tmp_path, "Net()(torch.rand(5, 4))[7]")
    assert (finding.check, finding.severity) == ("call-fails", "error")
    assert finding.fixes == ()


@pytest.mark.parametrize(
    "body",
    [
        "F.cross_entropy(Net()(torch.rand(5, 4)), torch.randint(0, 6, (5,))).backward()",
        "raise SystemExit(2)",
        "raise FileNotFoundError('data.csv')",
        "{}['configuration']",
        "raise RuntimeError('Found no NVIDIA driver on your system')",
    ],
)
def test_nothing_is_said_of_a_program_that_runs_or_lacks_something_here(tmp_path: Path, body: str) -> None:
    assert played(tmp_path, body) == ()


def test_a_program_that_reads_files_is_not_played(tmp_path: Path) -> None:
    assert played(tmp_path, "torch.load('weights.pt')") == ()


def test_a_comment_silences_what_was_seen_in_playing(tmp_path: Path) -> None:
    body = "Net()(torch.rand(5, 4))[7]  # nnwhy: ignore[call-fails]"
    played(tmp_path, body)
    report = checked(f"{tmp_path / 'program.py'}:Net", None, ["5,4"], Settings())
    assert [finding for finding in report.findings if finding.severity != "note"] == []
