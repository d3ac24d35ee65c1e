"""The Python in the documentation runs as it stands."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nnwhy.examples import recipe

ROOT = Path(__file__).parents[2]
BLOCKS = [
    (page.name, block)
    for page in [ROOT / "README.md", *sorted((ROOT / "docs" / "howto").glob("*.md"))]
    for block in re.findall(
        r"^```python\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
]


@pytest.mark.parametrize("page, block", BLOCKS, ids=[page for page, _ in BLOCKS])
def test_a_block_of_python_runs(page: str, block: str, tmp_path: Path):
    shutil.copy(recipe.__file__, tmp_path / "net.py")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", block],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr


def test_the_blocks_are_found():
    assert {page for page, _ in BLOCKS} >= {"README.md", "notebook.md", "huge.md"}
