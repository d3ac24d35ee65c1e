"""The client's side of a worker that is started for one job: slower by the import of torch, and needs no daemon."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

from nnwhy.isolate import wire
from nnwhy.isolate.command import python_command, quiet_environment
from nnwhy.isolate.outcome import Failure, Outcome
from nnwhy.isolate.reply import GRACE, receive_reply
from nnwhy.isolate.request import Request, request_to_json


def run_cold(request: Request, meanwhile: Callable[[], object]) -> Outcome:
    """Run a job in a worker of its own, and `meanwhile` here. Raises WorkerError where Python cannot be started."""
    worker = subprocess.Popen(
        python_command("nnwhy.isolate.worker"),
        bufsize=0,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=quiet_environment(),
        **_session_of_its_own(),
    )
    assert worker.stdin is not None and worker.stdout is not None
    try:
        wire.send_json(worker.stdin.fileno(), request_to_json(request))
        meanwhile()
        return receive_reply(worker.stdout.fileno(), within=_patience(request))
    except (OSError, wire.Broken) as error:
        return Outcome(
            failure=Failure("protocol", name="worker", message=f"the worker did not report: {error}")
        )
    finally:
        worker.stdin.close()  # tells it that we are gone, e.g. after Ctrl-C: it then ends the job
        try:
            worker.wait(GRACE / 2)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()
        worker.stdout.close()


def _patience(request: Request) -> float | None:
    """How long to wait for the report. Windows cannot wait for a pipe with a limit; there the worker's own has to do."""
    return None if sys.platform == "win32" else request.limits.seconds + GRACE


def _session_of_its_own() -> dict[str, Any]:
    """Ctrl-C in the terminal is for the client; the worker learns of it when the client lets go."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}
