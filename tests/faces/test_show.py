"""The command: a target, a layer, data."""

import json
import shutil
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner

from nnwhy.api.show import shown
from nnwhy.examples import recipe
from nnwhy.faces.commands.show import command


@pytest.fixture
def target(tmp_path, monkeypatch):
    shutil.copy(recipe.__file__, tmp_path / "net.py")
    monkeypatch.chdir(tmp_path)
    return "net.py:Net"


def asked(target, path, **how):
    default = {
        "init": "",
        "inputs": [],
        "data": "",
        "weights": "",
        "training": False,
        "draws": 3,
        "call": 0,
        "seed": 0,
    }
    return shown(target=target, path=path, **{**default, **how})


def test_the_command_prints_within_80_columns_and_saves(target, tmp_path):
    torch.save(recipe.Net().state_dict(), "w.pt")
    done = CliRunner().invoke(
        command,
        [target, "dropout1", "--weights", "w.pt", "--draws", "2", "--input", "N,1,28,28"],
        catch_exceptions=False,
    )
    assert done.exit_code == 0
    assert all(len(line) <= 80 for line in done.output.splitlines())
    for words in (
        "a map is black as a whole",
        "training, draw 2",
        "net.py:13",
        "weights: w.pt: 8 of 8 tensors",
        "8 handwritten digits",
    ):
        assert words in " ".join(done.output.split())
    saved = CliRunner().invoke(
        command, [target, "dropout1", "--save", "x.png", "--json", "--draws", "1"], catch_exceptions=False
    )
    assert json.loads(saved.output)["result"]["is"] == "LayerShown"
    assert Path("x.png").read_bytes().startswith(b"\x89PNG")


def test_digits_where_they_fit_else_random_said_so(target):
    assert "handwritten" in asked(target, "fc1")["source"]
    assert asked(target, "fc1", data="random")["source"].startswith("random numbers, 2×1×28×28")
    Path("flat.py").write_text(
        "from torch import nn\nclass Flat(nn.Sequential):\n    def __init__(self):\n        super().__init__(nn.Linear(50, 4), nn.ReLU())\n"
    )
    assert asked("flat.py:Flat", "1")["source"].startswith("random numbers")
    assert "resized" in asked("flat.py:Flat", "1", data="digits[:3]")["source"]
    assert asked("flat.py:Flat", "0", inputs=["7,50"])["takes"] == [7, 50]


def test_where_a_layer_was_built_is_told(target):
    place = asked(target, "conv2", data="digits[3]")["place"]
    assert (Path(place["path"]).name, place["line"]) == ("net.py", 12)
