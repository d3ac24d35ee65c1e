"""A worker that stands by goes through a rehearsal, quietly, and leaves it where a request comes."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from nnwhy.api.warm import rehearsal

STEPS = """
import sys, types
from nnwhy.isolate import job
taken = []
def steps():
    for number in range(5):
        taken.append(number)
        yield
def broken():
    yield
    raise RuntimeError
sys.modules["steps"] = types.SimpleNamespace(steps=steps, broken=broken)
job._rehearse("steps:%s")
print(len(taken))
"""


@pytest.mark.parametrize(("function", "waiting", "taken"), [("steps", b"", 5), ("steps", b"x", 0), ("broken", b"", 0)])  # fmt: skip
def test_steps_are_taken_until_a_request_waits(function: str, waiting: bytes, taken: int) -> None:
    read, write = os.pipe()
    os.write(write, waiting)
    with os.fdopen(read), os.fdopen(write, "wb"):
        ran = subprocess.run(
            [sys.executable, "-c", STEPS % function],
            stdin=read,
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        )
    assert (ran.stdout.strip(), ran.stderr) == (str(taken), "")


def test_our_own_rehearsal_comes_to_its_end_and_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    assert len(list(rehearsal())) >= 4
    assert capfd.readouterr() == ("", "")
