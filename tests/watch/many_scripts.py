"""Runs `nnwhy run` on many scripts, each in a process of its own that is forked from one with torch in memory.

Called as `python many_scripts.py FOLDER SCRIPT…`; writes FOLDER/NAME.json, .out, .err and .code for each script.
"""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from pathlib import Path
from typing import NoReturn

from nnwhy.checks.basis.registry import all_checks
from nnwhy.checks.training.basis.registry import training_checks
from nnwhy.faces.cli import main

AT_ONCE = os.cpu_count() or 1
IMPORTED_ONCE = (
    "torch._dynamo",  # which every optimizer imports
    "torch.utils.data",
    "nnwhy.api.crash",
    "nnwhy.report.watch",
    "nnwhy.watch.phases",
)


def run_all(folder: Path, scripts: list[str]) -> None:
    """All scripts, as many at once as there are processors."""
    for name in IMPORTED_ONCE:
        importlib.import_module(name)
    all_checks()
    training_checks()
    running: dict[int, str] = {}
    for script in scripts:
        if len(running) == AT_ONCE:
            _one_ends(folder, running)
        child = os.fork()
        if not child:
            _run(folder, script)
        running[child] = Path(script).stem
    while running:
        _one_ends(folder, running)


def _one_ends(folder: Path, running: dict[int, str]) -> None:
    child, status = os.wait()
    (folder / f"{running.pop(child)}.code").write_text(str(os.waitstatus_to_exitcode(status)))


def _run(folder: Path, script: str) -> NoReturn:
    """One script; the process ends with it."""
    name = Path(script).stem
    code = 99
    try:
        os.dup2(os.open(folder / f"{name}.out", os.O_WRONLY | os.O_CREAT), 1)
        os.dup2(os.open(folder / f"{name}.err", os.O_WRONLY | os.O_CREAT), 2)
        main(["run", "--json", str(folder / f"{name}.json"), script])
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    run_all(Path(sys.argv[1]), sys.argv[2:])
