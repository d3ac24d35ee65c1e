"""Run a job, in a warm worker where one can be had."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from nnwhy.errors import WorkerError
from nnwhy.facts.codec import Json
from nnwhy.isolate.outcome import Limits, Outcome
from nnwhy.isolate.request import Request, request_for

if TYPE_CHECKING:
    from pathlib import Path

HAS_DAEMON = hasattr(os, "fork")
CRASHES = ("SIGSEGV", "SIGBUS", "SIGABRT", "SIGILL", "SIGFPE", "SIGTRAP")


def run(
    job: str,
    payload: dict[str, Json],
    *,
    limits: Limits = Limits(),  # noqa: B008  frozen
    directory: Path | None = None,
    warm: bool = True,
    meanwhile: Callable[[], object] = lambda: None,
) -> Outcome:
    """Run `job` ("package.module:function") with `payload` as its keyword arguments, in a worker process.

    The job sees this process's environment, `sys.path` and file mode mask, and `directory` (default: this one's) as
    its working directory; standard input is empty. It returns JSON data. No process of it is left afterwards, also
    where this function is left by an exception such as KeyboardInterrupt.

    warm: fork the job from the daemon, which is started where it is missing. Where `warm` is false, $NNWHY_NO_DAEMON
          is set to anything but "0", the system cannot fork or no daemon can be had, a worker is started for this one job.
    meanwhile: what to do in this process while the job runs (called again where a cold worker has to take over).

    Raises WorkerError where the job's name or directory is wrong or Python cannot be started; everything that
    happens later is told in the Outcome.
    """
    if not all(part.isidentifier() for part in job.replace(":", ".", 1).split(".")) or job.count(":") != 1:
        raise WorkerError(f'a job is named "package.module:function", not {job!r}')
    if directory is not None and not directory.is_dir():
        raise WorkerError(f"{directory} is not a directory, so no job can run there")
    request = request_for(job, payload, limits=limits, directory=os.fspath(directory or "."))
    if warm and HAS_DAEMON and os.environ.get("NNWHY_NO_DAEMON", "0") in ("", "0"):
        outcome = _run_warm(request, meanwhile)
        if outcome is not None:
            return outcome
    from nnwhy.isolate.cold import run_cold  # brings in subprocess, which a warm run does without

    return run_cold(request, meanwhile)


def _run_warm(request: Request, meanwhile: Callable[[], object]) -> Outcome | None:
    """The outcome; None where a cold worker has to say."""
    from nnwhy.isolate.warm import NoDaemon, run_warm

    try:
        outcome = run_warm(request, meanwhile)
    except NoDaemon:
        return None
    failure = outcome.failure
    if failure is not None and failure.kind == "signal" and failure.name in CRASHES:
        return None  # a fresh process shows whether it is the user's code that crashes and not the fork
    return outcome
