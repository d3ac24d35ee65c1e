"""Notebooks: their code cells as Python, without magics, and a notebook with other text in its cells."""

from __future__ import annotations

import json
import linecache
import re
from collections.abc import Generator, Mapping
from contextlib import contextmanager
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


_replaced: dict[str, str] = {}


def cells(path: Path) -> tuple[Cell, ...]:
    """The code cells of a notebook. Raises TargetError where it is none."""
    found = raw_cells(path)
    return tuple(Cell(name, _replaced.get(name, without_magics(text))) for name, text in found.items())


def raw_cells(path: Path) -> dict[str, str]:
    """The texts of a notebook's code cells as they stand, magics included, by name. Raises TargetError where it is none."""
    try:
        _, found = _read(path)
        return {_name(path, number): _text(cell) for number, cell in found}
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise TargetError(f"{path.name} is no notebook that can be read ({type(error).__name__})") from None


def notebook_of(name: str) -> Path | None:
    """The notebook that a cell ("net.ipynb[cell 3]") is of; None for other names."""
    notebook, bracket, _ = name.partition("[cell ")
    return Path(notebook) if bracket and notebook.endswith(".ipynb") else None


def with_texts(path: Path, texts: Mapping[str, str]) -> str:
    """The notebook's file with other texts in the cells named in `texts`, everything else as it is."""
    before = path.read_text(encoding="utf-8")
    data, found = _read(path)
    styles = [(indent, ascii_) for indent in (1, 2, 4, None) for ascii_ in (False, True)]
    indent, ascii_ = next(
        (style for style in styles if _written(data, *style) == before.rstrip("\n")), (1, False)
    )
    for number, cell in found:
        text = texts.get(_name(path, number))
        if text is not None:
            key = "source" if "source" in cell else "input"
            cell[key] = text if isinstance(cell[key], str) else text.splitlines(keepends=True)
    return _written(data, indent, ascii_) + ("\n" if before.endswith("\n") else "")


@contextmanager
def replaced(texts: Mapping[str, str]) -> Generator[None]:
    """Within this context the cells named in `texts` have these texts."""
    _replaced.update(texts)
    try:
        yield
    finally:
        for name in texts:
            del _replaced[name]


def _read(path: Path) -> tuple[Any, list[tuple[int, Any]]]:
    """The notebook's data, and its code cells in it with their numbers."""
    data: Any = json.loads(path.read_text(encoding="utf-8"))
    found = data["cells"] if "cells" in data else data["worksheets"][0]["cells"]
    return data, [(number, cell) for number, cell in enumerate(found, start=1) if cell["cell_type"] == "code"]


def _written(data: Any, indent: int | None, ascii_: bool) -> str:
    return json.dumps(data, indent=indent, ensure_ascii=ascii_)


def _name(path: Path, number: int) -> str:
    return f"{path}[cell {number}]"


def _text(cell: Any) -> str:
    source = cell.get("source", cell.get("input", ""))
    return source if isinstance(source, str) else "".join(source)


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
    notebook = notebook_of(name)
    if notebook is None or name in linecache.cache:
        return
    try:
        found = cells(notebook)
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
