"""Ask about daemons and stop them."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
from dataclasses import dataclass
from typing import Any

from nnwhy.isolate import wire
from nnwhy.isolate.rendezvous import (
    SUFFIX,
    connect,
    daemon_directory,
    locked,
    peer_process,
    private_directory,
)


@dataclass(frozen=True, slots=True)
class DaemonStatus:
    """A daemon that runs.

    socket:       where it listens
    pid:          its process
    ready:        False while it is still loading its modules; then only `socket` and `pid` are known
    version:      of nnwhy
    python:       its executable
    seconds:      since it was started
    idle_seconds: it ends when it has had no job for so long
    jobs, served: jobs that run now, and all it was given
    torch:        whether it has torch loaded
    """

    socket: str
    pid: int
    ready: bool
    version: str = ""
    python: str = ""
    seconds: float = 0.0
    idle_seconds: float = 0.0
    jobs: int = 0
    served: int = 0
    torch: bool = False


def daemon_status(directory: str | os.PathLike[str] | None = None) -> tuple[DaemonStatus, ...]:
    """The daemons that listen in a directory (default: this user's). Raises WorkerError for a directory not our own."""
    found: list[DaemonStatus] = []
    for path in _sockets(directory):
        with contextlib.suppress(OSError, wire.Gone):  # it has ended since
            found.append(_status(path))
    return tuple(found)


def daemon_stop(directory: str | os.PathLike[str] | None = None) -> int:
    """Stop the daemons of a directory (default: this user's); how many there were. Their running jobs end normally."""
    stopped = 0
    for path in _sockets(directory):
        with contextlib.suppress(OSError):
            stop(path)
            stopped += 1
    return stopped


def stop(path: str, *, only: str = "") -> None:
    """Have a daemon (`only`: one of that stamp) stop listening; one that does not answer is ended."""
    try:
        connection = connect(path, within=1.0)
    except (FileNotFoundError, ConnectionRefusedError):
        return
    with connection:
        pid = peer_process(connection)
        try:
            _ask(connection, {"do": "stop", "only": only}, within=5.0)
        except wire.Gone:
            return
        except wire.Broken:
            if pid > 0:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(path)


def _sockets(directory: str | os.PathLike[str] | None) -> list[str]:
    """The sockets in a directory behind which somebody listens; those of daemons that died are removed."""
    if not hasattr(os, "fork"):
        return []
    directory = daemon_directory() if directory is None else os.fspath(directory)
    if not os.path.lexists(directory):
        return []
    private_directory(directory)
    found: list[str] = []
    with locked(directory):
        for path in sorted(
            os.path.join(directory, name) for name in os.listdir(directory) if name.endswith(SUFFIX)
        ):
            try:
                connect(path, within=1.0).close()
                found.append(path)
            except ConnectionRefusedError:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(path)
            except OSError:
                continue
    return found


def _ask(connection: socket.socket, request: dict[str, str], *, within: float) -> Any:
    wire.send_json(connection.fileno(), request)
    return wire.receive_json(connection.fileno(), within=within)


def _status(path: str) -> DaemonStatus:
    with connect(path, within=1.0) as connection:
        pid = peer_process(connection)
        try:
            told = _ask(connection, {"do": "status"}, within=1.0)
        except wire.Gone:
            raise
        except wire.Broken:
            return DaemonStatus(path, pid, ready=False)
    return DaemonStatus(path, ready=True, **told)
