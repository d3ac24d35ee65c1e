"""A daemon of the tests' own: in a directory of its own, without torch, and gone afterwards."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from isolate_processes import clear, jobs_left, wait_until

import nnwhy
from nnwhy import isolate
from nnwhy.isolate import cold, warm
from nnwhy.isolate.command import HOME

Run = Callable[..., isolate.Outcome]

STAMP = f"{nnwhy.__version__} of the tests"

# Workers as they are on other systems, made on this one.
ELSEWHERE = {
    "Windows": "start.HAS_FORK = False",
    "macOS": (
        "del os.waitid; processes.adopt_orphans = lambda: None; processes.POLL_SECONDS = 0.3; "
        "processes.HAS_PROC = processes.HAS_CHILDREN_FILES = False"
    ),
}
DRIVER = (
    "import os, sys; sys.path.append({home!r}); from nnwhy.isolate import processes, start; {change}; "
    "from nnwhy.isolate.worker import main; main()"
)


@pytest.fixture(scope="session")
def shared_directory() -> Iterator[Path]:
    """One daemon for all tests that do not care which it is. In /tmp, since a socket's path must be short."""
    directory = Path(tempfile.mkdtemp(prefix="nnwhy-test-", dir="/tmp"))
    yield directory
    assert clear(directory) == set()


@pytest.fixture
def own_directory(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A directory for the daemons of one test."""
    directory = Path(tempfile.mkdtemp(prefix="nnwhy-test-", dir="/tmp"))
    set_environment(monkeypatch, directory)
    yield directory
    assert clear(directory) == set()


def set_environment(monkeypatch: pytest.MonkeyPatch, directory: Path) -> None:
    monkeypatch.setenv("NNWHY_DAEMON_DIR", str(directory))
    monkeypatch.setenv("NNWHY_DAEMON_PRELOAD", "json,ctypes,subprocess")
    monkeypatch.setenv("NNWHY_DAEMON_IDLE", "60")
    monkeypatch.delenv("NNWHY_NO_DAEMON", raising=False)
    # Else an edit of nnwhy's files while the tests run would have the daemon replaced in the middle of one.
    monkeypatch.setattr(warm, "stamp", lambda: STAMP)
    monkeypatch.setattr(warm, "_own_stamp", lambda: STAMP)


@pytest.fixture(params=["warm", "cold", "Windows", "macOS"])
def run(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, shared_directory: Path
) -> Iterator[Run]:
    """`isolate.run` for a job of isolate_jobs, in each kind of worker; afterwards no process of it may be left."""
    set_environment(monkeypatch, shared_directory)
    if request.param in ELSEWHERE:
        code = DRIVER.format(home=HOME, change=ELSEWHERE[request.param])
        monkeypatch.setattr(cold, "python_command", lambda _module: [sys.executable, "-P", "-c", code])

    def run_job(job: str, *, crashes: bool = False, **payload: object) -> isolate.Outcome:
        limits = payload.pop("limits", isolate.Limits(seconds=20))
        warm = request.param == "warm"
        outcome = isolate.run(f"isolate_jobs:{job}", payload, limits=limits, warm=warm)
        assert outcome.warm == (warm and not crashes)  # a crash is told of a fresh process
        return outcome

    yield run_job
    daemons = {status.pid for status in isolate.daemon_status(shared_directory)}
    assert wait_until(lambda: not jobs_left(shared_directory, daemons))
