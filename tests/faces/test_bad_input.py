"""Bad input gets one clear line and exit code 2, and no traceback of ours."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nnwhy.examples import recipe
from nnwhy.faces.cli import main

NEEDS = """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.fc = nn.Linear(4, hidden)

    def forward(self, x):
        return self.fc(x)
"""
RAISES = """
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2)

    def forward(self, x):
        x = self.fc(x)
        raise ValueError("no good: 'x'")
"""
TWO = """
from torch import nn

class First(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2)

class Second(First):
    pass

class Third(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(recipe.__file__, tmp_path / "net.py")
    (tmp_path / "broken.py").write_text("import torch\ndef f(:\n")
    (tmp_path / "empty.py").write_text("x = 1\n")
    (tmp_path / "needs.py").write_text(NEEDS)
    (tmp_path / "raises.py").write_text(RAISES)
    (tmp_path / "two.py").write_text(TWO)
    (tmp_path / "leaves.py").write_text("import sys\nsys.exit(3)\n")
    return tmp_path


def nnwhy(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nnwhy", *arguments, "--no-daemon"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
    )


CASES = [
    (("explain", "nett.py"), ["nett.py", "net.py"]),
    (("explain", "broken.py"), ["broken.py:2"]),
    (("explain", "empty.py"), ["empty.py", "no network"]),
    (("explain", "two.py", "--input", "2,4"), ["First", "Third"]),
    (("explain", "needs.py", "--input", "2,4"), ["hidden", "--init"]),
    (("explain", "net.py", "--input", "N,28"), ["conv2d at net.py:19"]),
    (("explain", "net.py", "--input", "N,1,28,28:float31"), ["float31", "float32"]),
    (("explain", "raises.py", "--input", "2,4"), ["raises.py:11", "ValueError", "no good: 'x'"]),
    (("explain", "leaves.py"), ["leaves.py", "exit", "3"]),
    (("why", "net.py", "fc9.in_features", "--input", "N,1,28,28"), ["fc9.in_features", "fc1.in_features"]),
    (("why", "net.py", "9217", "--input", "N,1,28,28"), ["9217", "9216"]),
    (("why", "net.py:Nett", "9216"), ["Nett", "Net"]),
    (("explane", "net.py"), ["explane", "explain"]),
]  # fmt: skip


@pytest.mark.parametrize("arguments, words", CASES, ids=[" ".join(case[0]) for case in CASES])
def test_one_clear_line_and_exit_code_2(folder, arguments, words):
    done = nnwhy(folder, *arguments)
    assert done.returncode == 2, done.stderr
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("nnwhy: ")
    assert len(done.stderr.strip().splitlines()) == 1
    for word in words:
        assert word in last
    assert "Traceback" not in done.stderr + done.stdout


def test_good_input_is_answered_with_exit_code_0(folder):
    done = nnwhy(folder, "why", "net.py:Net", "fc1.in_features", "--input", "N,1,28,28")
    assert done.returncode == 0, done.stderr
    assert "9216 = 64 × 12 × 12" in done.stdout
    assert "64·⌊(H − 4)/2⌋·⌊(W − 4)/2⌋" in done.stdout
    assert "\x1b[" not in done.stdout


def test_the_card_of_an_instance_has_its_numbers_and_the_findings_on_it(folder):
    done = nnwhy(folder, "layer", "net.py:Net", "dropout2", "--input", "N,1,28,28")
    assert done.returncode == 0, done.stderr
    for words in ("p 0.5", "N × 128", "F.relu(x)", "fc2", "[dropout-rank]", "adjacent pixels"):
        assert words in done.stdout


def test_several_networks_are_named_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "two.py").write_text("from torch import nn\na = nn.Linear(2, 2)\nb = nn.Linear(3, 3)\n")
    with pytest.raises(SystemExit) as ended:
        main(["explain", "two.py", "--no-daemon"])
    assert ended.value.code == 2
    assert capsys.readouterr().err == "nnwhy: two.py has 2 networks: a, b; name one, as in two.py:a\n"
