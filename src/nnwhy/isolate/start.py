"""Start a job's process, by forking this one or, where there is no fork, by starting Python anew."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nnwhy.isolate import processes
from nnwhy.isolate.command import python_command, quiet_environment
from nnwhy.isolate.job import live

HAS_FORK = hasattr(os, "fork")


@dataclass(frozen=True, slots=True)
class Running:
    """A job's process, which leads a process group of its own, and our ends of its pipes.

    request: where it waits for its request
    wait:    blocks until the process has ended
    ended:   after `wait`: its exit code, or minus the number of the signal that ended it
    """

    process: int
    request: int
    answer: int
    dump: int
    stdout: int
    stderr: int
    wait: Callable[[], object]
    ended: Callable[[], int]


def start_job(*, let_go: Callable[[], object], rehearsal: str = "") -> Running:
    """Start a job's process. In a forked one `let_go` is called, to close what it must not hold, and `rehearsal` gone through."""
    return fork_job(let_go=let_go, rehearsal=rehearsal) if HAS_FORK else spawn_job()


def fork_job(*, let_go: Callable[[], object], rehearsal: str = "") -> Running:
    """Fork this process, which must have no other thread."""
    request, answer, dump, stdout, stderr = (os.pipe() for _ in range(5))
    parent = os.getpid()
    process = os.fork()
    if process == 0:
        try:
            os.setsid()
            processes.die_with_parent(parent)
            processes.be_first_to_go()
            let_go()
            for kept in (request[1], answer[0], dump[0], stdout[0], stderr[0]):
                os.close(kept)
            for descriptor, number in ((request[0], 0), (stdout[1], 1), (stderr[1], 2)):
                os.dup2(descriptor, number)
                os.close(descriptor)
            live(answer[1], dump[1], rehearsal)
        finally:
            os._exit(70)  # only reached where the lines above fail; never go back into the worker's code
    for handed in (request[0], answer[1], dump[1], stdout[1], stderr[1]):
        os.close(handed)
    status: list[int] = []

    def wait() -> None:
        if hasattr(os, "waitid"):  # leaves a zombie, which keeps its group's id from being used again
            os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)
        else:
            status.append(os.waitpid(process, 0)[1])

    def ended() -> int:
        return os.waitstatus_to_exitcode(status[0] if status else os.waitpid(process, 0)[1])

    return Running(process, request[1], answer[0], dump[0], stdout[0], stderr[0], wait, ended)


def spawn_job() -> Running:
    """Start Python anew."""
    request, answer, dump, stdout, stderr = (os.pipe() for _ in range(5))
    handed = [_hand_down(answer[1]), _hand_down(dump[1])]
    child = subprocess.Popen(
        python_command("nnwhy.isolate.job", *(str(handle) for handle in handed)),
        stdin=request[0],
        stdout=stdout[1],
        stderr=stderr[1],
        env=quiet_environment(),
        **_handing_down(handed),
    )
    for descriptor in (request[0], answer[1], dump[1], stdout[1], stderr[1]):
        os.close(descriptor)
    return Running(child.pid, request[1], answer[0], dump[0], stdout[0], stderr[0], child.wait, child.wait)


def _hand_down(descriptor: int) -> int:
    """What a started process knows a descriptor of ours by: its number, on Windows its handle."""
    if sys.platform == "win32":
        import msvcrt

        handle = msvcrt.get_osfhandle(descriptor)
        os.set_handle_inheritable(handle, True)
        return handle
    return descriptor


def _handing_down(handed: list[int]) -> dict[str, Any]:
    """The arguments of Popen that hand them down and give the process a group of its own."""
    if sys.platform == "win32":
        given = subprocess.STARTUPINFO(lpAttributeList={"handle_list": handed})
        return {"startupinfo": given, "creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"pass_fds": handed, "start_new_session": True}
