"""Notebooks: code cells without magics, with places that name the cell."""

from __future__ import annotations

import json
import linecache
import sys
from pathlib import Path

import pytest

from nnwhy.errors import TargetError
from nnwhy.load import load
from nnwhy.notebooks import cells, without_magics
from nnwhy.source import line_at
from nnwhy.trace import watching_constructions

CORPUS = Path(__file__).parent.parent / "corpus"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("%matplotlib inline\nx = 1", "\nx = 1"),
        ("if a:\n    !ls\n    b = 2", "if a:\n    pass\n    b = 2"),
        ("files = !ls", "files = None"),
        ("%%time\nx = 1", "\nx = 1"),
        ("%%bash\nls", ""),
        ("net?\nnet.forward??", "\n"),
        ("y = a % b  # why?\nprint('ok?')", "y = a % b  # why?\nprint('ok?')"),
    ],
)
def test_magics_become_empty_lines(text: str, kept: str) -> None:
    assert without_magics(text) == kept


def test_places_name_the_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path])
    with watching_constructions() as constructions:
        loaded = load(str(CORPUS / "notebook.ipynb"))
    place = constructions.places(loaded.module.fc)[0]
    assert place.path.endswith("notebook.ipynb[cell 3]")
    assert place.line == 6
    assert linecache.getline(place.path, place.line).strip() == "self.fc = nn.Linear(4 * 26 * 26, 10)"


def test_old_notebooks_have_worksheets(tmp_path: Path) -> None:
    path = tmp_path / "old.ipynb"
    path.write_text(
        json.dumps({"worksheets": [{"cells": [{"cell_type": "code", "input": ["x = 1\n", "y = 2"]}]}]})
    )
    assert cells(path)[0].text == "x = 1\ny = 2"


def test_what_is_no_notebook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.ipynb"
    path.write_text("{}")
    with pytest.raises(TargetError, match="no notebook that can be read"):
        load(str(path))


def test_another_process_finds_the_lines_of_a_cell() -> None:
    name = f"{CORPUS / 'notebook.ipynb'}[cell 3]"
    linecache.cache.pop(name, None)
    assert line_at(name, 6).strip() == "self.fc = nn.Linear(4 * 26 * 26, 10)"
    assert line_at(f"{CORPUS / 'nothing.ipynb'}[cell 3]", 6) == ""
