"""What a notebook shows: whole, scoped, escaped, and nothing from elsewhere."""

import base64
import re
import struct
import zlib
from html.parser import HTMLParser
from pathlib import Path

import pytest
import torch
from torch import nn

import nnwhy
from nnwhy.examples.recipe import Net
from nnwhy.facts.picture import Picture, Tile
from nnwhy.report.html.pictures import tile_uri
from nnwhy.report.html.style import STYLE
from nnwhy.report.notebook import html

EVIL = "<img src=x onerror=alert(1)>"
X = torch.rand(2, 1, 28, 28, generator=torch.Generator().manual_seed(0))
VOID = {"img", "br", "path", "rect", "circle"}
ALLOWED = {
    "div", "style", "h3", "h4", "p", "pre", "code", "span", "details", "summary", "table", "thead", "tbody", "tr", "th", "td",
    "figure", "figcaption", "img", "svg", "text", "path", "rect", "circle", "ul", "li", "b", "br",
}  # fmt: skip


class Reader(HTMLParser):
    """Every tag with its attributes, the text, and whether all that opens closes."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.words, self.open = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


@pytest.fixture(scope="module")
def net():
    torch.manual_seed(0)
    return Net()


ANSWERS = {
    "why": lambda net: nnwhy.why(net, X, "fc1.in_features"),
    "explain": lambda net: nnwhy.explain(net, X),
    "card": lambda net: nnwhy.layer(nn.Dropout2d),
    "layer": lambda net: nnwhy.layer(net, X, "fc1"),
    "show dropout": lambda net: nnwhy.show(net, X, "dropout1"),
    "show bars": lambda net: nnwhy.show(net, X, "log_softmax"),
    "show distribution": lambda net: nnwhy.show(net, X, "F.relu"),
    "show plane": lambda net: nnwhy.show(nn.Sequential(nn.Embedding(9, 4)), torch.arange(9)[None], "0"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_is_whole_and_brings_all_it_needs(net, name):
    text = ANSWERS[name](net)._repr_html_()
    reader = Reader(text)
    assert reader.open == []
    assert {tag for tag, _ in reader.tags} <= ALLOWED
    for tag, attributes in reader.tags:
        assert not any(attribute.startswith("on") for attribute in attributes)
        assert attributes.get("src", "data:image/png;base64,").startswith("data:image/png;base64,")
        assert "href" not in attributes
        if tag == "img":
            assert attributes["alt"]
    assert "url(" not in text and "@import" not in text
    assert len(text) < 400_000


def test_the_derivation_unfolds_down_to_the_input(net):
    reader = Reader(ANSWERS["why"](net)._repr_html_())
    words = "".join(reader.words)
    for step in ("9216 = 64 × 12 × 12", "12 = ⌊24 / 2⌋", "24 = 26 − 3 + 1", "26 = 28 − 3 + 1"):
        assert step in words
    details = [attributes for tag, attributes in reader.tags if tag == "details"]
    assert len(details) >= 4
    assert "open" in details[0] and "open" not in details[3]


def test_all_lines_of_the_text_are_in_the_tree(net):
    from nnwhy.report.derivation import Branch, derivation_lines, derivation_tree

    derivation = ANSWERS["why"](net).facts.occurrences[0].derivation

    def flat(branch: Branch):
        yield branch.line.number, branch.line.reason, branch.line.place
        for part in branch.below:
            yield from flat(part)

    lines = [(line.number, line.reason, line.place) for line in derivation_lines(derivation)]
    assert list(flat(derivation_tree(derivation))) == lines
    assert sum(1 for _ in flat(derivation_tree(derivation, most=2))) < len(lines)


class Evil(nn.Module):
    def __init__(self):
        super().__init__()
        self.add_module(EVIL, nn.Linear(4, 5))
        self.drop = nn.Dropout(0.5)

    def forward(self, x):
        return self.drop(getattr(self, EVIL)(x))


@pytest.mark.parametrize(
    "ask",
    [
        lambda net: nnwhy.explain(net, torch.ones(2, 4)),
        lambda net: nnwhy.why(net, torch.ones(2, 4), f"{EVIL}.in_features"),
        lambda net: nnwhy.layer(net, torch.ones(2, 4), EVIL),
        lambda net: nnwhy.show(net, torch.ones(2, 4), EVIL),
    ],
)
def test_a_name_that_looks_like_markup_is_shown_as_text(ask):
    text = ask(Evil())._repr_html_()
    reader = Reader(text)
    assert EVIL in "".join(reader.words)
    assert not any("onerror" in attributes for _, attributes in reader.tags)
    assert "<img src=x" not in text


def test_facts_without_a_drawing_are_shown_as_their_text():
    text = html(object(), lambda: f"a < b & {EVIL}")
    assert "<pre>a &lt; b &amp; &lt;img" in text
    assert Reader(text).open == []


def test_styles_reach_nothing_else_on_the_page():
    selectors = [part for rule in re.findall(r"([^{}]+)\{", STYLE) for part in rule.strip().split(",")]
    assert selectors
    for selector in selectors:
        assert selector.strip().startswith(".nnwhy-out"), selector


def test_a_tile_is_a_png_with_its_pixels():
    tile = Tile("", ((0.0, 1.0, 0.5), (1.0, 0.0, 0.0)), spots=((1, 2),))
    data = base64.b64decode(tile_uri(tile, Picture("t", (tile,), 0.0, 1.0)).partition(",")[2])
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", data[16:24]) == (3, 2)
    start = data.index(b"IDAT")
    (length,) = struct.unpack(">I", data[start - 4 : start])
    pixels = zlib.decompress(data[start + 4 : start + 4 + length])
    assert pixels[:10] == bytes((0, 0, 0, 0, 255, 255, 255, 128, 128, 128))
    assert pixels[-3:] == bytes((128, 24, 34))


def test_the_notebook_of_the_documentation_runs_from_top_to_bottom():
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    path = Path(__file__).parents[2] / "docs" / "why_9216.ipynb"
    notebook = nbformat.read(path, 4)
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    shown = [output.data["text/html"] for output in outputs if "text/html" in output.get("data", {})]
    assert len(shown) == 6
    assert "9216 = 64 × 12 × 12" in shown[0] and "cell:" in shown[0]
    assert "dropped" in shown[2] and "single values are dropped" in shown[3]
    assert not any(output.output_type == "error" for output in outputs)
    assert not any(output.get("name") == "stderr" for output in outputs)
