"""`check` on networks that take no input that can be guessed: what is wrong with any input is told, and nothing else."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from nnwhy.api.check import check
from nnwhy.errors import TargetError
from nnwhy.facts.codec import from_json
from nnwhy.facts.finding import Report

HEAD = """\
import torch
from torch import nn


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)

    def forward(self, x, scale=1.0):
        return self.fc(x) * scale


class Net(nn.Module):
    def __init__(self):
        super().__init__()
"""


def network(layers: str, arguments: str, body: str) -> str:
    indented = [" " * 8 + line for line in layers.splitlines()]
    steps = [" " * 8 + line for line in body.splitlines()]
    return HEAD + "\n".join((*indented, "", f"    def forward(self, {arguments}):", *steps, ""))


TOKENS = "self.embed = nn.Embedding(30, 8)\n"
WRONG = {
    "half-the-features": (
        "linear-features",
        "nn.Linear(12",
        network(
            TOKENS + "self.rnn = nn.GRU(8, 12, bidirectional=True)\nself.out = nn.Linear(12, 3)",
            "tokens",
            "x, _ = self.rnn(self.embed(tokens))\nreturn self.out(x)",
        ),
    ),
    "recurrent-input": (
        "recurrent-input",
        "nn.LSTM(30",
        network(
            TOKENS + "self.rnn = nn.LSTM(30, 12)", "tokens", "x, _ = self.rnn(self.embed(tokens))\nreturn x"
        ),
    ),
    "keyword": (
        "forward-arguments",
        "mask=None",
        network(
            TOKENS + "self.block = Block()", "tokens", "return self.block(self.embed(tokens), mask=None)"
        ),
    ),
    "attribute": (
        "attribute-missing",
        "self.blok(",
        network(TOKENS + "self.block = Block()", "tokens", "return self.blok(self.embed(tokens))"),
    ),
    "pair": (
        "pair-as-tensor",
        "x = self.rnn",
        network(
            TOKENS + "self.rnn = nn.GRU(8, 12)\nself.out = nn.Linear(12, 3)",
            "tokens",
            "x = self.rnn(self.embed(tokens))\nreturn self.out(x)",
        ),
    ),
    "behind-a-later-input": (
        "linear-features",
        ", 0))",
        network(
            "self.one = nn.Sequential(nn.Conv2d(3, 4, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 8))\n"
            "self.two = nn.Sequential(nn.Conv2d(1, 4, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 8))\n"
            "self.out = nn.Linear(16, 3)",
            "a, b",
            "return self.out(torch.cat((self.one(a), self.two(b)), 0))",
        ),
    ),
}
RIGHT = {
    "an-object": network(
        TOKENS + "self.out = nn.Linear(8, 3)",
        "graph",
        "return self.out(self.embed(graph.nodes))",
    ),
    "attributes-by-name": network(
        TOKENS + 'setattr(self, "last", nn.Linear(8, 3))',
        "tokens, graph",
        "return self.last(self.embed(tokens)[graph.order])",
    ),
    "arguments-in-a-list": network(
        TOKENS + "self.block = Block()", "tokens, options", "return self.block(self.embed(tokens), *options)"
    ),
    "vectors-end-to-end": network(
        "self.one = nn.Linear(6, 8)\nself.two = nn.Linear(7, 8)\nself.out = nn.Linear(16, 3)",
        "a, b",
        "return self.out(torch.cat((self.one(a), self.two(b)), 0))",
    ),
    "a-state-and-a-memory": network(
        TOKENS + "self.rnn = nn.LSTM(8, 12, 2)\nself.weigh = nn.Linear(24, 1)\nself.out = nn.Linear(24, 30)",
        "tokens, state, memory",
        "h, c = state\n"
        "x, state = self.rnn(self.embed(tokens), (h, c))\n"
        "w = self.weigh(torch.cat([x, memory.expand_as(x)], -1)).softmax(0)\n"
        "return self.out(torch.cat([x, w * memory], -1)), state",
    ),
    "a-pair-where-lengths-are-given": network(
        TOKENS + "self.rnn = nn.GRU(8, 8)\nself.out = nn.Linear(8, 3)\nself.part = Encoder(self)",
        "tokens, lengths",
        "return self.out(self.part(tokens, lengths))",
    )
    + (
        "\n\nclass Encoder(nn.Module):\n"
        "    def __init__(self, owner):\n"
        "        super().__init__()\n"
        "        self.embed, self.rnn = owner.embed, owner.rnn\n\n"
        "    def forward(self, tokens, lengths):\n"
        "        x, h = self.rnn(self.embed(tokens))\n"
        "        return h[-1] if lengths is None else (x, lengths)\n"
    ),
}


def report_on(path: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> Report:
    monkeypatch.setattr(sys, "path", [*sys.path])
    path.write_text(text)
    return from_json(check(f"{path}:Net", prove=False))


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_with_any_input_is_told_without_one(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind, part, text = WRONG[name]
    report = report_on(tmp_path / f"wrong_{name.replace('-', '_')}.py", text, monkeypatch)
    lines = [
        text.splitlines()[place.line - 1]
        for finding in report.findings
        if finding.severity == "error" and finding.check == kind
        for place in (finding.place, *(edit.place for fix in finding.fixes[:1] for edit in fix.edits))
        if place is not None
    ]
    assert [finding.check for finding in report.findings if finding.severity == "error"] == [kind]
    assert any(part in line for line in lines)


@pytest.mark.parametrize("name", RIGHT)
def test_a_network_that_no_guess_fits_is_left_alone(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = report_on(tmp_path / f"right_{name.replace('-', '_')}.py", RIGHT[name], monkeypatch)
    assert [finding.sentence for finding in report.findings if finding.severity != "note"] == []


def test_the_guess_is_named_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = report_on(tmp_path / "named_guess.py", WRONG["recurrent-input"][2], monkeypatch)
    assert "a guess: what is told here is wrong with any other input too" in report.notes[0]


@pytest.mark.parametrize(
    ("body", "part"),
    [
        ("    net = nn.Linear(3, 1)\n", "main makes one in line 5, and nnwhy run"),
        ("    loss = nn.MSELoss()\n", "no class in it is an nn.Module"),
    ],
)
def test_a_script_that_makes_its_network_in_a_function_is_sent_to_run(
    body: str, part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path])
    path = tmp_path / "made_inside.py"
    path.write_text(f"from torch import nn\n\n\ndef main():\n{body}")
    with pytest.raises(TargetError, match=part):
        check(str(path))
