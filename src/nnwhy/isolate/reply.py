"""An outcome on its way from worker to client: two messages, of which the second is the job's own JSON, unread."""

from __future__ import annotations

import json
from dataclasses import replace

from nnwhy.isolate import wire
from nnwhy.isolate.outcome import Failure, Outcome, failure_from_json, failure_to_json

GRACE = 20.0
"""What a worker may need on top of a job's time limit, to end it and to report (seconds)."""


def send_reply(descriptor: int, outcome: Outcome, value: bytes) -> None:
    """Write an outcome and the JSON text of its value."""
    frame = {
        "failure": failure_to_json(outcome.failure),
        "stdout": outcome.stdout,
        "stderr": outcome.stderr,
        "seconds": outcome.seconds,
        "warm": outcome.warm,
    }
    wire.send_json(descriptor, frame)
    wire.send(descriptor, value)


def receive_reply(descriptor: int, *, within: float | None = None) -> Outcome:
    """Read an outcome, its value included. Raises wire.Broken."""
    frame = wire.receive_json(descriptor, within=within)
    value = wire.receive(descriptor, within=within)
    outcome = Outcome(
        failure=failure_from_json(frame["failure"]),
        stdout=frame["stdout"],
        stderr=frame["stderr"],
        seconds=frame["seconds"],
        warm=frame["warm"],
    )
    try:
        return replace(outcome, value=json.loads(value))
    except (ValueError, RecursionError) as error:
        return replace(outcome, failure=Failure("protocol", message=f"the answer cannot be read: {error}"))
