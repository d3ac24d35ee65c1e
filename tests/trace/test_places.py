"""Every call and every construction at its place in the user's text, to the column."""

import textwrap

import pytest
import torch

from nnwhy.source import text_at
from nnwhy.trace import record, watching_constructions

SOURCE = """
import torch
from torch import nn
import torch.nn.functional as F

def block(width):
    return nn.Sequential(nn.Linear(width, 8), nn.ReLU())

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = block(4)
        self.row = nn.Sequential(nn.Linear(8, 6), nn.Linear(6, 5))
        self.listed = nn.ModuleList([nn.Linear(5, 5) for _ in range(2)])
        for i in range(2):
            self.add_module(f"loop{i}", nn.Linear(5, 5 if i else 5))

    def forward(self, x):
        x = self.row(F.relu(self.first(x)) + 1)
        ä, y = x, x
        for layer in self.listed: x = layer(ä)
        return (x.view(-1, 5)
                 .unsqueeze(0)), F.relu(ä) + F.relu(y)
"""


@pytest.fixture
def net(tmp_path):
    path = tmp_path / "net_of_places.py"
    path.write_text(textwrap.dedent(SOURCE), encoding="utf-8")
    space = {"__name__": "net_of_places"}
    with watching_constructions() as constructions:
        exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), space)
        made = space["Net"]()
    return record(made, (torch.zeros(2, 4),), constructions=constructions)


def test_every_function_call_is_at_its_own_expression(net):
    mine = [call for call in net.calls if call.kind == "function" and call.module == ""]
    texts = [" ".join(text_at(call.place).split()) for call in mine]
    assert texts == [
        "F.relu(self.first(x))",
        "F.relu(self.first(x)) + 1",
        "x.view(-1, 5)",
        "unsqueeze(0)",  # of a chain over several lines, its own line
        "F.relu(ä)",
        "F.relu(y)",
        "F.relu(ä) + F.relu(y)",
    ]


def test_every_module_call_is_at_its_own_expression(net):
    texts = {call.module: text_at(call.place) for call in net.calls if call.kind == "module" and call.place}
    assert texts["first"] == "self.first(x)" and texts["listed.1"] == "layer(ä)"


def test_every_construction_is_at_its_own_expression(net):
    texts = {module.path: text_at(module.constructed[0]) for module in net.modules if module.constructed}
    assert texts["first.0"] == "nn.Linear(width, 8)"
    assert texts["row.0"] == "nn.Linear(8, 6)" and texts["row.1"] == "nn.Linear(6, 5)"
    assert texts["listed.0"] == texts["listed.1"] == "nn.Linear(5, 5)"
    assert texts["loop1"] == "nn.Linear(5, 5 if i else 5)"
    assert texts["row"] == "nn.Sequential(nn.Linear(8, 6), nn.Linear(6, 5))"


def test_a_factory_is_named_behind_the_expression_in_it(net):
    places = net.module("first.0").constructed
    assert [text_at(place) for place in places[:2]] == ["nn.Linear(width, 8)", "block(4)"]
    assert [place.function for place in places[:2]] == ["block", "Net.__init__"]


def test_an_argument_has_its_own_place(net):
    place = net.module("loop1").argument_places["out_features"]
    assert text_at(place) == "5 if i else 5"
