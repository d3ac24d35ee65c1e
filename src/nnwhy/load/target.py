"""What the user points at: "net.py:Net(num_classes=10)" as its parts."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from nnwhy.errors import TargetError

FORMS = "net.py, net.py:Net, net.py:Net(classes=10), package.module:Net, a notebook or a directory"
_NAME = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a network is: a file, notebook or directory at `path`, or an importable `module`; the other one is "".

    `name` is the class, function or instance in it, "" where none was named; `arguments` the text between the brackets
    behind the name, None where there were none.
    """

    path: str
    module: str
    name: str
    arguments: str | None

    @property
    def place(self) -> str:
        """The file, directory or module as it was named."""
        return self.path or self.module


def parse_target(text: str) -> Target:
    """The parts of a target. Raises TargetError for a text of none of the known forms."""
    text = text.strip()
    if not text:
        raise TargetError(f"no network was named; give {FORMS}")
    if os.path.exists(text):
        return Target(text, "", "", None)
    place, name, arguments = _parts(text)
    if place.endswith((".py", ".ipynb")) or "/" in place or os.sep in place or os.path.exists(place):
        return Target(place, "", name, arguments)
    if not _NAME.fullmatch(place):
        raise TargetError(f"{text!r} is no file and no module; give {FORMS}")
    return Target("", place, name, arguments)


def _parts(text: str) -> tuple[str, str, str | None]:
    """The place, the name and the arguments; the colon of a Windows drive is part of the place."""
    head, bracket, tail = text.partition("(")
    place, colon, name = head.rpartition(":")
    name = name.strip()
    if colon and bracket and name and _NAME.fullmatch(name):
        if not tail.endswith(")"):
            raise TargetError(f"{text!r} opens a bracket and does not close it; write {head}(...)")
        return place, name, tail[:-1]
    place, colon, name = text.rpartition(":")
    if not colon or (name.startswith(("/", "\\")) and len(place) == 1):
        return text, "", None
    if not place:
        raise TargetError(f"{text!r} names no file; give {FORMS}")
    if not _NAME.fullmatch(name.strip()):
        raise TargetError(f"{name!r} in {text!r} is no name of a class, function or network")
    return place, name.strip(), None
