"""A daemon of the tests' own: in a directory of its own, without torch, and gone afterwards."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from isolate_processes import clear, jobs_left, wait_until

from nnwhy import isolate
from nnwhy.isolate import cold
from nnwhy.isolate.command import python_command

Run = Callable[..., isolate.Outcome]

# What a system without fork does, on one with: the worker starts Python anew for its job.
WITHOUT_FORK = (
    "import sys; sys.path.append({home!r}); import nnwhy.isolate.start as start; start.HAS_FORK = False; "
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


@pytest.fixture(params=["warm", "cold", "without fork"])
def run(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, shared_directory: Path
) -> Iterator[Run]:
    """`isolate.run` for a job of isolate_jobs, in each kind of worker; afterwards no process of it may be left."""
    set_environment(monkeypatch, shared_directory)
    if request.param == "without fork":
        home = python_command("")[4]
        command = [sys.executable, "-P", "-c", WITHOUT_FORK.format(home=home)]
        monkeypatch.setattr(cold, "python_command", lambda _module: command)

    def run_job(job: str, *, crashes: bool = False, **payload: object) -> isolate.Outcome:
        limits = payload.pop("limits", isolate.Limits(seconds=20))
        warm = request.param == "warm"
        outcome = isolate.run(f"isolate_jobs:{job}", payload, limits=limits, warm=warm)
        assert outcome.warm == (warm and not crashes)  # a crash is told of a fresh process
        return outcome

    yield run_job
    daemons = {status.pid for status in isolate.daemon_status(shared_directory)}
    assert wait_until(lambda: not jobs_left(shared_directory, daemons))
