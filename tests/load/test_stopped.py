"""A file that raises, ends Python or trains is taken as far as it comes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from nnwhy.errors import TargetError, UserCodeError
from nnwhy.load import load, running

NETWORK = """\
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 2)

    def forward(self, x):
        return self.fc(x)


"""
TRAINING = """\
net = Net()
steps = 0
while steps < {steps}:
    net(torch.randn(4, 8)).sum().backward()
    steps += 1
later = nn.Linear(3, 3)
"""


@pytest.fixture(autouse=True)
def own_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path])


def made(folder: Path, text: str, name: str = "stopped_file.py") -> str:
    path = folder / name
    path.write_text(NETWORK + text)
    return str(path)


@pytest.mark.parametrize(
    ("text", "raised"),
    [
        ("open('nowhere.csv')", "FileNotFoundError"),
        ("raise SystemExit(2)", "SystemExit"),
        ("net = Net()\nnet(torch.randn(4, 7))", "RuntimeError"),
    ],
)
def test_what_was_defined_before_is_there(tmp_path: Path, text: str, raised: str) -> None:
    loaded = load(made(tmp_path, text))
    assert type(loaded.module).__name__ == "Net"
    assert loaded.stopped is not None
    assert type(loaded.stopped.__cause__).__name__ == raised


def test_the_call_that_raised_says_what_the_input_is(tmp_path: Path) -> None:
    loaded = load(made(tmp_path, "net = Net()\nfor size in (8, 7):\n    net(torch.rand(4, size))"))
    assert [spec.sizes for hint in loaded.hints for spec in hint.specs] == [(4, 7)]
    assert loaded.hints[0].source == "net(torch.rand(4, size))"


def test_what_comes_after_is_missed_by_its_cause(tmp_path: Path) -> None:
    with pytest.raises(UserCodeError, match="FileNotFoundError"):
        load(made(tmp_path, "open('nowhere.csv')\nlater = nn.Linear(3, 3)") + ":later")


def test_in_a_package_too(tmp_path: Path) -> None:
    (tmp_path / "stopped_package").mkdir()
    (tmp_path / "stopped_package" / "__init__.py").write_text("")
    target = made(tmp_path / "stopped_package", "open('nowhere.csv')", "model.py")
    assert type(load(target).module).__name__ == "Net"


def test_a_training_is_left_after_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "TRAINING_SECONDS", 0.05)
    loaded = load(made(tmp_path, TRAINING.format(steps="float('inf')")))
    assert type(loaded.module).__name__ == "Net"
    assert loaded.stopped is None


def test_a_training_goes_on_where_what_is_asked_for_comes_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "TRAINING_SECONDS", 0.0)
    target = made(tmp_path, TRAINING.format(steps=20))
    assert load(f"{target}:later").name == "later"
    with pytest.raises(TargetError, match="has no latter"):
        load(f"{target}:latter")
