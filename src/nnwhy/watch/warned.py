"""Warnings of calls that went through a hook of ours: told for the line that they would be told for without it.

A warning names the caller of the function that warns. In the watched steps that may be our hook, and the same warning
would be told once more for the script's own line afterwards.
"""

from __future__ import annotations

import os
import sys
import warnings
from types import FrameType
from typing import Any

from nnwhy.watch.tracebacks import ours

_DISPATCH = os.path.join("torch", "overrides.py")


class OwnWarnings:
    """On from its construction until `remove`; what the script itself does about warnings stays."""

    def __init__(self) -> None:
        self._plain = warnings.showwarning
        warnings.showwarning = self._shown = self._show

    def remove(self) -> None:
        """Show warnings as before."""
        if warnings.showwarning is self._shown:
            warnings.showwarning = self._plain

    def _show(
        self,
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: Any = None,
        line: str | None = None,
    ) -> None:
        caller = _caller(sys._getframe(1)) if ours(filename) else None
        if caller is None:
            self._plain(message, category, filename, lineno, file, line)
            return
        names = caller.f_globals
        warnings.warn_explicit(
            message, category, caller.f_code.co_filename, caller.f_lineno,
            names.get("__name__"), names.setdefault("__warningregistry__", {}),
        )  # fmt: skip


def _caller(frame: FrameType | None) -> FrameType | None:
    """The frame outside our hooks; the function that warns was entered twice, first on its way into them."""
    warner = None
    while frame is not None and not ours(frame.f_code.co_filename):
        if not frame.f_code.co_filename.endswith(os.sep + "warnings.py"):
            warner = frame.f_code
        frame = frame.f_back
    while frame is not None and (
        ours(frame.f_code.co_filename)
        or frame.f_code.co_filename.endswith(_DISPATCH)
        or frame.f_code is warner
    ):
        frame = frame.f_back
    return frame
