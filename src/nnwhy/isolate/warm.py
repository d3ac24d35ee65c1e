"""The client's side of the daemon: reach it, start it where there is none, hand it a job.

The first command starts the daemon and waits for it, rather than run a cold worker beside it: both would import torch
at the same time, on the same cores, and the one import that the daemon does is the one that the job needs. Waiting
costs what a cold worker costs (measured: within 0.1 s of it), and every later command finds torch loaded.
"""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Callable
from functools import cache

from nnwhy.errors import WorkerError
from nnwhy.isolate import wire
from nnwhy.isolate.control import stop
from nnwhy.isolate.outcome import Outcome
from nnwhy.isolate.rendezvous import (
    connect,
    daemon_directory,
    locked,
    private_directory,
    socket_path,
    stamp,
)
from nnwhy.isolate.reply import GRACE, receive_reply
from nnwhy.isolate.request import Request, request_to_json

PATIENCE = 60.0
"""How long a daemon may take to load its modules before a cold worker is started instead (seconds)."""


class NoDaemon(Exception):
    """No daemon can be had, or it went away; a cold worker does the job as well."""


def run_warm(request: Request, meanwhile: Callable[[], object]) -> Outcome:
    """Run a job in a process forked from the daemon, and `meanwhile` here. Raises NoDaemon."""
    try:
        connection = _reach(daemon_directory())
    except (OSError, WorkerError, wire.Broken) as error:
        raise NoDaemon(str(error)) from None
    with connection:  # closing it ends the job, e.g. after Ctrl-C
        try:
            wire.send_json(connection.fileno(), request_to_json(request))
            meanwhile()
            return receive_reply(connection.fileno(), within=request.limits.seconds + GRACE)
        except (OSError, wire.Broken) as error:
            raise NoDaemon(str(error)) from None


def _reach(directory: str) -> socket.socket:
    """A connection whose daemon is of our making and waits for the request. Raises NoDaemon, OSError, wire.Broken."""
    private_directory(directory)
    path = socket_path(directory)
    for _ in range(3):
        connection, started = _connect_or_start(path)
        try:
            wire.send_json(connection.fileno(), {"do": "run", "stamp": _own_stamp()})
            answer = wire.receive_json(connection.fileno(), within=PATIENCE)
        except (wire.Gone, ConnectionError):
            connection.close()
            if started:
                raise
            continue  # it was just ending
        except BaseException:
            connection.close()
            raise
        if answer["ok"]:
            return connection
        connection.close()
        if answer["stamp"] == stamp():
            raise NoDaemon("nnwhy was changed since this process loaded it")
        stop(path, only=answer["stamp"])
    raise NoDaemon("no daemon of this version stays")


@cache
def _own_stamp() -> str:
    """The stamp of what this process has loaded, not of what has come to the disk since."""
    return stamp()


def _connect_or_start(path: str) -> tuple[socket.socket, bool]:
    """A connection, and whether the daemon was started for it."""
    with contextlib.suppress(FileNotFoundError, ConnectionRefusedError):
        return connect(path, within=PATIENCE), False
    with locked(os.path.dirname(path)):
        with contextlib.suppress(FileNotFoundError, ConnectionRefusedError):
            return connect(path, within=PATIENCE), False  # started while we waited for the lock
        from nnwhy.isolate.launch import start_daemon  # brings in subprocess, which most commands do without

        if not start_daemon(path, _own_stamp(), within=PATIENCE):
            raise NoDaemon("the daemon did not start")
        return connect(path, within=PATIENCE), True
