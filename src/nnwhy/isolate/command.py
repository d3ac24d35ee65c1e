"""How we start Python for ourselves, so that nothing in the user's directory or environment can get in its way."""

from __future__ import annotations

import os
import sys

from nnwhy import errors
from nnwhy.errors import WorkerError

HOME = os.path.dirname(os.path.dirname(os.path.abspath(errors.__file__)))
"""The directory that holds the package `nnwhy`."""

# The directory is appended, not put first: one that holds nnwhy must not shadow the standard library. Only nnwhy itself is
# looked for there first, or a worker would run another nnwhy that is installed beside the one that started it.
_BOOT = (
    "import sys; home, module = sys.argv[1:3]; del sys.argv[1:3]; "
    "home in sys.path or sys.path.append(home); "
    "from importlib import import_module; from importlib.machinery import PathFinder; "
    "from importlib.util import module_from_spec; "
    "spec = PathFinder.find_spec('nnwhy', [home]); ours = sys.modules['nnwhy'] = module_from_spec(spec); "
    "spec.loader.exec_module(ours); import_module(module).main()"
)


def python_command(module: str, *arguments: str) -> list[str]:
    """The command that runs `module.main()` of ours with `arguments` in a fresh Python.

    Unlike `python -m`, it never looks for modules in the working directory: a user's `queue.py` there is not ours.
    Raises WorkerError where this Python does not know its own executable.
    """
    if not sys.executable:
        raise WorkerError("Python does not know its own executable, so no worker can be started")
    return [sys.executable, "-P", "-c", _BOOT, HOME, module, *arguments]


def quiet_environment() -> dict[str, str]:
    """This environment without what would change the worker's own Python; the job gets the whole of it later.

    Hashes are seeded alike, so that sets have one order in every job.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return {**kept, "PYTHONHASHSEED": "0"}
