"""nnwhy explain --html writes the page, also of a network that fails; a path that cannot be written is one line."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from nnwhy.examples import recipe


def explain(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nnwhy", "explain", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)


def test_a_page_is_written(tmp_path: Path) -> None:
    text = Path(recipe.__file__).read_text().replace("nn.Linear(9216", "nn.Linear(1024")
    (tmp_path / "net.py").write_text(text)
    ended = explain(tmp_path, "net.py:Net", "--input", "N,1,28,28", "--html", "page.html")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("page.html: ")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "fc1 is built for 1024 features and gets 9216" in page


def test_a_path_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    shutil.copy(recipe.__file__, tmp_path / "net.py")
    ended = explain(tmp_path, "net.py:Net", "--input", "N,1,28,28", "--html", "nowhere/page.html")
    assert ended.returncode == 2
    assert (
        ended.stderr == "nnwhy: the page cannot be written to nowhere/page.html: No such file or directory\n"
    )
