"""Crashes whose way out needs a second run: a number far from the layer, a network made in a method, a single sample, a size."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

NUMBER = """
import torch
from torch import nn


class Reader(nn.Module):
    def __init__(self, width=16):
        super().__init__()
        self.body = nn.Sequential(nn.Conv1d(3, 24, 3, padding=1), nn.ReLU())
        layer = nn.TransformerDecoderLayer(width, 4, 32, batch_first=True)
        self.decoder = nn.TransformerDecoder(layer, 1)
        self.tokens = nn.Embedding(20, width)

    def forward(self, signal, tokens):
        return self.decoder(self.tokens(tokens), self.body(signal).transpose(1, 2))


def train():
    net = Reader()
    net(torch.rand(2, 3, 10), torch.randint(0, 20, (2, 5))).sum().backward()


train()
"""

METHOD = """
import torch
from torch import nn


class Player(nn.Module):
    def __init__(self, given):
        super().__init__()
        self.first = nn.Linear(given, 8)

    def forward(self, x):
        return self.first(x)


class Game:
    sees = 4

    def look(self):
        return torch.zeros(self.sees + 2)


class Agent:
    def __init__(self, game):
        self.player = Player(game.sees)

    def act(self, seen):
        return self.player(seen.unsqueeze(0)).argmax(1).item()


game = Game()
agent = Agent(game)
agent.act(game.look())
"""

SINGLE = """
import torch
from torch import nn


class Agent:
    def __init__(self):
        self.actor = nn.Sequential(nn.Linear(3, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 1))
        self.optimizer = torch.optim.Adam(self.actor.parameters())

    def act(self, state):
        with torch.no_grad():
            action = self.actor(state.unsqueeze(0))
        return action.item()

    def learn(self, states):
        self.optimizer.zero_grad()
        self.actor(states).sum().backward()
        self.optimizer.step()


agent = Agent()
for _ in range(4):
    agent.act(torch.rand(3))
    agent.learn(torch.rand(8, 3))
"""

SIZE = """
import torch
from torch import nn

net = nn.Sequential(
    nn.Conv2d(1, 4, 4, stride=2, padding=1), nn.ReLU(),
    nn.ConvTranspose2d(4, 1, 3, stride=2, padding=1), nn.Sigmoid(),
)
criterion = nn.BCELoss()
for _ in range(2):
    x = torch.rand(2, 1, 12, 12)
    made = net(x)
    criterion(made, x).backward()
"""


@pytest.mark.parametrize(
    ("source", "check", "change"),
    [
        (NUMBER, "attention-shape", "nn.Conv1d(3, 16, 3, padding=1)"),
        (METHOD, "linear-features", "Player(6)"),
        (SINGLE, "norm-batch-of-one", "self.actor.eval()"),
        (SIZE, "loss-target", "output_padding=1"),
    ],
    ids=["number", "method", "single", "size"],
)
def test_a_crash_is_mended_by_what_a_second_run_has_shown(
    tmp_path: Path, source: str, check: str, change: str
) -> None:
    script = tmp_path / "train.py"
    script.write_text(source)
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "OMP_NUM_THREADS": "1", "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "nnwhy", "run", "--fix", "train.py"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=200,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert check in done.stderr
    assert change in script.read_text(), done.stderr
