"""What watching a script costs: the time of a training step while it is watched and afterwards, against plain Python.

    python bench/watch.py [repeats]

Each script runs by itself, plainly and under `nnwhy run`, in turn; it times its own steps, by the processor time of its one thread.
The median of the steps of each
run is taken, and of the runs the fastest: other programs on the machine can only make a run slower.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
WARMING_UP, IN_DETAIL = 2, 6
WATCHED, AFTER = 8, 12
TINY = "three small linear layers, 32 rows"
TINY_WATCHED, TINY_AFTER = 48, 400
Times = tuple[float, float, float]

SCRIPT = """
import json, sys, time
import torch
import torch.nn.functional as F
from torch import nn
torch.manual_seed(0)
torch.set_num_threads(1)

{network}

optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
times = []
for step in range({steps}):
    x, y = batch()
    start = time.thread_time()
    optimizer.zero_grad()
    loss = F.cross_entropy(net(x), y)
    loss.backward()
    optimizer.step()
    times.append(time.thread_time() - start)
print(json.dumps(times))
"""

NETWORKS = {
    "recipe's network, 64 digits": """
net = nn.Sequential(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.25),
                    nn.Flatten(), nn.Linear(9216, 128), nn.ReLU(), nn.Dropout(0.5), nn.Linear(128, 10))
batch = lambda: (torch.randn(64, 1, 28, 28), torch.randint(0, 10, (64,)))
""",
    "residual network, 8 pictures 64×64": """
class Block(nn.Module):
    def __init__(self, a, b, stride):
        super().__init__()
        self.f = nn.Sequential(nn.Conv2d(a, b, 3, stride, 1), nn.BatchNorm2d(b), nn.ReLU(), nn.Conv2d(b, b, 3, 1, 1), nn.BatchNorm2d(b))
        self.s = nn.Conv2d(a, b, 1, stride)
    def forward(self, x):
        return F.relu(self.f(x) + self.s(x))
net = nn.Sequential(nn.Conv2d(3, 32, 3, 1, 1), *[Block(a, b, s) for a, b, s in ((32, 32, 1), (32, 64, 2), (64, 64, 1), (64, 128, 2), (128, 128, 1), (128, 256, 2))],
                    nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(256, 10))
batch = lambda: (torch.randn(8, 3, 64, 64), torch.randint(0, 10, (8,)))
""",
    "transformer, 6 layers, 16×64 tokens": """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.e = nn.Embedding(1000, 128)
        self.t = nn.TransformerEncoder(nn.TransformerEncoderLayer(128, 4, 512, batch_first=True), 6)
        self.h = nn.Linear(128, 1000)
    def forward(self, x):
        return self.h(self.t(self.e(x))).transpose(1, 2)
net = Net()
batch = lambda: (torch.randint(0, 1000, (16, 64)), torch.randint(0, 1000, (16, 64)))
""",
    TINY: """
net = nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 5))
batch = lambda: (torch.randn(32, 20), torch.randint(0, 5, (32,)))
""",
}


def main() -> None:
    """Print a table: plain step, step watched in detail, watched step, step afterwards."""
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    print(f"{'':38}{'plain':>10}{'in detail':>12}{'watched':>12}{'afterwards':>14}")
    with tempfile.TemporaryDirectory() as folder:
        for name, network in NETWORKS.items():
            path = Path(folder) / "train.py"
            watched, after = (TINY_WATCHED, TINY_AFTER) if name == TINY else (WATCHED, AFTER)
            path.write_text(SCRIPT.format(network=network, steps=WARMING_UP + watched + after))
            plain: list[Times] = []
            ours: list[Times] = []
            for _ in range(repeats):
                plain.append(_timed(path, (), watched))
                command = ("-m", "nnwhy", "run", "--steps", str(WARMING_UP + watched))
                ours.append(_timed(path, command, watched))
            least, its = ([min(run[part] for run in runs) for part in range(3)] for runs in (plain, ours))
            detail, seen, free = (mine / bare for mine, bare in zip(its, least, strict=True))
            print(
                f"{name:38}{least[2] * 1e3:7.2f} ms{detail:10.2f} ×{seen:10.2f} ×{free:12.3f} ×", flush=True
            )


def _timed(path: Path, command: tuple[str, ...], watched: int) -> Times:
    """The median step among the first of those that are watched, of which the weights are copied, among the others, and in the
    second half of those after them: CPython takes some steps to run at full speed again after classes were changed."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, *command, str(path)], env=environment, capture_output=True, text=True, check=True
    )
    times = json.loads(done.stdout)
    end = WARMING_UP + watched
    after = times[end:]
    return median(times[WARMING_UP:IN_DETAIL]), median(times[IN_DETAIL:end]), median(after[len(after) // 2 :])


if __name__ == "__main__":
    main()
