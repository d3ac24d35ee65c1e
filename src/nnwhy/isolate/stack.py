"""Which frames of a traceback are the user's, and what a failure may say about them."""

from __future__ import annotations

import os
import re
import signal
import traceback
from collections import Counter
from collections.abc import Iterator
from types import TracebackType

from nnwhy import errors
from nnwhy.isolate.outcome import Failure

OURS = os.path.dirname(os.path.abspath(errors.__file__)) + os.sep
STANDARD_LIBRARY = os.path.dirname(os.path.abspath(os.__file__)) + os.sep
LONGEST = 16 << 10
"""The longest traceback text that is kept (characters)."""

CRASH_LINE = re.compile(r'^  File "(?P<path>.*)", line (?P<line>\d+) in (?P<function>.*)$', re.MULTILINE)
ENDLESS = 40
"""A stack that shows one line this often when the process overflows it is an endless recursion."""


def is_users(path: str) -> bool:
    """Whether a frame's file is the user's: not nnwhy's, Python's or an installed package's."""
    if path.startswith(("<frozen", "<string>")):
        return False
    if "site-packages" in path or "dist-packages" in path:
        return False
    return not path.startswith((OURS, STANDARD_LIBRARY))


def failure_of(error: BaseException, *, memory_bytes: int) -> Failure:
    """The failure for what a job raised. `memory_bytes` is the job's limit, told where memory ran out."""
    if isinstance(error, MemoryError) or _is_failed_allocation(error):
        traceback.clear_frames(error.__traceback__)  # their locals hold the memory that is needed now
    path, line = _innermost_users_place(error.__traceback__)
    if isinstance(error, SystemExit):
        code, message = _exit_code(error)
        return Failure("exit", message=message, code=code, path=path, line=line)
    shown = _users_traceback(error)
    message = _text(error)
    if isinstance(error, errors.NnwhyError):
        return Failure("error", name=_our_name(error), message=message, traceback=shown, path=path, line=line)
    name = type(error).__qualname__
    if isinstance(error, MemoryError) or _is_failed_allocation(error):
        return Failure("memory", name, message, shown, limit=memory_bytes, path=path, line=line)
    if isinstance(error, RecursionError):
        return Failure("recursion", name, message, shown, path=path, line=line)
    return Failure("exception", name, message, shown, path=path, line=line)


def failure_of_crash(number: int, dump: str) -> Failure:
    """The failure for a process that signal `number` ended; `dump` is what faulthandler wrote, or ""."""
    path, line, shown, depth = _read_dump(dump)
    name = signal_name(number)
    kind = "recursion" if depth >= ENDLESS and name in ("SIGSEGV", "SIGBUS") else "signal"
    return Failure(kind, name=name, traceback=shown, path=path, line=line)


def failure_of_hang(seconds: float, dump: str) -> Failure:
    """The failure for a job whose time was over; `dump` is its stack at that moment, or ""."""
    path, line, shown, _ = _read_dump(dump)
    return Failure("timeout", traceback=shown, limit=seconds, path=path, line=line)


def _read_dump(dump: str) -> tuple[str, int, str, int]:
    """The innermost place of the user's, the stack in their files, and how often one line comes up in it."""
    users = [found for found in CRASH_LINE.finditer(dump) if is_users(found["path"])]
    if not users:
        return "", 0, "", 0
    lines = [found.group() for found in reversed(users)]
    depth = max(Counter(lines).values())
    return users[0]["path"], int(users[0]["line"]), "\n".join(lines)[-LONGEST:], depth


def signal_name(number: int) -> str:
    """ "SIGSEGV" for 11."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _users_traceback(error: BaseException) -> str:
    told = traceback.TracebackException.from_exception(error)
    for one in _chain(told):
        users = [frame for frame in one.stack if is_users(frame.filename)]
        if users:
            one.stack[:] = users
    text = "".join(told.format())
    if len(text) <= LONGEST:
        return text
    return text[: LONGEST // 2] + "\n  [...]\n" + text[-LONGEST // 2 :]


def _chain(told: traceback.TracebackException) -> Iterator[traceback.TracebackException]:
    """A traceback and those of its causes."""
    waiting, seen = [told], set[int]()
    while waiting:
        one = waiting.pop()
        if id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting.extend(cause for cause in (one.__cause__, one.__context__) if cause is not None)


def _innermost_users_place(frames: TracebackType | None) -> tuple[str, int]:
    place = ("", 0)
    while frames is not None:
        path = frames.tb_frame.f_code.co_filename
        if is_users(path):
            place = (path, frames.tb_lineno or 0)
        frames = frames.tb_next
    return place


def _our_name(error: errors.NnwhyError) -> str:
    """The nearest class that the caller has too: one of `nnwhy.errors`."""
    known = (one.__name__ for one in type(error).__mro__ if one.__module__ == errors.__name__)
    return next(known)


def _exit_code(error: SystemExit) -> tuple[int, str]:
    """What Python itself makes of `sys.exit(...)`: nothing is 0, a text is told and is 1."""
    if error.code is None:
        return 0, ""
    if isinstance(error.code, int):
        return int(error.code) & 0xFF, ""
    return 1, str(error.code)


def _is_failed_allocation(error: BaseException) -> bool:
    """torch reports a failed allocation as a RuntimeError; its text is the only mark."""
    if not isinstance(error, RuntimeError):
        return False
    text = _text(error)
    return "can't allocate memory" in text or "std::bad_alloc" in text


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # a user's __str__ may itself be wrong
        return "<its text cannot be made>"
