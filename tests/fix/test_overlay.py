"""A text that stands for a file on disk is what Python runs, and what is read of the file."""

from __future__ import annotations

from pathlib import Path

from nnwhy.fix.overlay import overlaid
from nnwhy.load import load

PROGRAM = """
from torch import nn

class Net(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc = nn.Linear(width, 2)

def main():
    return Net(3)
"""


def test_the_arguments_of_a_construction_that_is_only_read_come_from_the_text(tmp_path: Path) -> None:
    path = tmp_path / "made.py"
    path.write_text(PROGRAM)
    with overlaid({str(path): PROGRAM.replace("Net(3)", "Net(7)")}, ()):
        assert load(f"{path}:Net").module.fc.in_features == 7
    assert load(f"{path}:Net").module.fc.in_features == 3
