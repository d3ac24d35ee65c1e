"""Pictures drawn into files."""

import itertools
import struct
import xml.etree.ElementTree as ElementTree

import pytest
import torch
from torch import nn

import nnwhy
from nnwhy.errors import InputError
from nnwhy.examples.recipe import Net
from nnwhy.report import plots

X = torch.rand(2, 1, 28, 28, generator=torch.Generator().manual_seed(0))


@pytest.fixture(scope="module")
def net():
    torch.manual_seed(0)
    return Net()


def test_a_png_is_nine_inches_wide(net, tmp_path):
    path = nnwhy.show(net, X, "dropout1", draws=1).save(tmp_path / "x.png")
    data = path.read_bytes()
    wide, high = struct.unpack(">II", data[16:24])
    assert wide == 1350 and high > wide


@pytest.mark.parametrize("layer", ["conv1", "fc2", "log_softmax", "F.relu"])
def test_an_svg_holds_the_words_and_is_xml(net, tmp_path, layer):
    path = nnwhy.show(net, X, layer).save(tmp_path / "x.svg")
    ElementTree.parse(path)
    assert path.read_text().count("<image") >= 1 or layer == "log_softmax"


def test_a_plane_is_drawn(tmp_path):
    shown = nnwhy.show(nn.Sequential(nn.Embedding(9, 4)), torch.arange(9)[None], "0")
    assert shown.save(tmp_path / "x.svg").stat().st_size > 1000


def test_names_are_never_read_as_mathematics(tmp_path):
    class Named(nn.Module):
        def __init__(self):
            super().__init__()
            self.add_module("$a_{<b}$", nn.Dropout(0.5))

        def forward(self, x):
            return getattr(self, "$a_{<b}$")(x)

    assert nnwhy.show(Named(), X, "$a_{<b}$").save(tmp_path / "x.png").exists()


def test_nothing_overlaps(net):
    """The parts of a figure are boxes below each other."""
    figure = plots.draw(nnwhy.show(net, X, "fc1").facts)
    boxes = [axes.get_position() for axes in figure.axes]
    for above, below in itertools.pairwise(boxes):
        assert above.y0 >= below.y1 - 1e-9
    assert all(box.y0 >= 0 and box.y1 <= 1 for box in boxes)


@pytest.mark.parametrize(
    "name, words", [("x.jpg", ".png, .svg or .pdf"), ("nowhere/x.png", "does not exist")]
)
def test_what_cannot_be_saved_says_why(net, tmp_path, name, words):
    with pytest.raises(InputError) as raised:
        nnwhy.show(net, X, "fc2").save(tmp_path / name)
    assert words in str(raised.value)


def test_without_matplotlib_it_is_said(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "matplotlib.figure", None)
    with pytest.raises(InputError, match=r"pip install 'nnwhy\[plots\]'"):
        plots.check(tmp_path / "x.png")
