"""Every command in the documentation is run, and prints what the page says. NNWHY_ACCEPT=1 writes the pages anew."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import nnwhy

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [page for page in sorted(DOCS.rglob("*.md")) if "```console" in page.read_text(encoding="utf-8")]
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def run(command: str, folder: Path) -> str:
    """What a terminal of 80 columns shows after `command`."""
    environment = {
        **os.environ,
        "NNWHY": str(Path(nnwhy.__file__).parent),
        "NNWHY_NO_DAEMON": "1",
        "COLUMNS": "80",
        "PYTHONWARNINGS": "ignore",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, text=True, timeout=120,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert "Traceback" not in done.stdout
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())


def rerun(block: str, folder: Path) -> str:
    """A console block with the output of its commands as it is now."""
    commands = [line[2:] for line in block.splitlines() if line.startswith("$ ")]
    return "".join(f"$ {command}\n{run(command, folder)}" for command in commands)


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(DOCS)) for page in PAGES])
def test_the_page_shows_what_is_printed(page: Path, tmp_path: Path):
    subprocess.run(
        ["cp", Path(nnwhy.__file__).parent / "examples" / "recipe.py", tmp_path / "net.py"], check=True
    )
    text = page.read_text(encoding="utf-8")
    fresh = BLOCK.sub(lambda match: f"```console\n{rerun(match[1], tmp_path)}```", text)
    if os.environ.get("NNWHY_ACCEPT"):
        page.write_text(fresh, encoding="utf-8")
    assert fresh == text


def test_the_pages_are_found():
    assert {"index.md", "crash.md", "derivation.md"} <= {page.name for page in PAGES}
