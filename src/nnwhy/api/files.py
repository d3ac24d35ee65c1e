"""Writes a file whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress

from nnwhy.errors import TargetError


def writable(path: str) -> str:
    """`path` from the root, so that a later change of the working directory does not move it.

    Raises TargetError where no file can be written there: its directory is missing, or it is a directory itself.
    """
    whole = os.path.abspath(path)
    folder = os.path.dirname(whole)
    if os.path.isdir(whole):
        raise TargetError(f"{path} cannot be written: it is a directory; name a file in it")
    if not os.path.isdir(folder):
        raise TargetError(f"{path} cannot be written: there is no directory {os.path.dirname(path)}")
    return whole


def write_whole(path: str, text: str) -> None:
    """Put `text` into the file in one step, as UTF-8: a reader sees the old file or the new one. Raises OSError.

    What is no ordinary file (/dev/stdout, a pipe) is written to directly.
    """
    if os.path.exists(path) and not os.path.isfile(path):
        with open(path, "w", encoding="utf-8", errors="replace") as file:
            file.write(text)
        return
    target = os.path.realpath(path)
    beside = f"{target}.{os.getpid()}.part"
    try:
        with open(beside, "w", encoding="utf-8", errors="replace") as file:
            file.write(text)
        os.replace(beside, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(beside)
        raise
