"""What user code wants done when Python ends: temporary directories to remove, worker processes to stop.

A job's process ends at once and runs no handlers that it inherited; where the job has added some, they are run, and
the supervisor gives them a moment.
"""

from __future__ import annotations

import atexit
import sys
import weakref
from typing import Any

LINGER_SECONDS = 1.0
"""How long the handlers of a job that has answered may take; then its processes are ended."""


def loose_ends() -> int:
    """How many things are registered for the end of this process: handlers, finalizers, multiprocessing's own.

    Each of the three has one handler that runs all its entries, so handlers alone would not tell of a new entry.
    """
    finalizers: Any = getattr(weakref.finalize, "_registry", ())
    multiprocessing: Any = sys.modules.get("multiprocessing.util")
    its_finalizers: Any = getattr(multiprocessing, "_finalizer_registry", ())
    count: Any = getattr(atexit, "_ncallbacks", int)
    return count() + len(finalizers) + len(its_finalizers)


def tie_up() -> None:
    """Run them. What they raise is printed, as always at the end of Python."""
    run: Any = getattr(atexit, "_run_exitfuncs", None)
    if run is not None:
        run()
