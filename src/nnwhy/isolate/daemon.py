"""The warm worker: a background process that has torch loaded, forks once for each job, and ends when it is idle.

It is one loop. Nothing of a user is ever loaded here, no operation of torch is run (its threads would not survive a
fork) and no job is awaited: a forked process gets the connection and looks after its own job. One such process, with
its job's process, stands by: forking the two takes longer than everything else that a small job needs.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from nnwhy.isolate import processes, wire
from nnwhy.isolate.rendezvous import peer_user
from nnwhy.isolate.worker import serve

QUIET_SECONDS = 2.0
"""Modules that can wait are loaded after so long without a job, since a client that comes meanwhile must wait."""


@dataclass(frozen=True, slots=True)
class Spare:
    """A worker that stands by, and the socket over which it is handed a client."""

    process: int
    control: socket.socket


@dataclass(slots=True)
class Daemon:
    """The state of the loop. `later` are modules still to be loaded when nobody asks for anything; after them, workers that
    stand by go through `rehearsal`."""

    path: Path
    stamp: str
    idle_seconds: float
    listener: socket.socket
    wakeup: tuple[int, int]
    later: list[str]
    rehearsal: str
    spare: Spare | None = None
    jobs: set[int] = field(default_factory=set[int])
    started: float = field(default_factory=time.monotonic)
    active: float = field(default_factory=time.monotonic)
    served: int = 0


def main() -> NoReturn:
    """Listen, then detach: when the started process has ended, connections are already queued for the daemon.

    The argument is JSON: `socket`, `stamp`, `idle_seconds`, `first` and `later` (module names to load), `rehearsal`.
    """
    plan = json.loads(sys.argv[1])
    path = Path(plan["socket"])
    listener = _listen(path)
    if os.fork():
        os._exit(0)
    os.chdir("/")
    listener.listen(64)  # again, so that the socket's credentials name this process
    gc.disable()  # loading is quicker without, and a daemon makes no garbage to speak of
    try:
        wakeup = os.pipe()
        daemon = Daemon(
            path, plan["stamp"], plan["idle_seconds"], listener, wakeup, plan["later"], plan["rehearsal"]
        )
        _set_signals(wakeup[1])
        for name in plan["first"]:
            load(name)
        _settle()
        _serve(daemon)
    finally:
        _leave(path, listener)
        os._exit(0)


def load(name: str) -> None:
    """Import a module where it exists; a job that needs it will meet its error itself where it cannot be imported."""
    with contextlib.suppress(Exception):
        importlib.import_module(name)


def _listen(path: Path) -> socket.socket:
    """A socket for its owner alone. The caller holds the directory's lock, so a file at `path` is a dead daemon's."""
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    os.umask(0o077)
    listener.bind(os.fspath(path))
    listener.listen(64)
    return listener


def _set_signals(wakeup: int) -> None:
    """Ended children wake the loop; SIGTERM ends it in good order."""
    os.set_blocking(wakeup, False)
    signal.set_wakeup_fd(wakeup, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))


def _settle() -> None:
    """Keep what is loaded out of later collections, which would copy its pages in every fork."""
    gc.freeze()


def _leave(path: Path, listener: socket.socket) -> None:
    """Take down the socket, once: afterwards the path may be a newer daemon's."""
    if listener.fileno() >= 0:
        path.unlink(missing_ok=True)
        listener.close()


def _serve(daemon: Daemon) -> None:
    poll = select.poll()
    poll.register(daemon.listener, select.POLLIN)
    poll.register(daemon.wakeup[0], select.POLLIN)
    while True:
        ready = {descriptor for descriptor, _ in poll.poll(_patience(daemon))}
        if daemon.wakeup[0] in ready:
            os.read(daemon.wakeup[0], 4096)
            _note_ended(daemon)
        if daemon.listener.fileno() in ready:
            daemon.active = time.monotonic()
            if not _answer(daemon):
                return
        if ready:
            continue
        quiet = time.monotonic() - daemon.active
        if daemon.spare is None:
            daemon.spare = _stand_by(daemon, let_go=lambda: None)
        elif daemon.later and quiet >= QUIET_SECONDS:
            _load_later(daemon)
        elif quiet >= daemon.idle_seconds:
            return


def _patience(daemon: Daemon) -> float | None:
    """How long to wait for something to happen (milliseconds); None: for ever."""
    if daemon.jobs:
        return None
    if daemon.spare is None:
        return 0
    until = min(QUIET_SECONDS, daemon.idle_seconds) if daemon.later else daemon.idle_seconds
    return max(0.0, until - (time.monotonic() - daemon.active)) * 1000 + 1


def _load_later(daemon: Daemon) -> None:
    """Load one module more; after the last, the worker that stands by is replaced by one that has them all."""
    load(daemon.later.pop(0))
    _settle()
    if not daemon.later and daemon.spare is not None:
        daemon.spare.control.close()
        daemon.spare = None


def _note_ended(daemon: Daemon) -> None:
    ended = set(processes.reap())
    if daemon.jobs & ended:
        daemon.active = time.monotonic()
    daemon.jobs -= ended
    if daemon.spare is not None and daemon.spare.process in ended:
        daemon.spare.control.close()
        daemon.spare = None


def _answer(daemon: Daemon) -> bool:
    """Deal with one connection; False: the daemon was told to stop."""
    connection, _ = daemon.listener.accept()
    with connection, contextlib.suppress(wire.Broken, OSError, KeyError, TypeError):
        if peer_user(connection) != os.geteuid():
            return True
        asked = wire.receive_json(connection.fileno(), within=2.0)
        if asked["do"] == "run":
            _run(daemon, connection, asked["stamp"])
        elif asked["do"] == "status":
            wire.send_json(connection.fileno(), _status(daemon))
        elif asked["do"] == "stop" and asked["only"] in ("", daemon.stamp):
            _leave(daemon.path, daemon.listener)
            wire.send_json(connection.fileno(), {"pid": os.getpid()})
            return False
    return True


def _run(daemon: Daemon, connection: socket.socket, stamp: str) -> None:
    if stamp != daemon.stamp:
        wire.send_json(connection.fileno(), {"ok": False, "stamp": daemon.stamp})
        return
    spare = daemon.spare or _stand_by(daemon, let_go=connection.close)
    daemon.spare = None
    with spare.control:
        socket.send_fds(spare.control, [b"client"], [connection.fileno()])
    daemon.jobs.add(spare.process)
    daemon.served += 1


def _stand_by(daemon: Daemon, *, let_go: Callable[[], None]) -> Spare:
    """Fork a worker, which forks its job's process and then waits for a client; it ends when the daemon does.

    let_go: closes, in the worker, what else the daemon holds at the moment.
    """
    ours, its = socket.socketpair()
    process = os.fork()
    if process:
        its.close()
        return Spare(process, ours)
    try:
        os.setsid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        ours.close()
        let_go()
        daemon.listener.close()
        os.close(daemon.wakeup[0])
        os.close(daemon.wakeup[1])
        rehearsal = "" if daemon.later else daemon.rehearsal
        serve(lambda: _await_client(its), let_go=its.close, warm=True, rehearsal=rehearsal)
    finally:
        os._exit(70)


def _await_client(control: socket.socket) -> tuple[int, int]:
    with control:
        _, handed, _, _ = socket.recv_fds(control, 16, 1)
    if not handed:
        raise wire.Gone("the daemon has ended")
    return handed[0], handed[0]


def _status(daemon: Daemon) -> dict[str, Any]:
    return {
        "pid": os.getpid(),
        "version": daemon.stamp.split()[0],
        "python": sys.executable,
        "seconds": time.monotonic() - daemon.started,
        "idle_seconds": daemon.idle_seconds,
        "jobs": len(daemon.jobs),
        "served": daemon.served,
        "torch": "torch" in sys.modules,
    }


if __name__ == "__main__":
    main()
