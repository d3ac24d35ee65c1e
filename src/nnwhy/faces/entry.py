"""Where the `nnwhy` command begins: a command lives for a moment, and looking for garbage in what it loads takes a fifth of that."""

from __future__ import annotations

import gc


def main() -> None:
    """Run the command line without garbage collection; a command that runs the user's code here enables it again."""
    gc.disable()
    from nnwhy.faces.cli import main as run

    run()
