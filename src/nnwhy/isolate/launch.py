"""Start a daemon. Apart from its only user because it brings in subprocess, and most commands start none."""

from __future__ import annotations

import json
import os
import subprocess

from nnwhy.isolate.command import python_command, quiet_environment

PRELOADED = ("torch", "numpy.random", "nnwhy.api.targets")
"""What a daemon loads before it answers; $NNWHY_DAEMON_PRELOAD (names with commas between) stands in for it."""

LOADED_WHEN_IDLE = (
    "nnwhy.api.warm",
    "torch.fx.experimental.symbolic_shapes",
    "torch._dynamo",
    "torch.export._trace",
)
"""What a daemon loads when nobody asks for anything. torch imports the last three in the first operation of a process on the
meta device or with symbolic shapes, which takes it 1.3 s (torch 2.13)."""

REHEARSAL = "nnwhy.api.warm:rehearsal"
"""What a worker that stands by goes through once all that is loaded."""

IDLE_SECONDS = 15 * 60.0
"""A daemon without a job for so long ends; $NNWHY_DAEMON_IDLE stands in for it."""


def start_daemon(path: str, stamp: str, *, within: float) -> bool:
    """Start a daemon that listens at `path`; it then has its modules still to load. False where it did not start."""
    named = os.environ.get("NNWHY_DAEMON_PRELOAD")
    plan = {
        "socket": path,
        "stamp": stamp,
        "idle_seconds": float(os.environ.get("NNWHY_DAEMON_IDLE") or IDLE_SECONDS),
        "first": PRELOADED if named is None else [name for name in named.split(",") if name],
        "later": LOADED_WHEN_IDLE if named is None else [],
        "rehearsal": REHEARSAL if named is None else "",
    }
    starting = subprocess.run(
        python_command("nnwhy.isolate.daemon", json.dumps(plan)),
        env=_daemon_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        timeout=within,
        check=False,
    )
    return starting.returncode == 0


def _daemon_environment() -> dict[str, str]:
    """Numbers of threads are each job's own matter; macOS must be told that forking is meant."""
    kept = {name: value for name, value in quiet_environment().items() if not name.endswith("_NUM_THREADS")}
    return {**kept, "OBJC_DISABLE_INITIALIZE_FORK_SAFETY": "YES"}
