"""An attribute that a layer does not have is explained from the frames that read it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from nnwhy.api.crash import crash_findings
from nnwhy.facts.finding import Finding
from nnwhy.load.running import run_file

TRUNK = """
from torch import nn


class Trunk(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(20, 100)

    def forward(self, x):
        return self.fc(x)
"""

AGAIN = """

def with_head(net):
    net.fc = nn.Sequential(nn.Linear(net.fc.in_features, 8), nn.ReLU())
    return net


def main():
    model = with_head(Trunk())
    model = with_head(model)
    return model
"""

ANOTHER_NAME = """

def main():
    model = Trunk()
    model.classifier = nn.Linear(model.classifier.in_features, 2)
"""

INSIDE = """

def main():
    head = nn.Sequential(nn.Linear(20, 8), nn.ReLU())
    return head.out_features
"""

OF_THE_CLASS = """

def main():
    model = Trunk()
    width = nn.Linear.in_features
    model.fc = nn.Linear(width, 2)
"""


def explained(text: str, folder: Path, name: str) -> Finding:
    path = folder / f"{name}.py"
    path.write_text(text)
    main: Callable[[], object] = run_file(path).module.main
    with pytest.raises(AttributeError) as raised:
        main()
    sys.modules.pop(name, None)
    (finding,) = crash_findings(raised.value)
    return finding


def test_a_head_put_on_twice_starts_from_a_fresh_network(tmp_path: Path) -> None:
    finding = explained(TRUNK + AGAIN, tmp_path, "put_on_twice")
    assert finding.proved is not None
    assert finding.proved.label == "with_head(Trunk())"
    assert any("in_features 20" in reason for reason in finding.because)


def test_the_layer_that_has_the_number_is_named(tmp_path: Path) -> None:
    finding = explained(TRUNK + ANOTHER_NAME, tmp_path, "another_name")
    assert finding.proved is not None
    assert {edit.text for edit in finding.proved.edits} == {"model.fc"}
    assert any("in_features 20" in reason for reason in finding.because)


def test_a_number_is_found_inside_a_sequential(tmp_path: Path) -> None:
    finding = explained(TRUNK + INSIDE, tmp_path, "inside_sequential")
    assert finding.proved is not None
    assert finding.proved.label == "head[0].out_features"


def test_a_number_that_is_read_from_the_class_is_the_layers(tmp_path: Path) -> None:
    finding = explained(TRUNK + OF_THE_CLASS, tmp_path, "of_the_class")
    assert finding.proved is not None
    assert finding.proved.label == "model.fc.in_features"
    assert any("in_features 20" in reason for reason in finding.because)
