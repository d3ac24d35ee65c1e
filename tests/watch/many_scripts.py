"""Runs `nnwhy run` on many scripts, each in a process of its own that is forked from one with torch in memory.

Called as `python many_scripts.py FOLDER SCRIPT…`; writes FOLDER/NAME.json, .out, .err and .code for each script.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

import torch  # noqa: F401 (the point: it is imported once)

from nnwhy.faces.cli import main


def run(folder: Path, script: str) -> None:
    """One script in a forked process."""
    name = Path(script).stem
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        (folder / f"{name}.code").write_text(str(os.waitstatus_to_exitcode(status)))
        return
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
    for path in sys.argv[2:]:
        run(Path(sys.argv[1]), path)
