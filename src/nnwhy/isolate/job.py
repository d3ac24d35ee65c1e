"""The inside of a job's process: take on the caller's surroundings, call the function, send the answer, end at once.

The answer leaves through a pipe of its own. User code may print, close or replace its standard streams, fork, start
threads or leave the process; none of that reaches the pipe, because only the process that was started for the job
may write to it, and a forked child closes it first.
"""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import importlib
import json
import os
import select
import signal
import sys
import time
import types
from collections.abc import Callable
from typing import Any, NoReturn, TextIO

from nnwhy.isolate import processes, wire
from nnwhy.isolate.ending import loose_ends, tie_up
from nnwhy.isolate.outcome import Failure, failure_to_json
from nnwhy.isolate.request import Request, request_from_json
from nnwhy.isolate.seed import seed_everything
from nnwhy.isolate.stack import failure_of

WHERE_SIGNAL = getattr(signal, "SIGXCPU", None)
"""Sent to a job whose time is over: it writes down where it stands, and is then ended. Nobody uses it otherwise."""

ANSWER_LOST = 71
"""The exit code of a job that could not send its answer, because user code closed the pipe."""

_OUT_OF_MEMORY = b'{"kind": "memory", "name": "MemoryError"}'


def live(answer: int, dump: int, rehearsal: str = "") -> NoReturn:
    """Read a request from standard input, run its job, send the answer, end this process.

    `answer` and `dump` are descriptors to write to. All that can be done before the request is known is done first,
    since a warm worker waits there; `rehearsal` ("package.module:function") is a function of ours whose steps are gone through
    meanwhile, since code is slow when it runs for the first time.
    """
    owner = os.getpid()
    _prepare(answer, dump)
    if rehearsal:
        _rehearse(rehearsal)
    try:
        request = request_from_json(wire.receive_json(0))
    except wire.Broken:
        os._exit(0)  # nobody wants this worker any more
    before = loose_ends()
    failure, text = _answer(request)
    if os.getpid() == owner:  # a child forked by user code comes along here too
        lingers = loose_ends() > before
        _flush()
        if not lingers:
            _detach_prints()
        try:
            wire.send(answer, b'{"lingers": %s, "failure": %s}' % (b"true" if lingers else b"false", failure))
            wire.send(answer, text)
        except OSError:
            os._exit(ANSWER_LOST)
        if lingers:
            tie_up()
    _flush()
    os._exit(0)


def _rehearse(rehearsal: str) -> None:
    """The steps of a rehearsal, as long as no request has come."""
    with contextlib.suppress(Exception):
        steps = iter(_function(rehearsal)())
        while not select.select([0], [], [], 0)[0]:
            next(steps)


def main() -> NoReturn:
    """A job in a process that was started, not forked. Arguments: descriptors (Windows: handles) of answer and dump."""
    processes.die_with_parent(os.getppid())
    answer, dump = (_descriptor(int(word)) for word in sys.argv[1:3])
    live(answer, dump)


def _answer(request: Request) -> tuple[bytes, bytes]:
    """The failure (JSON, "null" where there is none) and the value (JSON)."""
    try:
        _take_on(request)
        value = _function(request.job)(**request.payload)
        return b"null", _encode(value)
    except NotJson as error:
        failure = Failure("protocol", name="NotJson", message=f"{request.job} {error}")
    except BaseException as error:  # SystemExit and KeyboardInterrupt of the user's code included
        try:
            failure = failure_of(error, memory_bytes=request.limits.memory_bytes)
        except MemoryError:
            return _OUT_OF_MEMORY, b"null"
    return json.dumps(failure_to_json(failure)).encode(), b"null"


class NotJson(Exception):
    """A job returned something that is not JSON data."""


def _encode(value: object) -> bytes:
    try:
        text = json.dumps(value, allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise NotJson(f"returned what is not JSON data: {error}") from None
    if len(text) > wire.LARGEST:
        raise NotJson(f"returned {len(text)} bytes; {wire.LARGEST} is the most that can be sent")
    return text


def _function(job: str) -> Callable[..., Any]:
    module, _, name = job.partition(":")
    return getattr(importlib.import_module(module), name)


def _prepare(answer: int, dump: int) -> None:
    """What does not depend on the request."""
    _default_signals()
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=lambda: _let_go(answer, dump))
    faulthandler.enable(file=dump, all_threads=False)
    if WHERE_SIGNAL is not None:
        faulthandler.register(WHERE_SIGNAL, file=dump, all_threads=False)
    sys.argv = [""]
    sys.modules["__main__"] = types.ModuleType("__main__")


def _take_on(request: Request) -> None:
    """Make this process look as if the caller had started it for the job."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    sys.stdin, sys.stdout, sys.stderr = _streams()
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr
    os.environ.clear()
    os.environ.update(request.environment)
    if hasattr(time, "tzset"):
        time.tzset()
    os.umask(request.umask)
    os.chdir(request.directory)
    sys.path[:] = request.search_path
    _forget_directories()
    _limit(request.limits.memory_bytes)
    _set_threads(request.environment)
    seed_everything()
    gc.enable()


def _forget_directories() -> None:
    """What the import system remembers of directories may be older than the user's last change."""
    finders: dict[str, Any] = sys.path_importer_cache
    for path, finder in list(finders.items()):
        if finder is None:
            del finders[path]
        elif hasattr(finder, "invalidate_caches"):
            finder.invalidate_caches()


def _streams() -> tuple[TextIO, TextIO, TextIO]:
    """Line-buffered, so that a crash loses at most the last line; wrong characters are shown escaped."""
    return (
        open(0, encoding="utf-8", errors="replace", closefd=False),
        open(1, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False),
        open(2, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False),
    )


def _default_signals() -> None:
    signal.set_wakeup_fd(-1)
    for number in signal.valid_signals():
        handler = signal.getsignal(number)
        if callable(handler) and handler is not signal.default_int_handler:
            signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _limit(memory_bytes: int) -> None:
    """Let an allocation above the limit fail at its line.

    RLIMIT_DATA counts what a process may write to. RLIMIT_AS would also count address space that is only reserved,
    of which torch takes far more than it uses; CUDA reserves so much writable space that there the supervisor's look
    at the resident memory has to do alone. macOS does not enforce either.
    """
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(
        resource.RLIMIT_CORE, (0, 0)
    )  # a crash must not leave a core file with the user's files
    if sys.platform == "linux" and not os.path.exists("/dev/nvidiactl"):
        wanted = _writable_bytes() + memory_bytes
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        if hard == resource.RLIM_INFINITY or wanted < hard:
            resource.setrlimit(resource.RLIMIT_DATA, (wanted, wanted))


def _writable_bytes() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[5]) * os.sysconf("SC_PAGE_SIZE")


def _set_threads(environment: dict[str, str]) -> None:
    """torch reads OMP_NUM_THREADS when it is loaded, which in a warm worker was long ago."""
    wanted = environment.get("OMP_NUM_THREADS", "")
    torch = sys.modules.get("torch")
    if torch is not None and wanted.isdigit() and int(wanted) > 0:
        torch.set_num_threads(int(wanted))


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        with contextlib.suppress(Exception):  # the user may have put anything there
            stream.flush()  # type: ignore[union-attr]


def _detach_prints() -> None:
    """Nothing is printed after the answer; the supervisor then need not wait for this process's last breath."""
    for descriptor in (1, 2):
        with contextlib.suppress(OSError):
            os.close(descriptor)


def _let_go(*descriptors: int) -> None:
    """In a child that user code forked: what it does or suffers is not this job's answer."""
    faulthandler.disable()
    if WHERE_SIGNAL is not None:
        faulthandler.unregister(WHERE_SIGNAL)
    for descriptor in descriptors:
        with contextlib.suppress(OSError):
            os.close(descriptor)


def _descriptor(word: int) -> int:
    if sys.platform == "win32":
        import msvcrt

        return msvcrt.open_osfhandle(word, 0)
    os.set_inheritable(word, False)
    return word


if __name__ == "__main__":
    main()
