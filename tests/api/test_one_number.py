"""Where a network does not fit and no layer's own line shows why, the written number behind it is found and mended."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from nnwhy.api.examination import Examination
from nnwhy.api.mending import mended
from nnwhy.checks.basis.registry import all_checks
from nnwhy.facts.finding import Finding
from nnwhy.trace.inputs import parse_inputs

_HEAD = """
import torch
from torch import nn

"""

_BRANCHES = """
class Unit(nn.Module):
    def __init__(self, ins, outs, **more):
        super().__init__()
        self.conv = nn.Conv2d(ins, outs, bias=False, **more)

    def forward(self, x):
        return self.conv(x).relu()


class Mixed(nn.Module):
    def __init__(self, ins, left, right, unit=None):
        super().__init__()
        unit = unit or Unit
        self.left = unit(ins, left, kernel_size=1)
        self.right = unit(ins, right, kernel_size=3, padding=1)

    def forward(self, x):
        return torch.cat([self.left(x), self.right(x)], 1)


net = nn.Sequential(Mixed(3, 8, 8), Mixed(16, 12, 20), Mixed(33, 4, 4))
"""

_GUARD = """
class Block(nn.Module):
    def __init__(self, width, stride):
        super().__init__()
        if stride not in (1, 2):
            raise ValueError("a stride that is not known")
        self.conv = nn.Conv2d(width, width, 3, stride, 1)

    def forward(self, x):
        return self.conv(x)


rows = [(3, 1), (3, 3)]
net = nn.Sequential(*(Block(width, stride) for width, stride in rows))
"""

_INDEX = """
widths = [8, 16, 32]
net = nn.Sequential(nn.Conv2d(3, widths[0], 3), nn.Conv2d(widths[0], widths[1], 3), nn.Conv2d(widths[1], widths[3], 3))
"""

_FAR_INDEX = """
widths = [8, 16, 24, 32]
net = nn.Sequential(
    nn.Conv2d(3, widths[0], 3), nn.Conv2d(widths[0], widths[4], 3), nn.Conv2d(widths[1], widths[2], 3)
)
"""

_GROUPS = """
def depthwise(ins, factor):
    hidden = ins * factor
    return nn.Sequential(nn.Conv2d(ins, hidden, 1), nn.Conv2d(hidden, hidden, 3, groups=hidden + 1))


net = depthwise(3, 4)
"""

_TOGETHER = """
class Layer(nn.Module):
    def __init__(self, width, growth):
        super().__init__()
        self.norm = nn.BatchNorm2d(width)
        self.conv = nn.Conv2d(width, growth, 3, padding=1)

    def forward(self, x):
        return torch.cat([x, self.conv(self.norm(x))], 1)


net = nn.Sequential(*(Layer(8 + i * 4 + 1, 4) for i in range(3)))
"""


def _findings(tmp_path: Path, text: str, shape: str) -> list[Finding]:
    path = tmp_path / "net.py"
    path.write_text(_HEAD + dedent(text))
    examination = Examination(f"{path}:net", None, parse_inputs([shape]), tuple(all_checks().values()))
    return [f for f in mended(examination, examination.examine()) if f.severity == "error"]


@pytest.mark.parametrize(
    ("program", "shape", "at", "label"),
    [
        (_BRANCHES, "2,3,8,8", "Mixed(33, 4, 4)", "Mixed(32, 4, 4)"),
        (_GUARD, "2,3,8,8", "rows = [(3, 1), (3, 3)]", "rows = [(3, 1), (3, 2)]"),
        (_INDEX, "2,3,8,8", "widths[3]", "widths[2]"),
        (_FAR_INDEX, "2,3,8,8", "widths[4]", "widths[1]"),
        (_GROUPS, "2,3,8,8", "groups=hidden + 1", "groups=hidden)"),
        (_TOGETHER, "2,8,8,8", "Layer(8 + i * 4 + 1, 4)", "Layer(8 + i * 4, 4)"),
    ],
    ids=["branches", "guard", "index", "far-index", "groups", "together"],
)
def test_the_number_that_stands_alone_is_mended(
    tmp_path: Path, program: str, shape: str, at: str, label: str
) -> None:
    (finding,) = _findings(tmp_path, program, shape)
    assert finding.proved is not None and finding.proved.proof is not None and finding.proved.proof.runs
    assert label in finding.proved.label
    assert finding.place is not None
    assert at in (_HEAD + program).split("\n")[finding.place.line - 1]


def test_two_mistakes_stay_two(tmp_path: Path) -> None:
    text = "net = nn.Sequential(nn.Linear(8, 16), nn.Linear(15, 4), nn.ReLU(), nn.Linear(5, 2))\n"
    found = _findings(tmp_path, text, "2,8")
    assert len(found) == 2
    assert all(finding.proved for finding in found)


def test_a_window_is_not_made_another_one_for_an_input_of_another_size(tmp_path: Path) -> None:
    text = """
    class Heads(nn.Module):
        def __init__(self, widths=(8, 16, 16)):
            super().__init__()
            ins, layers = 3, []
            for width in widths:
                layers.append(nn.Conv2d(ins, width, kernel_size=3, stride=2, padding=1))
                ins = width
            self.body = nn.Sequential(*layers)
            self.mean = nn.Linear(widths[-1] * 4, 2)
            self.spread = nn.Linear(widths[-1] * 4, 2)

        def forward(self, x):
            x = self.body(x).flatten(1)
            return self.mean(x) + self.spread(x)

    net = Heads()
    """
    found = _findings(tmp_path, text, "2,3,32,32")
    assert [finding.proved.label for finding in found if finding.proved] == [
        "nn.Linear(widths[-1] * 16, 2)", "nn.Linear(widths[-1] * 16, 2)",
    ]  # fmt: skip
