"""The beginning of a script run again with edited files, watched as the first time: a process of its own.

Called as `python -m nnwhy.api.rerun JOB`, where JOB is a file with a `Job` as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Job:
    """What to run: the script or module, its arguments, `texts` in the place of the files at these paths, where to write what was
    seen. `numbers`: the numbers of these files remember where they are written, so that a crash tells which may be to blame."""

    target: str
    arguments: tuple[str, ...]
    as_module: bool
    steps: int
    texts: dict[str, str]
    seen: str
    numbers: bool = False

    def write(self, path: Path) -> None:
        """Write the job to a file."""
        path.write_text(json.dumps(asdict(self)))


def main(path: str) -> int:
    """Run a job; returns the script's exit code."""
    from nnwhy.api.watch import run
    from nnwhy.fix.overlay import overlaid
    from nnwhy.trace.written import writing

    given: dict[str, Any] = json.loads(Path(path).read_text())
    texts = {os.path.realpath(name): text for name, text in given["texts"].items()}
    with ExitStack() as stack:
        prepared = stack.enter_context(writing()).prepared if given["numbers"] else None
        stack.enter_context(overlaid(texts, (), prepared))
        return run(
            given["target"], given["arguments"], as_module=given["as_module"], steps=given["steps"],
            json_path=given["seen"], texts=texts, prepared=prepared, finish=True,
        )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
