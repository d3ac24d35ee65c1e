"""A failure as one of nnwhy's errors: one sentence that says what happened and what to do."""

from __future__ import annotations

import os

from nnwhy import errors
from nnwhy.errors import NnwhyError, UserCodeError, WorkerError
from nnwhy.facts.codec import Json
from nnwhy.isolate.outcome import Failure, Outcome

GUARD = 'if __name__ == "__main__"'
MEANINGS = {
    "SIGSEGV": "an access to memory that is not its own",
    "SIGBUS": "an access to memory that is not there",
    "SIGABRT": "a library called abort",
    "SIGILL": "an instruction that this processor does not have",
    "SIGFPE": "a division by zero in compiled code",
}


def value_of(outcome: Outcome, *, subject: str) -> Json:
    """The value of an outcome. Raises the error of its failure; `subject` names what ran, e.g. "net.py"."""
    if outcome.failure is not None:
        raise error_of(outcome.failure, subject=subject)
    return outcome.value


def error_of(failure: Failure, *, subject: str) -> NnwhyError:
    """The error for a failure: nnwhy's own class again where the job raised one, else UserCodeError or WorkerError."""
    where = _where(failure)
    match failure.kind:
        case "error":
            return _own_error(failure)
        case "exception":
            return UserCodeError(f"{subject} raised {failure.name}{where}{_colon(failure.message)}")
        case "recursion":
            return UserCodeError(
                f"{subject} calls itself without end{where}; give the recursion a case that stops it"
            )
        case "exit":
            return WorkerError(
                f"{subject} ended Python with exit code {failure.code}{where}{_colon(failure.message)}; "
                f"put what ends the program under {GUARD}"
            )
        case "timeout":
            return WorkerError(
                f"{subject} did not finish within {failure.limit:g} s{_still(failure)}; "
                f"put a training loop under {GUARD}, or give it more time"
            )
        case "memory":
            return WorkerError(
                f"{subject} wanted more than {_size(failure.limit or 0)} of memory{where}; "
                "make it smaller, or give it a higher limit"
            )
        case "signal":
            return WorkerError(_crash(failure, subject))
        case "protocol":
            return WorkerError(
                f"the worker for {subject} gave no answer that can be read{_colon(failure.message)}"
            )


def _own_error(failure: Failure) -> NnwhyError:
    found = getattr(errors, failure.name, NnwhyError)
    if isinstance(found, type) and issubclass(found, NnwhyError):
        return found(failure.message)
    return NnwhyError(failure.message)


def _crash(failure: Failure, subject: str) -> str:
    if failure.name == "SIGKILL":
        return f"{subject} was killed from outside (SIGKILL), most often because the system ran out of memory"
    meaning = MEANINGS.get(failure.name)
    told = f"{failure.name}: {meaning}" if meaning else failure.name
    advice = "" if failure.path else "; python -X faulthandler shows the line"
    return f"{subject} crashed Python ({told}){_where(failure)}{advice}"


def _where(failure: Failure) -> str:
    return f" at {os.path.basename(failure.path)}:{failure.line}" if failure.path else ""


def _still(failure: Failure) -> str:
    return f" and was then{_where(failure)}" if failure.path else ""


def _colon(message: str) -> str:
    """The first line of a message, after a colon; errors are told on one line."""
    lines = message.strip().splitlines()
    return f": {lines[0]}" if lines else ""


def _size(count: float) -> str:
    for unit in ("bytes", "KiB", "MiB"):
        if count < 1024:
            return f"{count:g} {unit}"
        count /= 1024
    return f"{count:g} GiB"
