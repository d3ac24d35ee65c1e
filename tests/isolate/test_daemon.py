"""The daemon: one for each environment, started when it is first wanted, private, current, and gone when idle."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from isolate_processes import processes_of, wait_until

import nnwhy
from nnwhy import isolate
from nnwhy.errors import WorkerError
from nnwhy.isolate import cold, launch, rendezvous, warm

CLIENT = """
import json, sys, time
from nnwhy import isolate
outcome = isolate.run(sys.argv[1], json.loads(sys.argv[2]))
print(json.dumps({"value": outcome.value, "warm": outcome.warm}))
"""


def client(job: str, **payload: object) -> subprocess.Popen[str]:
    """A command of its own that runs a job."""
    here = os.pathsep.join(sys.path)
    return subprocess.Popen(
        [sys.executable, "-c", CLIENT, f"isolate_jobs:{job}", json.dumps(payload)],
        env={**os.environ, "PYTHONPATH": here},
        stdout=subprocess.PIPE,
        text=True,
    )


def told(process: subprocess.Popen[str]) -> dict[str, Any]:
    with process:
        return json.loads(process.communicate(timeout=30)[0])


def add(**options: Any) -> isolate.Outcome:
    outcome = isolate.run("isolate_jobs:add", {"a": 1, "b": 2}, **options)
    assert outcome.value == 3
    return outcome


def the_daemon(directory: Path) -> isolate.DaemonStatus:
    (status,) = isolate.daemon_status(directory)
    return status


def test_the_first_job_starts_the_daemon_and_the_next_finds_it(own_directory: Path) -> None:
    assert isolate.daemon_status(own_directory) == ()
    assert add().warm
    first = the_daemon(own_directory)
    assert add().warm
    second = the_daemon(own_directory)
    assert (first.pid, first.served, second.served) == (second.pid, 1, 2)
    assert second.ready
    assert not second.torch
    assert second.python == sys.executable


def test_a_job_is_a_fork_that_nobody_shares(own_directory: Path) -> None:
    chains: list[Any] = [isolate.run("isolate_jobs:worker_chain", {}).value for _ in range(3)]
    assert len({chain["job"] for chain in chains}) == 3
    assert len({chain["supervisor"] for chain in chains}) == 3


def test_several_commands_that_start_at_once_share_one_daemon(own_directory: Path) -> None:
    clients = [client("add", a=number, b=1) for number in range(6)]
    assert [told(one) for one in clients] == [{"value": number + 1, "warm": True} for number in range(6)]
    assert the_daemon(own_directory).served == 6


def test_the_socket_and_its_directory_are_for_their_owner_alone(own_directory: Path) -> None:
    own_directory.rmdir()
    assert add().warm
    (socket,) = own_directory.iterdir()  # and there is no other file
    assert stat.S_IMODE(own_directory.stat().st_mode) == 0o700
    assert stat.S_ISSOCK(socket.stat().st_mode)
    assert socket.stat().st_mode & 0o077 == 0


def test_a_directory_open_to_others_is_refused(own_directory: Path) -> None:
    own_directory.chmod(0o755)
    assert not add().warm
    with pytest.raises(WorkerError, match="chmod 700"):
        isolate.daemon_status(own_directory)
    assert list(own_directory.iterdir()) == []
    own_directory.chmod(0o700)
    assert add().warm


def test_a_link_in_the_directorys_place_is_refused(
    own_directory: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    link = tmp_path / "link"
    link.symlink_to(own_directory)
    monkeypatch.setenv("NNWHY_DAEMON_DIR", str(link))
    assert not add().warm
    with pytest.raises(WorkerError, match="is not a directory"):
        isolate.daemon_status()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a directory away")
def test_a_directory_of_another_user_is_refused(own_directory: Path) -> None:
    os.chown(own_directory, 12345, -1)
    assert not add().warm
    with pytest.raises(WorkerError, match="belongs to user 12345"):
        isolate.daemon_status(own_directory)
    os.chown(own_directory, os.geteuid(), -1)


def test_a_socket_that_another_user_serves_is_refused(
    own_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert add().warm
    with rendezvous.connect(rendezvous.socket_path(str(own_directory)), within=1) as connection:
        assert rendezvous.peer_user(connection) == os.geteuid()
        assert rendezvous.peer_process(connection) == the_daemon(own_directory).pid
    with monkeypatch.context() as patch:
        patch.setattr(rendezvous, "peer_user", lambda _connection: os.geteuid() + 1)
        assert not add().warm


def test_a_run_time_directory_of_somebody_else_is_not_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("NNWHY_DAEMON_DIR", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("TMPDIR", "/elsewhere")
    assert rendezvous.daemon_directory() == str(tmp_path / "nnwhy")
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    assert rendezvous.daemon_directory() == "/elsewhere/nnwhy-4711"


def test_a_daemon_of_another_version_is_replaced(own_directory: Path) -> None:
    path = rendezvous.socket_path(str(own_directory))
    assert launch.start_daemon(path, "0.0.1 of long ago", within=10)
    old = the_daemon(own_directory)
    assert old.version == "0.0.1"
    assert add().warm
    new = the_daemon(own_directory)
    assert new.pid != old.pid
    assert new.version == nnwhy.__version__
    assert wait_until(lambda: not Path(f"/proc/{old.pid}/exe").exists())


def test_a_client_that_loaded_nnwhy_before_it_was_changed_leaves_the_new_daemon_alone(
    own_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert add().warm
    new = the_daemon(own_directory)
    monkeypatch.setattr(warm, "_own_stamp", lambda: "an older one")
    assert not add().warm
    assert the_daemon(own_directory).pid == new.pid


def test_the_stamp_follows_the_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "nnwhy" / "room").mkdir(parents=True)
    source = tmp_path / "nnwhy" / "room" / "file.py"
    source.write_text("")
    (tmp_path / "torch").mkdir()
    (tmp_path / "torch" / "__init__.py").write_text("")
    monkeypatch.setattr(rendezvous, "HOME", str(tmp_path))
    monkeypatch.setattr(rendezvous, "_origin_of_torch", lambda: str(tmp_path / "torch" / "__init__.py"))
    stamps = [rendezvous.stamp(), rendezvous.stamp()]
    os.utime(source, ns=(1, 1))
    stamps.append(rendezvous.stamp())
    (tmp_path / "torch" / "version.py").write_text("2.99")
    stamps.append(rendezvous.stamp())
    assert len(set(stamps)) == 3
    assert stamps[0] == stamps[1]


def test_an_idle_daemon_ends_and_takes_its_socket_along(
    own_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NNWHY_DAEMON_IDLE", "0.3")
    assert add().warm
    assert processes_of(own_directory)
    assert wait_until(lambda: not processes_of(own_directory))
    assert list(own_directory.iterdir()) == []


def test_a_daemon_with_a_job_is_not_idle(own_directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NNWHY_DAEMON_IDLE", "0.2")
    outcome = isolate.run("isolate_jobs:hang", {}, limits=isolate.Limits(seconds=1))
    assert outcome.warm
    assert outcome.failure is not None
    assert outcome.failure.kind == "timeout"


def test_stopping_ends_the_daemon_and_not_the_job_that_runs(own_directory: Path) -> None:
    with client("sleep_and_answer", seconds=1.0) as running:
        assert wait_until(lambda: [status.jobs for status in isolate.daemon_status(own_directory)] == [1])
        assert isolate.daemon_stop(own_directory) == 1
        assert isolate.daemon_status(own_directory) == ()
        assert told(running) == {"value": "slept", "warm": True}
    assert isolate.daemon_stop(own_directory) == 0
    assert wait_until(lambda: not processes_of(own_directory))


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_daemon_that_was_killed_is_started_again(own_directory: Path, number: signal.Signals) -> None:
    assert add().warm
    dead = the_daemon(own_directory).pid
    os.kill(dead, number)
    assert wait_until(lambda: not processes_of(own_directory))  # what stood by ends with it
    assert add().warm
    assert the_daemon(own_directory).pid != dead


def test_the_socket_of_a_dead_daemon_is_cleared_away(own_directory: Path) -> None:
    assert add().warm
    os.kill(the_daemon(own_directory).pid, signal.SIGKILL)
    assert wait_until(lambda: not processes_of(own_directory))
    assert len(list(own_directory.iterdir())) == 1
    assert isolate.daemon_status(own_directory) == ()
    assert list(own_directory.iterdir()) == []


def test_a_killed_worker_that_stood_by_is_replaced(own_directory: Path) -> None:
    assert add().warm
    daemon = the_daemon(own_directory).pid
    assert wait_until(lambda: len(processes_of(own_directory)) == 3)
    standing_by = processes_of(own_directory) - {daemon}
    for process in standing_by:
        os.kill(process, signal.SIGKILL)
    assert add().warm
    assert the_daemon(own_directory).pid == daemon
    assert wait_until(lambda: not standing_by & processes_of(own_directory))


def test_no_daemon_is_started_where_none_is_wanted(
    own_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not add(warm=False).warm
    monkeypatch.setenv("NNWHY_NO_DAEMON", "1")
    assert not add().warm
    assert list(own_directory.iterdir()) == []
    monkeypatch.setenv("NNWHY_NO_DAEMON", "0")
    assert add().warm


def test_where_no_daemon_can_be_had_the_job_is_run_all_the_same(
    own_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = own_directory / ("x" * 120)
    long.mkdir(mode=0o700)
    for directory in (long, own_directory / "no" / "such"):
        monkeypatch.setenv("NNWHY_DAEMON_DIR", str(directory))
        assert not add().warm
    monkeypatch.setenv("NNWHY_DAEMON_DIR", str(own_directory))
    monkeypatch.setattr(launch, "python_command", lambda *_: [sys.executable, "-c", "raise SystemExit(1)"])
    assert not add().warm


def test_modules_that_cannot_be_loaded_do_not_stop_a_daemon(
    own_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NNWHY_DAEMON_PRELOAD", "no_such_module,antigravity_,json")
    assert add().warm


def test_a_crash_is_tried_again_in_a_fresh_process_before_it_is_told(
    own_directory: Path, tmp_path: Path
) -> None:
    notes = tmp_path / "notes"
    outcome = isolate.run("isolate_jobs:note_and_crash", {"path": str(notes)})
    assert outcome.failure is not None
    assert outcome.failure.name == "SIGSEGV"
    assert not outcome.warm
    assert len(set(notes.read_text().split())) == 2


def test_a_job_has_no_way_to_any_client_also_when_none_stood_by(own_directory: Path) -> None:
    seen: list[Any] = [isolate.run("isolate_jobs:surroundings", {}).value["open"] for _ in range(6)]  # type: ignore[index, call-overload]
    assert [len(open_files) for open_files in seen] == [5] * 6


def test_a_client_that_says_nothing_or_nonsense_does_not_hold_up_the_daemon(own_directory: Path) -> None:
    assert add().warm
    path = rendezvous.socket_path(str(own_directory))
    for text in (b"", b"GET / HTTP/1.1\r\n\r\n", b"\0\0\0\0\0\0\0\2[]", b'\0\0\0\0\0\0\0\x0c{"do": "fly"}'):
        with rendezvous.connect(path, within=1) as connection:
            connection.sendall(text)
    assert add().warm


def test_the_second_job_and_all_after_it_are_forked_from_the_warm_worker(own_directory: Path) -> None:
    add()
    assert all(add().warm for _ in range(3))
    (status,) = isolate.daemon_status()
    assert status.served >= 3


def test_torch_is_loaded_once_and_works_in_every_fork(
    own_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NNWHY_DAEMON_PRELOAD", "torch")
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    first, second = (isolate.run("isolate_jobs:torch_facts", {}) for _ in range(2))
    assert first.warm
    assert second.warm
    assert the_daemon(own_directory).torch
    daemon = the_daemon(own_directory).pid
    assert len(list(Path(f"/proc/{daemon}/task").iterdir())) == 1  # a fork would lose any other thread
    started_alone = isolate.run("isolate_jobs:torch_facts", {}, warm=False)
    assert first.value == second.value == started_alone.value
    assert isinstance(first.value, dict)
    assert first.value["threads"] == 2
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    third: Any = isolate.run("isolate_jobs:torch_facts", {}).value
    assert third["threads"] == 1
    assert second.seconds < started_alone.seconds / 3

    trained = [isolate.run("isolate_jobs:torch_train_with_workers", {}) for _ in range(2)]
    assert [outcome.failure for outcome in trained] == [None, None]
    assert trained[0].value == trained[1].value
    limits = isolate.Limits(memory_bytes=500 << 20)
    large = isolate.run("isolate_jobs:torch_allocate", {"size": 1 << 30}, limits=limits)
    assert large.failure is not None
    assert (large.failure.kind, large.failure.limit) == ("memory", 500 << 20)
    assert isolate.run("isolate_jobs:torch_allocate", {"size": 1 << 28}, limits=limits).value == 1 << 28


def test_the_client_imports_nothing_heavy() -> None:
    code = "import sys; from nnwhy import isolate; import nnwhy.isolate.warm; print(*sys.modules)"
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    heavy = {"torch", "numpy", "click", "rich", "subprocess", "threading", "pathlib", "tempfile", "ctypes"}
    assert not heavy & set(shown)
    assert "nnwhy.isolate.warm" in shown


def test_cold_and_warm_know_the_same_patience() -> None:
    assert cold.GRACE == warm.GRACE
