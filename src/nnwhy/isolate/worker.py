"""The process between a client and a job: started for one job, or forked from the daemon in readiness for one."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import traceback
from collections.abc import Callable
from dataclasses import replace
from queue import SimpleQueue
from typing import NoReturn

from nnwhy.isolate import processes, wire
from nnwhy.isolate.outcome import Failure, Outcome
from nnwhy.isolate.reply import send_reply
from nnwhy.isolate.request import request_from_json
from nnwhy.isolate.start import start_job
from nnwhy.isolate.supervise import Attended, Event, attend, follow, supervise


def main() -> NoReturn:
    """A worker of its own: the request comes on standard input, the reply goes to standard output."""
    source, target = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    os.close(nothing)
    serve(lambda: (source, target), let_go=lambda: (os.close(source), os.close(target)), warm=False)


def serve(
    await_client: Callable[[], tuple[int, int]],
    *,
    let_go: Callable[[], object],
    warm: bool,
    rehearsal: str = "",
) -> NoReturn:
    """Start a process for a job, wait for a client, run its job, reply, and end this process.

    await_client: returns the descriptors to read from and to write to, once there is a client; or raises wire.Broken.
    let_go:       closes, in the job's process, what belongs to this one.
    rehearsal:    what the job's process goes through while it waits ("package.module:function").

    The end of what the client sends, or SIGTERM, says that it is gone: then the job is ended and nothing is written.
    """
    gc.disable()  # this process lives for one job; a collection would copy pages that are shared with the daemon
    processes.adopt_orphans()
    events: SimpleQueue[Event] = SimpleQueue()
    job = attend(start_job(let_go=let_go, rehearsal=rehearsal), events)
    signal.signal(signal.SIGTERM, lambda _number, _frame: events.put("gone"))
    with contextlib.suppress(wire.Broken, OSError):
        source, target = await_client()
        if not warm or _is_ready(job, target):
            _serve(job, source, target, warm=warm)
    processes.end_group(job.running.process)
    processes.end_descendants()
    os._exit(0)


def _is_ready(job: Attended, target: int) -> bool:
    """Tell the client to send its request, unless the job's process ended while it waited."""
    if not job.events.empty():
        return False
    wire.send_json(target, {"ok": True})
    return True


def _serve(job: Attended, source: int, target: int, *, warm: bool) -> None:
    text = wire.receive(source)
    follow(lambda: _tell_when_gone(source, job.events))
    try:
        request = request_from_json(json.loads(text))
        with contextlib.suppress(
            OSError
        ):  # its process may end before it has read everything; that is told below
            wire.send(job.running.request, text)
        reply = supervise(job, request.limits)
    except Exception:
        message = traceback.format_exc().strip()
        reply = Outcome(failure=Failure("protocol", name="worker", message=message)), b"null"
    if reply is not None:
        outcome, value = reply
        send_reply(target, replace(outcome, warm=warm), value)


def _tell_when_gone(source: int, events: SimpleQueue[Event]) -> None:
    with contextlib.suppress(OSError):
        while os.read(source, 1024):
            pass
    events.put("gone")
