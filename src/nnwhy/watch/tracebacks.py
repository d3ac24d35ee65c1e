"""Tracebacks as they would be without us: our frames taken out, wherever they stand."""

from __future__ import annotations

import os
from types import TracebackType

_OURS = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_EXAMPLES = _OURS + "examples" + os.sep


def cleaned(error: BaseException, *, from_main: bool = False) -> BaseException:
    """`error` and those that led to it, their tracebacks without frames of ours. `from_main`: and from the script's first line on."""
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        one.__traceback__ = _without_ours(_from_main(one.__traceback__) if from_main else one.__traceback__)
        one = one.__cause__ or one.__context__
    return error


def _from_main(traceback: TracebackType | None) -> TracebackType | None:
    start = traceback
    while start is not None:
        if start.tb_frame.f_globals.get("__name__") == "__main__" and not ours(
            start.tb_frame.f_code.co_filename
        ):
            return start
        start = start.tb_next
    return traceback


def ours(path: str) -> bool:
    """Whether a file belongs to nnwhy itself."""
    return path.startswith(_OURS) and not path.startswith(_EXAMPLES)


def _without_ours(traceback: TracebackType | None) -> TracebackType | None:
    kept: list[TracebackType] = []
    while traceback is not None:
        if not ours(traceback.tb_frame.f_code.co_filename):
            kept.append(traceback)
        traceback = traceback.tb_next
    chain: TracebackType | None = None
    for one in reversed(kept):
        chain = TracebackType(chain, one.tb_frame, one.tb_lasti, one.tb_lineno)
    return chain
