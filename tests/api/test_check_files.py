"""`check` on a file as it is: several networks, inputs that nobody gave."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from nnwhy.api.check import check
from nnwhy.errors import SeveralNetworks
from nnwhy.facts.codec import from_json
from nnwhy.facts.finding import Report

TWO = """\
import torch
from torch import nn

generator = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 4))
critic = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(12, 1))
noise = torch.randn(5, 8)
fake = generator(noise)
"""
STATE = """\
from torch import nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(50, 8)
        self.rnn = nn.LSTM(8, 12)
        self.out = nn.Linear({hidden}, 50)

    def forward(self, tokens, state):
        out, state = self.rnn(self.embed(tokens), state)
        return self.out(out), state
"""


def report_on(path: Path, text: str, monkeypatch: pytest.MonkeyPatch, *inputs: str) -> Report:
    monkeypatch.setattr(sys, "path", [*sys.path])
    path.write_text(text)
    return from_json(check(str(path), inputs=list(inputs)))


def test_every_network_of_a_file_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "two_networks.py"
    report = report_on(path, TWO, monkeypatch)
    assert report.looked == (f"{path}:generator", f"{path}:critic")
    assert [(f.check, f.place.line if f.place else 0) for f in report.findings] == [("linear-features", 5)]
    assert report.notes[0] == "generator: with the input 5,8: the file calls it so: generator(noise)"


def test_an_input_belongs_to_one_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SeveralNetworks, match="generator, critic"):
        report_on(tmp_path / "two_inputs.py", TWO, monkeypatch, "5,8")


def test_a_guess_that_fails_is_no_mistake_of_the_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = report_on(tmp_path / "with_state.py", STATE.format(hidden=12), monkeypatch)
    assert [finding for finding in report.findings if finding.severity == "error"] == []
    assert "no other input was found that mends it" in report.notes[0]


CONTRASTED = """\
import torch
from torch import nn
from torch.nn import functional as F


class TwoTowers(nn.Module):
    def __init__(self):
        super().__init__()
        self.image, self.text = nn.Linear(12, 16), nn.Linear(20, 16)

    def forward(self, pictures, words):
        return self.image(pictures) @ self.text(words).t()


def main():
    net = TwoTowers()
    scores = net(torch.rand(6, 12), torch.rand(6, 20))
    F.cross_entropy(scores, torch.arange(6)).backward()
"""


def test_a_batch_is_as_large_as_in_the_files_own_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = report_on(tmp_path / "contrasted.py", CONTRASTED, monkeypatch)
    assert report.findings == ()
    assert report.notes[0].startswith("with the input 6,12 and 6,20: the file calls it so")
