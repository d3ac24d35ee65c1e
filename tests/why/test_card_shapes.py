"""The formula that a card shows and the rule that `why` uses are one: both give the size that torch makes."""

from __future__ import annotations

import re

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from nnwhy import layers
from nnwhy.facts.expression import evaluate
from nnwhy.trace import record
from nnwhy.why.sizes import CallSizes

FORMULA = re.compile(r"\b([DHWL])_out = ([^;,]+)")
WINDOWS = [
    card.name
    for card in layers.cards()
    if card.is_module and FORMULA.search(card.shape_note) and "Lazy" not in card.name
]
SIDES = {"L": ("left", "right"), "W": ("left", "right"), "H": ("top", "bottom"), "D": ("front", "back")}


def value(formula: str, names: dict[str, int]) -> int:
    """The value of a formula in a card's notation."""
    text = (
        formula.replace("⌊", "((")
        .replace(" / ", ")//(")
        .replace("⌋", "))")
        .replace("·", "*")
        .replace("−", "-")
    )
    return eval(text, {}, names)  # the text is our own card


@st.composite
def built(draw, name: str):
    """A layer of this class with random arguments, an input for it, and the values of the formula's names."""
    rank = int(name.removesuffix("d")[-1])
    sizes = (
        {axis: draw(st.integers(7, 12)) for axis in "DHW"[3 - rank :]}
        if rank > 1
        else {"L": draw(st.integers(7, 12))}
    )
    x = torch.zeros(1, 2, *sizes.values())
    names: dict[str, int] = {}
    cls = getattr(nn, name)
    if "Pad" in name:
        padding = [draw(st.integers(0, 2)) for _ in range(2 * rank)]
        for axis, start in zip(reversed(sizes), range(0, 2 * rank, 2), strict=True):
            names.update(zip(SIDES[axis], padding[start : start + 2], strict=True))
        layer = cls(padding, 0.0) if name.startswith("Constant") else cls(padding)
        return layer, x, sizes, names
    given_here = {"kernel_size": draw(st.integers(2, 3)), "stride": draw(st.integers(1, 2))}
    if "Conv" in name or name.startswith("MaxPool"):
        given_here["dilation"] = draw(st.integers(1, 2))
    if not name.startswith("LP"):
        given_here["padding"] = draw(st.integers(0, 1))
    if "Transpose" in name:
        given_here["output_padding"] = draw(
            st.integers(0, max(given_here["stride"], given_here["dilation"]) - 1)
        )
    if name.startswith("LP"):
        return cls(2, **given_here), x, sizes, given_here
    return (cls(2, 3, **given_here) if "Conv" in name else cls(**given_here)), x, sizes, given_here


@pytest.mark.parametrize("name", [name for name in WINDOWS if "Unpool" not in name])
@given(data=st.data())
@settings(deadline=None, max_examples=8, derandomize=True)
def test_the_card_and_the_rule_give_the_size_that_torch_makes(name, data):
    layer, x, sizes, names = data.draw(built(name))
    trace = record(layer, (x,))
    assert not trace.failures
    call = next(call for call in reversed(trace.calls) if call.kind == "function" and call.outputs)
    axes = CallSizes(trace).of(call)[0]
    shape = trace.tensors[call.outputs[0]].shape
    for axis, formula in FORMULA.findall(layers.card(name).shape_note):
        position = -len(sizes) + list(sizes).index(axis)
        assert value(formula, {**names, **sizes}) == shape[position]
        assert axes[position].source == "rule"
        assert evaluate(axes[position].full or axes[position].expression) == shape[position]


def test_most_window_layers_are_covered():
    assert len(WINDOWS) >= 25
