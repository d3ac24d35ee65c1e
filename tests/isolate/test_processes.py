"""What is asked of the system about processes, with and without /proc."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

from nnwhy.isolate import processes

# A process with a child; both wait until they are ended. The first tells the child's id.
FAMILY = """
import os, sys, time
child = os.fork()
if child:
    print(child, flush=True)
time.sleep(60)
"""


@pytest.fixture(params=["proc", "ps"])
def family(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, int]]:
    """A child of this process and its child."""
    if request.param == "ps":
        if shutil.which("ps") is None:
            pytest.skip("this system has no ps")
        monkeypatch.setattr(processes, "HAS_PROC", False)
        monkeypatch.setattr(processes, "HAS_CHILDREN_FILES", False)
    elif not processes.HAS_CHILDREN_FILES:
        pytest.skip("this system has no /proc with files of children")
    command = [sys.executable, "-c", FAMILY]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as parent:
        assert parent.stdout is not None
        yield parent.pid, int(parent.stdout.readline())
        processes.end_group(parent.pid)
        parent.stdout.close()


def test_children_and_descendants(family: tuple[int, int]) -> None:
    parent, child = family
    assert parent in processes.children(os.getpid())
    assert processes.children(parent) == [child]
    assert processes.descendants(parent) == [child]
    assert {parent, child} <= set(processes.descendants(os.getpid()))


def test_memory_of_processes(family: tuple[int, int]) -> None:
    one, both = processes.resident_bytes(family[:1]), processes.resident_bytes(family)
    assert 1 << 20 < one < both < 1 << 30
    shared_out = processes.shared_out_bytes(family)
    assert shared_out <= both
    if processes.HAS_PROC:
        assert shared_out < both  # a fork shares most of its pages
    assert processes.resident_bytes([2**22 + 1]) == 0
    assert processes.shared_out_bytes([2**22 + 1]) == 0


def test_a_group_that_is_gone_can_be_ended() -> None:
    with subprocess.Popen(["true"], start_new_session=True) as child:
        child.wait()
        processes.end_group(child.pid)
