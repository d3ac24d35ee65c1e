"""Numbers, places and shapes as people read them."""

from __future__ import annotations

import os
import re
from pathlib import Path

from nnwhy.facts.place import Place


def count(number: int, noun: str, plural: str | None = None) -> str:
    """ "1 parameter", "1,179,776 parameters"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def short(number: int) -> str:
    """A large number in three digits: 23,984,896 is "24.0 M"; numbers below 10,000 stay whole."""
    if number < 10_000:
        return f"{number:,}"
    value = float(number)
    for unit in ("k", "M", "G", "T", "P", "E"):
        value /= 1000
        if value < 999.5:
            return f"{value:.3g} {unit}" if value < 100 else f"{value:.0f} {unit}"
    return f"{number:.3g}"


def memory(size: int) -> str:
    """Bytes in binary units: "84.5 KB", "1.2 GB"."""
    value = float(size)
    for unit in ("B", "KB", "MB", "GB", "TB"):
        if value < 1024 or unit == "TB":
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1024
    return f"{size} B"


def where(place: Place | None) -> str:
    """ "net.py:22": the file's name is enough beside the text that it explains; headings give the path by `file`."""
    return f"{_short_name(place.path)}:{place.line}" if place else ""


def _short_name(path: str) -> str:
    """The cells of a running notebook are files with numbers for names, which nobody has ever seen."""
    return "cell" if _CELL.search(path) else Path(path).name


_CELL = re.compile(r"ipykernel_\d+[/\\]\d+\.py$|<ipython-input-")


def file(path: str) -> str:
    """The path from the working directory; just the name for files elsewhere."""
    try:
        relative = os.path.relpath(path)
    except ValueError:
        return Path(path).name
    return _short_name(path) if relative.startswith("..") else relative


_NAMED = {"channels": "{} channels", "features": "{} features", "length": "length {}"}


def sizes(shape: tuple[int, ...], axes: tuple[str, ...] = (), letters: tuple[str, ...] = ()) -> str:
    """ "N × 32 channels × 26 × 26": letters for free sizes, names where the field has one."""
    if not shape:
        return "one number"
    parts: list[str] = []
    for axis, size in enumerate(shape):
        text = letters[axis] if axis < len(letters) and letters[axis] else str(size)
        name = axes[axis] if axis < len(axes) else ""
        parts.append(_NAMED.get(name, "{}").format(text))
    return " × ".join(parts)
