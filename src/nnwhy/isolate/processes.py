"""What we ask of the operating system about processes: who descends from whom, what they hold, and their end."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable

HAS_PROC = sys.platform == "linux" and os.path.isdir("/proc/self")
HAS_CHILDREN_FILES = HAS_PROC and os.path.exists(f"/proc/self/task/{os.getpid()}/children")
POLL_SECONDS = 0.05 if HAS_PROC else 1.0
"""How often to look at a job's memory: reading /proc costs microseconds, running `ps` milliseconds."""

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans() -> None:
    """From now on a descendant whose parent ends becomes our child, even one that began its own session.

    Linux only; elsewhere such a process is out of reach and only the job's process group is ended.
    """
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent(parent: int) -> None:
    """Have the system end this process when `parent`, which forked it, ends. Linux only."""
    if sys.platform == "linux":
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def be_first_to_go() -> None:
    """Where the system as a whole runs out of memory, it should end this process and not the user's editor."""
    if HAS_PROC:
        with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
            file.write("800")


def children(process: int) -> list[int]:
    """Ids of the children of a process, at this moment."""
    if HAS_CHILDREN_FILES:
        return _children_from_proc(process)
    return [child for child, parent in _table("ppid").items() if parent == process]


def descendants(root: int) -> list[int]:
    """Ids of the children of `root`, their children and so on, at this moment."""
    if HAS_CHILDREN_FILES:
        return _walk(root, _children_from_proc)
    parents = _table("ppid")
    return _walk(root, lambda process: [child for child, parent in parents.items() if parent == process])


def is_only_descendant(process: int) -> bool:
    """Whether this process has a child and no other descendants; False where that is costly to find out."""
    return HAS_CHILDREN_FILES and descendants(os.getpid()) == [process]


def resident_bytes(processes: Iterable[int]) -> int:
    """The memory that processes have in RAM, each counted alone; pages that several share count several times."""
    if HAS_PROC:
        return sum(_resident_from_proc(process) for process in processes)
    sizes = _table("rss")
    return sum(sizes.get(process, 0) * 1024 for process in processes)


def shared_out_bytes(processes: Iterable[int]) -> int:
    """As `resident_bytes`, with shared pages divided among those that share them. Slower; exact on Linux only."""
    if not HAS_PROC:
        return resident_bytes(processes)
    return sum(_proportional_from_proc(process) for process in processes)


def end_group(leader: int) -> None:
    """End every process in the group of `leader` (on Windows: in its tree), which cannot be refused."""
    if sys.platform == "win32":
        command = ["taskkill", "/F", "/T", "/PID", str(leader)]
        subprocess.run(command, capture_output=True, check=False)
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def end_descendants(*, within: float = 3.0) -> None:
    """End all descendants of this process, in at most `within` seconds: killing one can bring up another to adopt."""
    if sys.platform == "win32":
        return  # taskkill has ended the whole tree
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        for process in descendants(os.getpid()):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(process, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG) != (0, 0):
                pass
        except ChildProcessError:
            return
        time.sleep(0.001)


def reap() -> list[int]:
    """The children that have ended since the last time."""
    ended: list[int] = []
    with contextlib.suppress(ChildProcessError):
        while (process := os.waitpid(-1, os.WNOHANG)[0]) != 0:
            ended.append(process)
    return ended


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _walk(root: int, children_of: Callable[[int], list[int]]) -> list[int]:
    found: list[int] = []
    waiting = [root]
    while waiting:
        new = children_of(waiting.pop())
        found += new
        waiting += new
    return found


def _children_from_proc(process: int) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{process}/task"):
            with contextlib.suppress(OSError), open(f"/proc/{process}/task/{thread}/children") as file:
                found += [int(word) for word in file.read().split()]
    return found


def _resident_from_proc(process: int) -> int:
    try:
        with open(f"/proc/{process}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def _proportional_from_proc(process: int) -> int:
    try:
        with open(f"/proc/{process}/smaps_rollup") as file:
            for line in file:
                if line.startswith("Pss:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return _resident_from_proc(process)


def _table(column: str) -> dict[int, int]:
    """One number for every process of the system, from `ps`, where there is no /proc; none where there is no `ps`."""
    command = ["ps", "-A", "-o", f"pid=,{column}="]
    try:
        shown = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except OSError:
        return {}
    rows = (line.split() for line in shown.splitlines())
    return {int(row[0]): int(row[1]) for row in rows if len(row) == 2}
