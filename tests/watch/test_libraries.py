"""Right loops of training libraries are left alone; each is tried where its library is installed."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted((Path(__file__).parents[1] / "scripts" / "libraries").glob("*.py"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_librarys_loop_is_watched_and_left_alone(path: Path, tmp_path: Path) -> None:
    needed = path.read_text().splitlines()[0].removeprefix("# needs: ").split()
    missing = [name for name in needed if find_spec(name) is None]
    if missing:
        pytest.skip(f"needs {', '.join(missing)}")
    environment = {
        **os.environ, "PYTHONPATH": str(ROOT / "src"), "OMP_NUM_THREADS": "1", "NNWHY_DEBUG": "1", "NO_COLOR": "1",
        "HF_HUB_OFFLINE": "1",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "nnwhy", "run", "--strict", str(path)],
        env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=200,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "watched 3 optimizer steps" in done.stderr
    assert "warning" not in done.stderr.split("nothing found")[0]
