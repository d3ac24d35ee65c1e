"""Playing a program: what may be played, what is played of it, and how it ends."""

from __future__ import annotations

import ast
import signal
import sys
import textwrap
from pathlib import Path

import pytest
import torch

from nnwhy.load import playing
from nnwhy.load.harmless import harmless
from nnwhy.load.playing import parts_to_play, play


def tree(text: str) -> ast.Module:
    return ast.parse(textwrap.dedent(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import torch\nimport numpy as np\nx = torch.rand(3)", True),
        ("from torch import nn\nfrom torch.utils.data import DataLoader", True),
        ("import re\nre.compile('a')", True),
        ("import requests", False),
        ("import torch.distributed as dist", False),
        ("from torch.utils.tensorboard import SummaryWriter", False),
        ("import torch\ntorch.save({}, 'a.pt')", False),
        ("open('a.txt')", False),
        ("import os\nos.system('ls')", False),
        ("import torch\nf = torch.compile(len)", False),
        ("import os\nos.replace('a', 'b')", False),
        ("from os import unlink", False),
        ("import os as o", False),
        ("import os\nn = os.cpu_count()", True),
        ("import os\nrank = os.environ['RANK']", False),
        ("import sys\nname = sys.argv[1]", False),
        ("import argparse\np = argparse.ArgumentParser()\np.add_argument('--data')", False),
        ("import argparse\np = argparse.ArgumentParser()\np.add_argument('--lr', default=0.1)", True),
        (
            "import argparse\np = argparse.ArgumentParser()\np.add_argument('--fast', action='store_true')",
            True,
        ),
    ],
)
def test_a_program_that_reaches_beyond_memory_is_not_played(
    text: str, expected: bool, tmp_path: Path
) -> None:
    assert harmless(ast.parse(text), tmp_path) is expected


def test_what_a_file_imports_from_its_own_folder_counts_too(tmp_path: Path) -> None:
    (tmp_path / "blocks.py").write_text("import torch\n")
    (tmp_path / "files.py").write_text("def read(path):\n    return open(path)\n")
    assert harmless(ast.parse("import blocks"), tmp_path)
    assert not harmless(ast.parse("from files import read"), tmp_path)


def test_the_main_block_is_played() -> None:
    parts = parts_to_play(
        tree("""
        def main(): ...
        if __name__ == "__main__":
            main()
        """),
        "Net",
    )
    assert [ast.unparse(statement) for statement in parts[0]] == ["main()"]


def test_without_one_a_function_that_nothing_calls_and_that_comes_to_the_network_is() -> None:
    parts = parts_to_play(
        tree("""
        class Net: ...
        def build(): return Net()
        def train(): build()
        def other(): return 1
        def needs(x): return Net()
        """),
        "Net",
    )
    assert [ast.unparse(part[0]) for part in parts] == ["train()"]


def test_what_it_raises_comes_back_and_nothing_else_is_left(tmp_path: Path) -> None:
    file = tmp_path / "raises.py"
    file.write_text(
        "import torch\nprint('hello')\n\ndef main():\n    torch.manual_seed(3)\n    raise ValueError('no')\n"
    )
    words, state = list(sys.argv), torch.random.get_rng_state()
    error = play(file, ast.parse("main()").body)
    assert isinstance(error, ValueError)
    assert sys.argv == words
    assert torch.equal(torch.random.get_rng_state(), state)


def test_a_training_without_end_is_left(tmp_path: Path) -> None:
    file = tmp_path / "trains.py"
    file.write_text(
        "import torch\n\ndef main():\n    w = torch.zeros(2, requires_grad=True)\n"
        "    while True:\n        (w * 2).sum().backward()\n"
    )
    assert play(file, ast.parse("main()").body) is None


def test_data_is_loaded_in_this_process(tmp_path: Path) -> None:
    file = tmp_path / "loads.py"
    file.write_text(
        "import torch\nfrom torch.utils.data import DataLoader\n\ndef main():\n"
        "    loader = DataLoader(torch.arange(8), batch_size=4, num_workers=2, persistent_workers=True)\n"
        "    assert loader.num_workers == 0\n    list(loader)\n"
    )
    assert play(file, ast.parse("main()").body) is None


@pytest.mark.parametrize("body", ["import time\n    time.sleep(100)", "while True:\n        pass"])
def test_a_program_that_waits_or_counts_is_left(
    body: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(playing, "WAITED_SECONDS", 0.2)
    path = tmp_path / "waiting.py"
    path.write_text("import torch\n")
    before = signal.getsignal(signal.SIGALRM)
    assert play(path, ast.parse(f"def main():\n    {body}\nmain()").body) is None
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
