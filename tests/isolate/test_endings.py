"""However a job ends, it is told as what it is, in every kind of worker, and no process of it is left."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy
import pytest
from isolate_processes import processes_of, wait_until

from nnwhy import isolate
from nnwhy.errors import WorkerError
from nnwhy.isolate import Limits, Outcome

Run = Callable[..., Outcome]
JOBS = str(Path(__file__).with_name("isolate_jobs.py"))
MIB = 1 << 20


def failure_of(outcome: Outcome, kind: str) -> isolate.Failure:
    assert outcome.value is None
    assert outcome.failure is not None
    assert outcome.failure.kind == kind
    return outcome.failure


def line_of(text: str) -> int:
    """The line of isolate_jobs.py that has `text`."""
    lines = Path(JOBS).read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def test_a_value_comes_back_with_the_prints(run: Run) -> None:
    outcome = run("talk", text="h\u00e9\ud800")
    assert outcome.failure is None
    shown = "h\u00e9\\ud800\n"
    assert outcome.stdout == f"{shown}straight to the descriptor\nfrom a child\n"
    assert outcome.stderr == shown
    assert 0 < outcome.seconds < 5


def test_the_end_of_a_flood_of_prints_is_kept(run: Run) -> None:
    outcome = run("flood", lines=5000)
    assert outcome.value == "done"
    assert len(outcome.stdout) == 64 << 10
    assert outcome.stdout.splitlines()[-1].split()[0] == "4999"


def test_an_exception_is_told_with_the_users_frames_alone(run: Run) -> None:
    failure = failure_of(run("raise_exception"), "exception")
    assert (failure.name, failure.message) == ("LookupError", "no such\nthing")
    assert (failure.path, failure.line) == (JOBS, line_of("raise LookupError"))
    assert "ValueError: invalid literal" in failure.traceback
    assert "nnwhy/isolate/job.py" not in failure.traceback


def test_an_error_of_ours_is_raised_again_under_its_nearest_known_class(run: Run) -> None:
    failure = failure_of(run("raise_nnwhy_error"), "error")
    assert (failure.name, failure.message) == ("TargetError", "net.py has no class Nett")


def test_an_exception_without_a_text_is_still_told(run: Run) -> None:
    failure = failure_of(run("raise_with_bad_text"), "exception")
    assert failure.name.endswith("Bad")


def test_an_interrupt_raised_by_the_job_is_its_own(run: Run) -> None:
    assert failure_of(run("interrupt_itself"), "exception").name == "KeyboardInterrupt"


@pytest.mark.parametrize(("given", "code", "message"), [(None, 0, ""), (7, 7, ""), ("bye", 1, "bye")])
def test_sys_exit_is_told_with_its_line(run: Run, given: Any, code: int, message: str) -> None:
    failure = failure_of(run("sys_exit", code=given), "exit")
    assert (failure.code, failure.message, failure.line) == (code, message, line_of("sys.exit(code)"))


def test_os_exit_keeps_what_was_printed(run: Run) -> None:
    outcome = run("os_exit", code=0)
    assert failure_of(outcome, "exit").code == 0
    assert outcome.stdout == "about to go\n"


def test_os_exit_in_a_thread_is_an_exit(run: Run) -> None:
    assert failure_of(run("exit_in_thread", code=9), "exit").code == 9


def test_a_segmentation_fault_is_told_with_its_line(run: Run) -> None:
    failure = failure_of(run("segfault", crashes=True), "signal")
    assert failure.name == "SIGSEGV"
    assert (failure.path, failure.line) == (JOBS, line_of("ctypes.string_at(0)"))


def test_a_process_that_is_killed_is_told_with_the_signal(run: Run) -> None:
    assert failure_of(run("end_by", number=int(signal.SIGKILL)), "signal").name == "SIGKILL"
    assert failure_of(run("end_by", number=int(signal.SIGTERM)), "signal").name == "SIGTERM"


def test_a_hang_is_told_with_the_line_where_it_hung(run: Run) -> None:
    outcome = run("hang", limits=Limits(seconds=0.4))
    failure = failure_of(outcome, "timeout")
    assert failure.limit == 0.4
    assert (failure.path, failure.line) == (JOBS, line_of("time.sleep(0.01)"))
    assert outcome.stdout == "before the loop\n"
    assert 0.4 <= outcome.seconds < 3


def test_a_hang_that_ignores_every_signal_is_ended_too(run: Run) -> None:
    started = time.monotonic()
    failure_of(run("hang_deaf", limits=Limits(seconds=0.3)), "timeout")
    assert time.monotonic() - started < 5


def test_handlers_at_exit_and_threads_hold_nothing_up(run: Run) -> None:
    started = time.monotonic()
    assert run("hang_at_exit").value == "answered"
    assert time.monotonic() - started < 5


def test_what_is_to_be_done_at_exit_is_done(run: Run, tmp_path: Path) -> None:
    outcome = run("tidy_at_exit", path=str(tmp_path))
    assert str(outcome.value).startswith(str(tmp_path))
    assert outcome.stdout == "handler\n"
    assert "ZeroDivisionError" in outcome.stderr
    assert run("share_with_a_child", path=str(tmp_path)).value == [1, 2, 3]
    assert list(tmp_path.iterdir()) == []


def test_endless_recursion_is_told_with_its_line(run: Run) -> None:
    failure = failure_of(run("recurse"), "recursion")
    assert (failure.path, failure.line) == (JOBS, line_of("return recurse() + 1"))
    assert len(failure.traceback) < 5000


def test_a_recursion_that_overflows_the_stack_is_no_mere_crash(run: Run) -> None:
    failure = failure_of(run("recurse_through_the_stack"), "recursion")
    assert failure.line == line_of("return getattr(self, name)")


def test_one_allocation_above_the_limit_fails_at_its_line(run: Run) -> None:
    failure = failure_of(
        run("allocate_at_once", size=2000 * MIB, limits=Limits(memory_bytes=500 * MIB)), "memory"
    )
    assert failure.limit == 500 * MIB
    assert failure.line == line_of("bytearray(size)")


def test_memory_below_the_limit_is_given(run: Run) -> None:
    assert run("allocate_at_once", size=200 * MIB, limits=Limits(memory_bytes=500 * MIB)).value == 200 * MIB


def test_children_count_towards_the_memory_limit(run: Run) -> None:
    limits = Limits(memory_bytes=150 * MIB, seconds=20)
    failure = failure_of(run("allocate_in_children", size=80 * MIB, count=3, limits=limits), "memory")
    assert failure.limit == 150 * MIB


def test_children_that_would_outlive_the_job_are_ended(
    run: Run, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    if request.node.callspec.params["run"] == "macOS":
        pytest.skip("there, a process that began a session of its own is out of reach")
    notes = tmp_path / "notes"
    notes.touch()
    assert run("leave_children", notes=str(notes)).value == "parent"
    children = [int(word) for word in notes.read_text().split()]
    assert len(children) == 2
    assert wait_until(lambda: not any(Path(f"/proc/{child}/exe").exists() for child in children))


def test_a_forked_child_cannot_answer(run: Run) -> None:
    assert run("answer_twice").value == "parent"
    assert run("child_that_raises").value == "parent"
    assert failure_of(run("parent_that_exits"), "exit").code == 3


def test_a_job_may_close_and_replace_its_streams(run: Run) -> None:
    outcome = run("replace_streams")
    assert (outcome.value, outcome.stdout) == ("still here", "before\n")


def test_an_answer_that_cannot_be_sent_or_read_is_told(run: Run) -> None:
    assert "closed files" in failure_of(run("close_everything"), "protocol").message
    assert "damaged" in failure_of(run("write_everywhere"), "protocol").message


@pytest.mark.parametrize("job", ["not_json", "not_a_number", "endless_data"])
def test_a_result_that_is_not_json_is_told_with_the_job(run: Run, job: str) -> None:
    assert f"isolate_jobs:{job} returned what is not JSON" in failure_of(run(job), "protocol").message


def test_large_data_goes_both_ways(run: Run) -> None:
    assert run("large", size=3 * MIB).value == "é" * 3 * MIB
    assert run("add", a="x" * MIB, b="y" * MIB).value == "x" * MIB + "y" * MIB


def test_a_job_that_ends_its_own_supervisor_is_told(run: Run) -> None:
    failure = failure_of(run("kill_the_supervisor", crashes=True), "protocol")
    assert "did not report" in failure.message


def test_wrong_names_are_told_by_the_worker_or_at_once(run: Run) -> None:
    assert failure_of(run("no_such_job"), "exception").name == "AttributeError"
    with pytest.raises(WorkerError, match=r"package\.module:function"):
        isolate.run("isolate_jobs.add", {})
    with pytest.raises(WorkerError, match="is not a directory"):
        isolate.run("isolate_jobs:add", {}, directory=Path("/no/such"))


def test_limits_must_make_sense() -> None:
    with pytest.raises(WorkerError, match="above 0"):
        Limits(seconds=0)
    with pytest.raises(WorkerError, match="above 0"):
        Limits(memory_bytes=-1)


def test_a_job_sees_what_its_caller_sees_and_nothing_of_the_worker(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OF_THE_CALLER", "h\u00e9")
    monkeypatch.syspath_prepend("relative")
    before = os.umask(0o027)
    try:
        seen: Any = run("surroundings").value
    finally:
        os.umask(before)
    assert seen["directory"] == str(tmp_path)
    assert seen["environment"] == dict(os.environ)
    assert seen["path"][0] == str(tmp_path / "relative")
    assert len(seen["path"]) == len(sys.path)
    assert seen["umask"] == 0o027
    assert (seen["argv"], seen["stdin"], seen["main"]) == ([""], "", [])
    assert seen["session"]
    assert seen["handlers"] == [True, True]
    assert seen["interrupt"]
    assert seen["core"] == "0"
    assert len(seen["open"]) == 5  # three standard streams, the answer, the dump


def test_a_job_runs_where_it_is_told(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "queue.py").write_text("raise SystemExit('the user has a file of this name')")
    outcome = isolate.run("isolate_jobs:surroundings", {}, directory=tmp_path)
    assert outcome.value is not None
    assert run("add", a=1, b=2).value == 3


def test_random_numbers_are_the_same_in_every_job(run: Run) -> None:
    python = random.Random(0).random()
    wanted = [python, float(numpy.random.RandomState(0).random_sample())]
    assert run("numbers").value == wanted
    assert run("numbers").value == wanted


def test_two_jobs_run_side_by_side(run: Run, shared_directory: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        sums = list(pool.map(lambda number: run("add", a=number, b=1).value, range(8)))
    assert sums == list(range(1, 9))


def test_the_search_for_left_over_processes_finds_one(shared_directory: Path) -> None:
    environment = {**os.environ, "NNWHY_DAEMON_DIR": str(shared_directory)}
    with subprocess.Popen(["sleep", "60"], env=environment, start_new_session=True) as child:
        assert wait_until(lambda: child.pid in processes_of(shared_directory))
        child.kill()
    assert child.pid not in processes_of(shared_directory)
