"""A crash in a line of the user's own, outside of any network, is explained from the values that the line had."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

from nnwhy.api.crash import crash_findings
from nnwhy.facts.finding import Finding

HEAD = """
import torch
import torch.nn.functional as F
from torch import nn

net = nn.Linear(8, 4)
asked = []


class Agent:
    def __init__(self):
        self.net = net

    def ask(self):
        asked.append(1)
        return torch.zeros(4)


agent = Agent()
states, wide = torch.zeros(5, 8), torch.zeros(5, 3)
"""


def crash(tmp_path: Path, line: str) -> tuple[tuple[Finding, ...], dict[str, Any]]:
    path = tmp_path / "loop.py"
    path.write_text(
        f"{HEAD}\n\ndef learn():\n    {line}\n\n\ntry:\n    learn()\nexcept Exception as e:\n    error = e\n"
    )
    names = runpy.run_path(str(path))
    return crash_findings(names["error"]), names


@pytest.mark.parametrize(
    ("line", "check", "says"),
    [
        ("return agent.net(states) + wide", "broadcast-shapes", "(5, 4) and (5, 3)"),
        ("return torch.relu(net(states) @ wide)", "matmul-shapes", "(5, 4) times (5, 3)"),
        ("loss = torch.cat([states, wide[:4]], dim=1).sum()", "join-sizes", "5 and 4"),
        ("return states.view(5, 2, 5).mean()", "view-size", "40 elements"),
    ],
)
def test_the_checks_look_at_the_line(tmp_path: Path, line: str, check: str, says: str) -> None:
    (finding,) = crash(tmp_path, line)[0]
    assert finding.check == check
    assert says in finding.sentence
    assert finding.place is not None and finding.place.function == "learn"


def test_a_fix_of_the_line_is_tried(tmp_path: Path) -> None:
    (finding,) = crash(tmp_path, "return net(wide.new_zeros(5, 2, 4).view(5, 7))")[0]
    assert finding.proved is not None and finding.proved.label == "wide.new_zeros(5, 2, 4).view(5, 8)"
    assert finding.proved.proof is not None and not finding.proved.proof.runs


@pytest.mark.parametrize("line", ["return agent.ask() + wide", "return wide + asked.append(2)"])
def test_nothing_but_torch_is_called_again(tmp_path: Path, line: str) -> None:
    found, names = crash(tmp_path, line)
    assert found == ()
    assert len(names["asked"]) == 1


def test_an_error_of_pythons_own_is_left_alone(tmp_path: Path) -> None:
    assert crash(tmp_path, 'return {"a": states}["b"]')[0] == ()
