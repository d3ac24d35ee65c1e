"""A crash is explained in the place of its traceback, which follows complete and without our own frames."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

IMPORTS = "import torch\nimport torch.nn.functional as F\nfrom torch import nn\ntorch.manual_seed(0)\n"

NETWORK = """
HIDDEN = 64


class Net(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 3)
        self.fc1 = nn.Linear(1024, HIDDEN)
        self.fc2 = nn.Linear(HIDDEN, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv(x)), 2)
        return self.fc2(F.relu(self.fc1(x.flatten(1))))


def main():
    classes = 10
    net = Net(classes=classes)
    net(torch.randn(4, 1, 28, 28))


main()
"""

CARRIED = """
rnn, head, hidden = nn.GRU(4, 8, batch_first=True), nn.Linear(8, 1), None
for _ in range(4):
    x = torch.randn(3, 5, 4)
    out, hidden = rnn(x, hidden)
    F.mse_loss(head(out[:, -1]), x.sum((1, 2)).unsqueeze(1)).backward()
"""

NO_GRAPH = """
net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
pred = net(torch.randn(6, 4)).argmax(1).float()
F.mse_loss(pred, torch.ones(6)).backward()
"""

IN_PLACE = """
p = torch.sigmoid(nn.Linear(4, 8)(torch.randn(6, 4)))
p += 1
p.sum().backward()
"""

CLASS_TEN = """
scores = nn.Linear(4, 10)(torch.randn(64, 4))
labels = torch.arange(64) % 10 + 1
F.cross_entropy(scores, labels)
"""

EMPTY = """
class Stack(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = [nn.Linear(4, 4) for _ in range(3)]

    def forward(self, x):
        return x


torch.optim.SGD(Stack().parameters(), lr=0.1)
"""

EMPTY_NAMED = EMPTY.replace("torch.optim.SGD(Stack()", "stack = Stack()\ntorch.optim.SGD(stack")

EMPTY_PART = """
class Thin(nn.Module):
    def __init__(self):
        super().__init__()
        self.factors = [nn.Parameter(torch.randn(2, 4)), nn.Parameter(torch.randn(3, 2))]

    def forward(self, x):
        return x @ self.factors[0].T @ self.factors[1].T


net = nn.Sequential(Thin(), nn.ReLU())
torch.optim.SGD(net.parameters(), lr=0.1)
"""

MAPS = """
criterion = nn.CrossEntropyLoss()
maps, labels = nn.Conv2d(1, 3, 3)(torch.randn(5, 1, 6, 6)), torch.zeros(5, dtype=torch.long)
loss = criterion(maps, labels)
"""

ROWS = """
criterion = nn.CrossEntropyLoss()
maps, mask = nn.Conv2d(1, 3, 1)(torch.randn(5, 1, 6, 8)), torch.zeros(5, 6, 8, dtype=torch.long)
mask = mask.argmax(dim=1)
loss = criterion(maps, mask)
"""

COLUMN = """
criterion = nn.CrossEntropyLoss()
scores, labels = nn.Linear(4, 3)(torch.randn(6, 4)), torch.zeros(6, 1, dtype=torch.long)
loss = criterion(scores, labels)
"""

CASES = {
    "linear": (NETWORK, ["linear-features", "1352 = 8 × 13 × 13", "nn.Linear(1352, HIDDEN)", "verified: the network then runs"]),
    "carried": (CARRIED, ["graph-used-twice", "out, hidden = rnn(x, hidden)", "detach()"]),
    "no_graph": (NO_GRAPH, ["parameters-without-gradient", "argmax"]),
    "in_place": (IN_PLACE, ["changed-in-place", "p += 1"]),
    "class_ten": (CLASS_TEN, ["labels-out-of-range", "1 to 10", "labels - 1", "verified"]),
    "empty": (EMPTY_NAMED, ["modules-unregistered", "nn.ModuleList([nn.Linear(4, 4) for _ in range(3)])", "verified"]),
    "empty_part": (EMPTY_PART, ["parameter-unregistered", "nn.ParameterList([", "verified"]),
    "maps": (MAPS, ["loss-target", "(5, 3, 4, 4)", "maps.mean((2, 3))", "verified"]),
    "rows": (ROWS, ["loss-target", "(5, 8)", "(5, 6, 8)", "fix   mask"]),
    "column": (COLUMN, ["loss-target", "(6, 3)", "(6, 1)", "labels.squeeze(1)", "verified"]),
}  # fmt: skip


def run(path: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "src"),
        "OMP_NUM_THREADS": "1",
        "NO_COLOR": "1",
        "NNWHY_DEBUG": "1",
    }
    return subprocess.run(
        [sys.executable, *command, path.name], cwd=path.parent, env=environment, capture_output=True, text=True, timeout=120
    )  # fmt: skip


def own_frames(traceback: str, path: Path) -> list[str]:
    """The frames of the script; those inside torch differ where a function mode is on."""
    return [line for line in traceback.splitlines() if f'"{path}"' in line]


@pytest.mark.parametrize("name", CASES)
def test_a_crash_is_explained_and_its_traceback_follows(tmp_path: Path, name: str) -> None:
    source, expected = CASES[name]
    path = tmp_path / f"{name}.py"
    path.write_text(IMPORTS + source)
    done = run(path, "-m", "nnwhy", "run")
    explanation, _, traceback = done.stderr.partition("The traceback, as Python gives it:\n")
    assert done.returncode == 1
    for text in expected:
        assert text in explanation
    plain = run(path).stderr
    assert own_frames(traceback, path) == own_frames(plain, path) != []
    assert traceback.splitlines()[-1] == plain.splitlines()[-1]
    assert os.path.join("nnwhy", "") not in traceback


def test_install_explains_and_leaves_other_exceptions_alone(tmp_path: Path) -> None:
    path = tmp_path / "script.py"
    path.write_text(
        "import nnwhy, sys\nnnwhy.install()\nassert 'torch' not in sys.modules\nimport torch\nfrom torch import nn\n"
        "net = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(64, 4))\n"
        "try:\n    with nnwhy.explained():\n        net(torch.randn(2, 16))\nexcept RuntimeError:\n    print('raised')\n"
        "try:\n    with nnwhy.explained():\n        [][0]\nexcept IndexError:\n    print('also raised')\n"
        "net(torch.randn(3, 16))\n"
    )
    done = run(path)
    assert done.stdout == "raised\nalso raised\n"
    assert done.stderr.count("linear-features") == 2
    assert done.stderr.count("nn.Linear(32, 4)") == 2
    assert "script.py:6:61" in done.stderr
    assert done.stderr.rstrip().endswith("mat1 and mat2 shapes cannot be multiplied (3x32 and 64x4)")
