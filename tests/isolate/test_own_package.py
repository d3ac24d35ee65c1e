"""A worker runs the nnwhy that started it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import nnwhy
from nnwhy.isolate.command import python_command


def test_another_nnwhy_on_the_path_is_not_taken_for_ours(tmp_path: Path) -> None:
    (tmp_path / "nnwhy").mkdir()
    (tmp_path / "nnwhy" / "__init__.py").write_text("raise SystemExit('the wrong one')\n")
    (tmp_path / "probe.py").write_text(
        "import nnwhy, nnwhy.errors\ndef main(): print(nnwhy.__file__, nnwhy.errors.__file__)\n"
    )
    ended = subprocess.run(
        python_command("probe"),
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    home = os.path.dirname(os.path.abspath(str(nnwhy.__file__)))
    assert ended.stdout.split() == [os.path.join(home, "__init__.py"), os.path.join(home, "errors.py")], ended
