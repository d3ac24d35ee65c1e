"""Each failure becomes one of nnwhy's errors: one line that says what happened, where, and what to do."""

from __future__ import annotations

from typing import get_args

import pytest

from nnwhy.errors import NnwhyError, TargetError, UserCodeError, WorkerError
from nnwhy.isolate import Failure, Outcome, error_of, value_of
from nnwhy.isolate.outcome import Kind

CASES = [
    (
        Failure("exception", name="ValueError", message="bad\nsecond line", path="/home/x/net.py", line=12),
        UserCodeError,
        "net.py raised ValueError at net.py:12: bad",
    ),
    (Failure("exception", name="OSError"), UserCodeError, "net.py raised OSError"),
    (
        Failure("recursion", name="RecursionError", path="/home/x/net.py", line=12),
        UserCodeError,
        "net.py calls itself without end at net.py:12; give the recursion a case that stops it",
    ),
    (
        Failure("exit", code=3),
        WorkerError,
        'net.py ended Python with exit code 3; put what ends the program under if __name__ == "__main__"',
    ),
    (
        Failure("timeout", limit=60.0, path="/home/x/net.py", line=12),
        WorkerError,
        "net.py did not finish within 60 s and was then at net.py:12; "
        'put a training loop under if __name__ == "__main__", or give it more time',
    ),
    (
        Failure("timeout", limit=0.5),
        WorkerError,
        'net.py did not finish within 0.5 s; put a training loop under if __name__ == "__main__", or give it more time',
    ),
    (
        Failure("memory", limit=8 << 30, path="/home/x/net.py", line=12),
        WorkerError,
        "net.py wanted more than 8 GiB of memory at net.py:12; make it smaller, or give it a higher limit",
    ),
    (
        Failure("signal", name="SIGSEGV", path="/home/x/net.py", line=12),
        WorkerError,
        "net.py crashed Python (SIGSEGV: an access to memory that is not its own) at net.py:12",
    ),
    (
        Failure("signal", name="SIGUSR1"),
        WorkerError,
        "net.py crashed Python (SIGUSR1); python -X faulthandler shows the line",
    ),
    (
        Failure("signal", name="SIGKILL"),
        WorkerError,
        "net.py was killed from outside (SIGKILL), most often because the system ran out of memory",
    ),
    (
        Failure("protocol", message="the answer is damaged"),
        WorkerError,
        "the worker for net.py gave no answer that can be read: the answer is damaged",
    ),
]


@pytest.mark.parametrize(("failure", "kind", "text"), CASES)
def test_a_failure_is_told_in_one_line(failure: Failure, kind: type[NnwhyError], text: str) -> None:
    error = error_of(failure, subject="net.py")
    assert type(error) is kind
    assert str(error) == text
    assert "\n" not in text


def test_every_kind_of_failure_has_a_case() -> None:
    assert {failure.kind for failure, _, _ in CASES} | {"error"} == set(get_args(Kind))


def test_an_error_of_ours_comes_back_as_its_own_class_and_text() -> None:
    error = error_of(Failure("error", name="TargetError", message="no class Nett\nNet?"), subject="net.py")
    assert type(error) is TargetError
    assert str(error) == "no class Nett\nNet?"


@pytest.mark.parametrize("name", ["SystemExit", "nearest", "NoSuchError", "annotations"])
def test_only_our_errors_can_be_named(name: str) -> None:
    assert type(error_of(Failure("error", name=name, message="text"), subject="net.py")) is NnwhyError


def test_the_value_of_an_outcome_or_its_error() -> None:
    assert value_of(Outcome(value={"a": 1}), subject="net.py") == {"a": 1}
    with pytest.raises(WorkerError, match="exit code 0"):
        value_of(Outcome(failure=Failure("exit", code=0)), subject="net.py")
