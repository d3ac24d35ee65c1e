"""What the tests of the isolate room ask about processes."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

from nnwhy import isolate


def processes_of(directory: Path | str) -> set[int]:
    """Every process that was started with `directory` in its environment, or forked from one that was."""
    found: set[int] = set()
    for entry in os.listdir("/proc"):
        if entry.isdigit() and int(entry) != os.getpid():
            try:
                environment = Path("/proc", entry, "environ").read_bytes()
                state = Path("/proc", entry, "stat").read_text().rpartition(")")[2].split()[0]
            except OSError:
                continue
            if os.fsencode(directory) in environment and state != "Z":
                found.add(int(entry))
    return found


def wait_until(condition: Callable[[], object], *, seconds: float = 5.0) -> bool:
    """Whether a condition comes true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def clear(directory: Path) -> set[int]:
    """Stop the daemons of a directory and remove it; the processes that are left in spite of that, which are ended."""
    if directory.exists():
        isolate.daemon_stop(directory)
    wait_until(lambda: not processes_of(directory))
    left = processes_of(directory)
    for process in left:
        os.kill(process, signal.SIGKILL)
    shutil.rmtree(directory, ignore_errors=True)
    return left


def jobs_left(directory: Path, daemons: set[int]) -> set[int]:
    """Processes that are neither a daemon nor its two that stand by, which wait for a client or a request."""
    left = processes_of(directory) - daemons
    standing_by = {process for process in left if _parent(process) in daemons}
    standing_by |= {process for process in left if _parent(process) in standing_by}
    return left - standing_by if len(standing_by) <= 2 else left


def _parent(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0
