"""`nnwhy run --fix`: fixes of a training script are tried on a copy, only where that is asked for, and applied where they hold."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

SCRIPT = """
import torch
from torch import nn

with open("runs.txt", "a") as file:
    file.write("x")
torch.manual_seed(0)
net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
for epoch in range(2):
    for _ in range(4):
        x = torch.randn(8, 4)
        loss = (net(x) - x.sum(1, keepdim=True)).pow(2).mean()
        loss.backward()  # the gradients stay
        optimizer.step()
    with torch.no_grad():
        x = torch.randn(8, 4)
        print((net(x) - x.sum(1, keepdim=True)).abs().mean().item())
"""


def run(folder: Path, *options: str, code: int = 0) -> str:
    environment = {
        **os.environ, "PYTHONPATH": str(ROOT / "src"), "OMP_NUM_THREADS": "1", "NO_COLOR": "1", "NNWHY_DEBUG": "1",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "nnwhy", "run", *options, "train.py"],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=200,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    return done.stderr


def test_fixes_are_tried_on_a_copy_and_applied_only_where_that_is_asked_for(tmp_path: Path) -> None:
    script, runs = tmp_path / "train.py", tmp_path / "runs.txt"
    script.write_text(SCRIPT)
    told = run(tmp_path)
    assert runs.read_text() == "x"  # a second run may do harm
    assert script.read_text() == SCRIPT
    assert "+         optimizer.zero_grad()" in told
    assert "not tried" in told
    told = run(tmp_path, "--fix")
    assert "2 fixes tried on a copy of the script: 2 verified" in told
    assert runs.read_text() == "xxxx"
    mended = script.read_text()
    assert "        optimizer.zero_grad()\n        loss.backward()  # the gradients stay\n" in mended
    assert "net.eval()" in mended
    assert "net.train()" in mended
    assert "nothing found" in run(tmp_path)


BROKEN = """
import torch
from torch import nn

with open("runs.txt", "a") as file:
    file.write("x")


class Net(nn.Module):
    def __init__(self):
        self.fc = nn.Linear(4, 2)


print(Net().fc(torch.zeros(3, 4)).shape)
"""


def test_the_fix_of_a_crash_is_tried_by_a_second_run_too(tmp_path: Path) -> None:
    script = tmp_path / "train.py"
    script.write_text(BROKEN)
    told = run(tmp_path, "--fix", code=1)
    assert "missing-super-init" in told
    assert "1 fix tried on a copy of the script: 1 verified" in told
    assert (tmp_path / "runs.txt").read_text() == "xx"
    assert "        super().__init__()\n        self.fc" in script.read_text()
    assert "nothing found" in run(tmp_path)
