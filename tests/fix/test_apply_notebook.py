"""--fix in notebooks: the cell gets its mended text, everything else in the file stays as it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nnwhy.api.check import checked
from nnwhy.api.silencing import Settings
from nnwhy.facts.finding import Report
from nnwhy.fix.apply import Changed, apply, diff
from nnwhy.notebooks import raw_cells, with_texts

IMPORTS = "%matplotlib inline\nimport torch\nfrom torch import nn\nSIDE = 28"
NETWORK = """\
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3)
        self.fc = nn.Linear(4 * 5 * 5, 10)

    def forward(self, x):
        return self.fc(self.conv(x).flatten(1))  # größer"""
PASS = "!ls\nnet = Net()\nnet(torch.randn(2, 1, SIDE, SIDE)).shape"


def written(path: Path, *, indent: int | None = 1, as_lines: bool = True) -> Path:
    def cell(kind: str, text: str) -> dict[str, object]:
        source = text.splitlines(keepends=True) if as_lines else text
        more = {"execution_count": None, "outputs": []} if kind == "code" else {}
        return {"cell_type": kind, "metadata": {}, **more, "source": source}

    cells = [cell("markdown", "# Ein Netz"), *(cell("code", text) for text in (IMPORTS, NETWORK, PASS))]
    data = {
        "cells": cells,
        "metadata": {"kernelspec": {"name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path.write_text(json.dumps(data, indent=indent, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def report_on(path: Path) -> Report:
    return checked(str(path), None, [], Settings())


@pytest.mark.parametrize(("indent", "as_lines"), [(1, True), (2, True), (None, False)])
def test_only_the_mended_text_changes(tmp_path: Path, indent: int | None, as_lines: bool) -> None:
    path = written(tmp_path / "net.ipynb", indent=indent, as_lines=as_lines)
    before = path.read_text(encoding="utf-8")
    report = report_on(path)
    assert [(f.check, f.place.path if f.place else "") for f in report.findings] == [
        ("linear-features", f"{path}[cell 3]")
    ]
    assert "+        self.fc = nn.Linear(4 * 26 * 26, 10)" in diff(report)
    assert apply(report) == (f"{path}[cell 3]",)
    assert path.read_text(encoding="utf-8") == before.replace("4 * 5 * 5", "4 * 26 * 26")
    assert report_on(path).findings == ()


def test_a_notebook_that_has_changed_is_left_alone(tmp_path: Path) -> None:
    path = written(tmp_path / "net.ipynb")
    report = report_on(path)
    changed = path.read_text(encoding="utf-8").replace("4 * 5 * 5", "4 * 6 * 5")
    path.write_text(changed, encoding="utf-8")
    with pytest.raises(Changed, match="has changed since it was analysed"):
        apply(report)
    assert path.read_text(encoding="utf-8") == changed


def test_a_cell_with_its_own_text_gives_the_very_file(tmp_path: Path) -> None:
    path = written(tmp_path / "net.ipynb")
    assert with_texts(path, raw_cells(path)) == path.read_text(encoding="utf-8")
