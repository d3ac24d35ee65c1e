"""--fix writes proved fixes, whole files in one step, and only where the file is what was analysed."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from nnwhy.api.check import checked
from nnwhy.api.silencing import Settings
from nnwhy.examples import recipe
from nnwhy.facts.finding import Edit, Finding, Fix, Proof, Report
from nnwhy.facts.place import Place
from nnwhy.fix.apply import Changed, apply, chosen_edits, diff

PROGRAM = """\
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3)  # ein Müßiggang
        self.drop = nn.Dropout2d(0.5)
        self.fc1 = nn.Linear(4 * 5 * 5, 8)
        self.fc2 = nn.Linear(16, 2)

    def forward(self, x):
        x = self.conv(x).flatten(1)
        x = self.drop(self.fc1(x))
        return self.fc2(x)
"""
MENDED = (
    PROGRAM.replace("4 * 5 * 5", "4 * 6 * 6")
    .replace("Linear(16, 2)", "Linear(8, 2)")
    .replace("Dropout2d", "Dropout")
)


def report_on(path: Path) -> Report:
    return checked(f"{path}:Net", None, ["2,1,8,8"], Settings())


def test_all_mistakes_are_found_at_once_and_mended_by_their_proved_fixes(tmp_path: Path) -> None:
    path = tmp_path / "net.py"
    path.write_text(PROGRAM, encoding="utf-8")
    report = report_on(path)
    assert [f.check for f in report.findings if f.severity != "note"] == [
        "linear-features",
        "linear-features",
        "dropout-rank",
    ]
    assert apply(report) == (str(path),)
    assert path.read_text(encoding="utf-8") == MENDED
    assert [f for f in report_on(path).findings if f.severity != "note"] == []


def test_a_file_that_has_changed_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "net.py"
    path.write_text(PROGRAM, encoding="utf-8")
    report = report_on(path)
    path.write_text(PROGRAM + "# later\n", encoding="utf-8")
    with pytest.raises(Changed, match="has changed since"):
        apply(report)
    assert path.read_text(encoding="utf-8") == PROGRAM + "# later\n"


def test_line_ends_mode_and_links_stay(tmp_path: Path) -> None:
    real = tmp_path / "real.py"
    real.write_bytes(PROGRAM.replace("\n", "\r\n").encode())
    real.chmod(0o640)
    link = tmp_path / "net.py"
    link.symlink_to(real)
    assert apply(report_on(real))
    assert link.is_symlink() and stat.S_IMODE(os.stat(real).st_mode) == 0o640
    assert real.read_bytes() == MENDED.replace("\n", "\r\n").encode()
    assert sorted(os.listdir(tmp_path)) == ["net.py", "real.py"]


def test_the_diff_shows_and_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "net.py"
    path.write_text(PROGRAM, encoding="utf-8")
    shown = diff(report_on(path))
    assert "-        self.fc2 = nn.Linear(16, 2)" in shown and "+        self.fc2 = nn.Linear(8, 2)" in shown
    assert path.read_text(encoding="utf-8") == PROGRAM


def finding(fix: Fix) -> Finding:
    return Finding("some-check", "error", None, {}, fixes=(fix,))


def test_only_proved_fixes_are_taken_and_unsafe_ones_when_asked_for() -> None:
    edit = Edit(Place("x.py", 1, 1, 1, 2), "b")
    good, bad = Proof(True, (), True), Proof(True, ("other-check",), True)
    assert chosen_edits([finding(Fix("a", (edit,), proof=good))]) == [edit]
    assert chosen_edits([finding(Fix("a", (edit,), proof=bad))]) == []
    assert chosen_edits([finding(Fix("a", (edit,)))]) == []
    unsafe = finding(Fix("a", (edit,), safe=False, proof=good))
    assert chosen_edits([unsafe]) == [] and chosen_edits([unsafe], unsafe=True) == [edit]


def test_of_two_fixes_that_overlap_the_second_waits_for_the_next_round() -> None:
    proof = Proof(True, (), True)
    one, other = Edit(Place("x.py", 1, 1, 1, 4), "b"), Edit(Place("x.py", 1, 2, 1, 3), "c")
    assert chosen_edits(
        [finding(Fix("a", (one,), proof=proof)), finding(Fix("b", (other,), proof=proof))]
    ) == [one]


def test_an_example_that_comes_with_nnwhy_is_left_alone() -> None:
    place = Place(str(Path(recipe.__file__)), 14, 25, 14, 42)
    proof = Proof(True, (), True)
    fix = Fix("nn.Dropout(0.5)", (Edit(place, "nn.Dropout(0.5)"),), proof=proof)
    finding = Finding("dropout-rank", "warning", place, {}, title="", fixes=(fix,))
    assert chosen_edits([finding]) == []
