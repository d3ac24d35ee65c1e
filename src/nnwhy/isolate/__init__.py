"""Any job in a process of its own: it can hang, crash, exit or print what it likes, and its facts come back as JSON."""

from nnwhy.isolate.control import DaemonStatus, daemon_status, daemon_stop
from nnwhy.isolate.explain import error_of, value_of
from nnwhy.isolate.outcome import Failure, Limits, Outcome
from nnwhy.isolate.run import run

__all__ = [
    "DaemonStatus",
    "Failure",
    "Limits",
    "Outcome",
    "daemon_status",
    "daemon_stop",
    "error_of",
    "run",
    "value_of",
]
