"""A script under `nnwhy run` sees each of its passes once: what we repeat prints nothing, calls no hook and adds to no list."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import nn

from nnwhy.watch.unnoticed import unnoticed

ROOT = Path(__file__).parents[2]

SCRIPT = """
import logging
import sys

import torch
from torch import nn

logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(message)s")
outputs, shapes, counts = [], [], {}

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Linear(4, 8), nn.Linear(8, 3)
        self.seen = []

    def forward(self, x):
        shapes.append(tuple(x.shape))
        counts[len(counts)] = x.mean().item()
        self.seen.append(len(x))
        print("forward of", tuple(x.shape))
        logging.info("passing")
        return self.last(torch.relu(self.first(x)))

torch.manual_seed(0)
net = Net()
net.first.register_forward_hook(lambda module, given, result: outputs.append(result.detach()))
optimizer = torch.optim.SGD(net.parameters(), 0.1)
for step in range(5):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(net(torch.randn(16, 4)), torch.randint(0, 3, (16,)))
    loss.backward()
    optimizer.step()
    print(f"{loss.item():.4f}")
print(len(outputs), len(shapes), len(counts), len(net.seen))
{end}
"""


@pytest.mark.parametrize("end", ["", "net(torch.ones(2, 5))"])
def test_output_hooks_and_lists_are_as_without_us(tmp_path: Path, end: str) -> None:
    script = tmp_path / "train.py"
    script.write_text(SCRIPT.replace("{end}", end))
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "OMP_NUM_THREADS": "1", "NNWHY_DEBUG": "1"}
    plain, ours = (
        subprocess.run(
            [sys.executable, *command, str(script)],
            env=environment, capture_output=True, text=True, check=False, cwd=tmp_path,
        )
        for command in ([], ["-m", "nnwhy", "run"])
    )  # fmt: skip
    assert plain.returncode == ours.returncode == (1 if end else 0)
    assert ours.stdout == plain.stdout
    assert "5 5 5 5" in plain.stdout
    assert ("linear-features" in ours.stderr) == bool(end)


@pytest.mark.filterwarnings("ignore:.*weight_norm.*:FutureWarning")
def test_hooks_of_torch_that_make_weights_are_called_still() -> None:
    layer: nn.Module = nn.utils.weight_norm(nn.Linear(3, 3))  # pyright: ignore[reportDeprecated]
    calls: list[str] = []
    layer.register_forward_pre_hook(lambda *_: calls.append("script"))
    order = list(layer._forward_pre_hooks)
    with torch.no_grad():
        layer.get_parameter("weight_g").mul_(2)
        before = vars(layer)["weight"]
        with unnoticed(layer) as unhooked:
            layer(torch.ones(3))
    assert unhooked
    assert calls == []
    assert list(layer._forward_pre_hooks) == order
    assert not torch.equal(vars(layer)["weight"], before)


def test_a_network_without_hooks_is_as_it_is() -> None:
    with unnoticed(nn.Linear(2, 2)) as unhooked:
        assert not unhooked
