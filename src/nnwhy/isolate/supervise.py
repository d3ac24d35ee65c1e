"""Watch over one job from outside: its answer, its prints, its time, its memory, and the end of all its processes."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Literal

from nnwhy.isolate import processes, wire
from nnwhy.isolate.ending import LINGER_SECONDS
from nnwhy.isolate.job import ANSWER_LOST, WHERE_SIGNAL
from nnwhy.isolate.outcome import Failure, Limits, Outcome, failure_from_json
from nnwhy.isolate.stack import failure_of_crash, failure_of_hang
from nnwhy.isolate.start import Running

Event = Literal["answered", "ended", "gone", "timeout", "memory"]
KEPT = 64 << 10
"""How much of each stream is kept (bytes, from its end)."""


@dataclass(slots=True)
class _Answer:
    """What the job sends of itself."""

    complete: bool = False
    lingers: bool = False
    damaged: bool = False
    failure: Failure | None = None
    value: bytes = b"null"

    def read(self, descriptor: int, events: SimpleQueue[Event]) -> None:
        try:
            frame = wire.receive_json(descriptor)
            self.value = wire.receive(descriptor)
            self.failure, self.lingers = failure_from_json(frame["failure"]), frame["lingers"]
            self.complete = True
        except wire.Gone:
            return  # without an answer; how the process ends will say why
        except (wire.Broken, KeyError, TypeError):
            self.damaged = True
        events.put("answered")


@dataclass(slots=True)
class _Tail:
    """The end of what a stream carried."""

    kept: bytes = b""

    def read(self, descriptor: int) -> None:
        while part := os.read(descriptor, KEPT):
            self.kept = (self.kept + part)[-KEPT:]

    def text(self) -> str:
        return self.kept.decode(errors="replace")


@dataclass(frozen=True, slots=True)
class Attended:
    """A job's process with everything that listens to it. `events` also tells, from outside, when the client is "gone"."""

    running: Running
    events: SimpleQueue[Event]
    answer: _Answer
    stdout: _Tail
    stderr: _Tail
    readers: tuple[threading.Thread, ...]
    waiter: threading.Thread


def attend(running: Running, events: SimpleQueue[Event]) -> Attended:
    """Begin to take in what a job's process sends and prints, and its end."""
    answer, stdout, stderr = _Answer(), _Tail(), _Tail()
    readers = (
        follow(lambda: stdout.read(running.stdout)),
        follow(lambda: stderr.read(running.stderr)),
        follow(lambda: answer.read(running.answer, events)),
    )
    waiter = follow(lambda: (running.wait(), events.put("ended")))
    return Attended(running, events, answer, stdout, stderr, readers, waiter)


def supervise(job: Attended, limits: Limits) -> tuple[Outcome, bytes] | None:
    """Wait for the end of a job that has its request, and bring it about where it must be.

    Returns the outcome without its value and the value's JSON text, which is for the client to read; None where the
    client is gone. All processes of the job have then ended, or been killed and are about to.
    """
    begun = time.monotonic()
    event = _watch(job, limits, begun + limits.seconds)
    seconds = time.monotonic() - begun
    if event == "timeout":
        _ask_where(job.running)
    if job.answer.lingers:
        with contextlib.suppress(Empty):
            job.events.get(timeout=LINGER_SECONDS)  # either its end or that of the client
    processes.end_group(job.running.process)
    # The usual end: the job has answered and is alone. Its memory takes a while to be given back; no need to wait.
    code = 0 if event == "answered" and processes.is_only_descendant(job.running.process) else _end(job)
    for reader in job.readers:
        reader.join(1.0)  # their pipes are at their end, unless a process got out of reach

    if event == "gone":
        return None
    if job.answer.complete:
        failure, value = job.answer.failure, job.answer.value
    else:
        failure, value = _failure(job, event, code, limits), b"null"
    return Outcome(None, failure, job.stdout.text(), job.stderr.text(), seconds), value


def _end(job: Attended) -> int:
    """Have every process of the job ended; the exit code of its first one."""
    job.waiter.join()
    code = job.running.ended()
    processes.end_descendants()
    return code


def _watch(job: Attended, limits: Limits, deadline: float) -> Event:
    """The event that ends the job."""
    process = job.running.process
    before = processes.resident_bytes([process])
    while True:
        left = deadline - time.monotonic()
        try:
            return job.events.get(timeout=max(0.0, min(left, processes.POLL_SECONDS)))
        except Empty:
            if left <= 0:
                return "timeout"
        family = [process, *processes.descendants(process)]
        # Forked processes share their pages, and the quick sum counts each in full: where it is too high, look closely.
        sums = (processes.resident_bytes, processes.shared_out_bytes)
        if all(sum_of(family) - before > limits.memory_bytes for sum_of in sums):
            return "memory"


def _failure(job: Attended, event: Event, code: int, limits: Limits) -> Failure:
    """Why there is no answer."""
    dump = _dump(job.running.dump)
    if event == "timeout":
        return failure_of_hang(limits.seconds, dump)
    if event == "memory":
        return Failure("memory", limit=limits.memory_bytes)
    if job.answer.damaged:
        return Failure("protocol", message="the answer is damaged")
    if code < 0:
        return failure_of_crash(-code, dump)
    if code == ANSWER_LOST:
        return Failure(
            "protocol", message="the code that ran closed files which it had not opened, the answer's too"
        )
    return Failure("exit", code=code)


def _ask_where(running: Running) -> None:
    """Have a job that hangs write down its stack; the file is ready when something can be read from it."""
    if WHERE_SIGNAL is None:
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(running.process, WHERE_SIGNAL)
        with contextlib.suppress(wire.Broken):
            wire.wait_for_data(running.dump, 0.5)
            time.sleep(0.01)


def _dump(descriptor: int) -> str:
    """What faulthandler wrote; its process has ended."""
    if hasattr(os, "set_blocking"):
        os.set_blocking(descriptor, False)  # a process out of reach could still hold the other end
    with contextlib.suppress(BlockingIOError):
        return os.read(descriptor, KEPT).decode(errors="replace")
    return ""


def follow(action: Callable[[], object]) -> threading.Thread:
    """Do something beside the rest, in a thread that nobody waits for at the end of the process."""
    thread = threading.Thread(target=action, daemon=True)
    thread.start()
    return thread
