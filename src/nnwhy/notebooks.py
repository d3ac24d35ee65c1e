"""Notebooks: their code cells as Python, without magics."""

from __future__ import annotations

import json
import linecache
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nnwhy.errors import TargetError

_MAGIC = re.compile(r"^\s*(%{1,2}[a-zA-Z]|[!?]|[\w.]+\?{1,2}\s*$)")
_ASSIGNED_MAGIC = re.compile(r"^(\s*)[\w, ]+=\s*[%!]")


@dataclass(frozen=True, slots=True)
class Cell:
    """A code cell: `name` is what its places are called by ("net.ipynb[cell 3]"), counted over all cells from 1."""

    name: str
    text: str


def cells(path: Path) -> tuple[Cell, ...]:
    """The code cells of a notebook. Raises TargetError where it is none."""
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8"))
        found = data["cells"] if "cells" in data else data["worksheets"][0]["cells"]
        made: list[Cell] = []
        for number, cell in enumerate(found, start=1):
            if cell["cell_type"] == "code":
                source = cell.get("source", cell.get("input", ""))
                text = source if isinstance(source, str) else "".join(source)
                made.append(Cell(f"{path}[cell {number}]", without_magics(text)))
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise TargetError(f"{path.name} is no notebook that can be read ({type(error).__name__})") from None
    return tuple(made)


def without_magics(text: str) -> str:
    """The text of a cell with lines for IPython made empty, so that the line numbers stay."""
    lines = text.split("\n")
    if lines and lines[0].lstrip().startswith("%%"):
        first = lines[0].split()[0]
        # %%time and its like run the rest as Python; others (%%bash, %%html) are another language
        kept = lines[1:] if first in ("%%time", "%%timeit", "%%capture", "%%prun") else []
        return "\n".join(["", *(_line(line) for line in kept)])
    return "\n".join(_line(line) for line in lines)


def find_cell(name: str) -> None:
    """Let `linecache` find the lines of a cell ("net.ipynb[cell 3]") that another process ran; other paths are left alone."""
    notebook, bracket, _ = name.partition("[cell ")
    if not bracket or not notebook.endswith(".ipynb") or name in linecache.cache:
        return
    try:
        found = cells(Path(notebook))
    except TargetError:
        return
    for cell in found:
        show_in_tracebacks(cell)


def show_in_tracebacks(cell: Cell) -> None:
    """Let `linecache` find the cell's lines by its name."""
    lines = [line + "\n" for line in cell.text.split("\n")]
    linecache.cache[cell.name] = (len(cell.text), None, lines, cell.name)


def _line(line: str) -> str:
    if _MAGIC.match(line):
        indent = line[: len(line) - len(line.lstrip())]
        return f"{indent}pass" if indent else ""
    if _ASSIGNED_MAGIC.match(line):
        return f"{line.split('=')[0]}= None"
    return line
