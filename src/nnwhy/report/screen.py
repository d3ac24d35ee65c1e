"""Lines on a terminal: a console that knows its width, and styled text where the terminal has colours."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from textwrap import wrap
from typing import TextIO

from rich.console import Console
from rich.text import Text

from nnwhy.report.derivation import Line

WIDTH = 100


def console(stream: TextIO | None = None) -> Console:
    """A console on `stream` (stdout by default): no colour when piped or where NO_COLOR is set; 80 columns when piped."""
    out = stream or sys.stdout
    width = None if out.isatty() else int(os.environ.get("COLUMNS") or 80)
    return Console(file=out, width=width, highlight=False, markup=False, emoji=False, soft_wrap=False)


def columns(lines: Iterable[Line], width: int, indent: int = 2) -> list[Text]:
    """Derivation lines in three aligned columns within `width`; where that is too narrow, the reason goes below."""
    listed = list(lines)
    left = min(max((line.indent + len(line.number) for line in listed), default=0) + 3, 46)
    right = max((len(line.place) for line in listed), default=0)
    middle = width - indent - left - right - 1
    made: list[Text] = []
    for line in listed:
        text = Text(" " * (indent + line.indent))
        text.append(line.number, style="bold" if line.indent == 0 else "")
        gap = left - line.indent - len(line.number)
        below = gap < 2 or len(line.reason) > middle
        if not below:
            text.append(" " * gap + line.reason)
        if line.place:
            text.append(" " * max(width - text.cell_len - len(line.place) - 1, 1))
            text.append(line.place, style="dim")
        made.append(text)
        if below:
            margin = " " * (indent + min(line.indent + 4, left))
            made += [Text(margin + part) for part in wrap(line.reason, width - len(margin) - 1)]
    return made


def out(target: Console, lines: Iterable[Text | str]) -> None:
    """Print lines; a reader that closes the pipe early is no error."""
    try:
        for line in lines:
            target.print(line if isinstance(line, Text) else Text(line), overflow="fold", no_wrap=False)
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 (Python flushes stdout again at exit)
