"""How a job ended, as data: a value, or a failure of one of eight kinds, and what it printed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from nnwhy.errors import WorkerError
from nnwhy.facts.codec import Json

Kind = Literal["error", "exception", "exit", "signal", "timeout", "memory", "recursion", "protocol"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a job may use. `seconds` is wall-clock time; `memory_bytes` is what all its processes hold together.

    Memory that the worker holds before the job starts (a warm worker has torch loaded) is not counted.
    """

    seconds: float = 60.0
    memory_bytes: int = 8 << 30

    def __post_init__(self) -> None:
        if not 0 < self.seconds < 1e9:
            raise WorkerError(f"a time limit of {self.seconds} s was given; it must be above 0 and finite")
        if self.memory_bytes <= 0:
            raise WorkerError(f"a memory limit of {self.memory_bytes} bytes was given; it must be above 0")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job gave no value.

    kind:      "error"      the job raised one of nnwhy's own errors
               "exception"  it raised anything else
               "exit"       it left the process (`sys.exit`, `os._exit`)
               "signal"     the process was ended by a signal, e.g. a segmentation fault
               "timeout"    it was still running when its time was over
               "memory"     it wanted more memory than it may have
               "recursion"  it called itself without end
               "protocol"   the answer was not JSON, or did not come through
    name:      the class of the error or exception, or the signal's name ("SIGSEGV")
    message:   the text of the error; one line or more
    traceback: the stack in the user's files, innermost frame last; "" where there is none
    code:      the exit code of an "exit"
    limit:     the seconds of a "timeout", the bytes of a "memory"
    path, line: the innermost place in the user's files that is known; ("", 0) where none is
    """

    kind: Kind
    name: str = ""
    message: str = ""
    traceback: str = ""
    code: int | None = None
    limit: float | None = None
    path: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of a job: `value` is JSON data where `failure` is None.

    `stdout` and `stderr` are the last 64 KiB of what the job and its children wrote.
    `seconds` is the job's own time, without the start of its worker. `warm` tells which kind of worker ran it.
    """

    value: Json = None
    failure: Failure | None = None
    stdout: str = ""
    stderr: str = ""
    seconds: float = 0.0
    warm: bool = False


def failure_to_json(failure: Failure | None) -> Json:
    """JSON data for a failure."""
    return None if failure is None else asdict(failure)


def failure_from_json(data: Any) -> Failure | None:
    """The failure that `failure_to_json` made `data` of. Raises TypeError for other data."""
    return None if data is None else Failure(**data)
