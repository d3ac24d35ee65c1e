"""Normal forms keep their value for all sizes, and read as a textbook writes them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnwhy.facts.expression import (
    Constant,
    Expression,
    Operation,
    Size,
    add,
    ceil_divide,
    evaluate,
    floor_divide,
    multiply,
    subtract,
)
from nnwhy.why.algebra import simplified, written

H, W = Size(0, 2, 28), Size(0, 3, 28)
small = st.integers(1, 9)


def extended(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    return st.one_of(
        st.builds(lambda a, b: add(a, b), inner, inner | small),
        st.builds(lambda a, b: subtract(a, b), inner, inner | small),
        st.builds(lambda a, b: multiply(a, b), inner, inner | small),
        st.builds(lambda a, b: floor_divide(a, b), inner, small),
        st.builds(lambda a, b: ceil_divide(a, b), inner, small),
        st.builds(lambda a, b: Operation("max", (a, Constant(b))), inner, small),
    )


expressions = st.recursive(st.sampled_from([H, W]), extended, max_leaves=8)


@given(expressions, st.integers(1, 300), st.integers(1, 300))
@settings(deadline=None)
def test_the_normal_form_has_the_same_value_for_any_sizes(expression, height, width):
    sizes = {H: height, W: width}

    def value(leaf):
        return sizes.get(leaf, leaf.value)

    assert evaluate(simplified(expression), value) == evaluate(expression, value)


@given(expressions)
@settings(deadline=None)
def test_a_normal_form_is_its_own_normal_form(expression):
    once = simplified(expression)
    assert simplified(once) == once


def conv(size, kernel, stride=1):
    return add(floor_divide(subtract(size, kernel), stride), 1)


@pytest.mark.parametrize(
    "expression, text",
    [
        (conv(conv(H, 3), 3), "H − 4"),
        (floor_divide(conv(conv(H, 3), 3), 2), "⌊(H − 4)/2⌋"),
        (conv(conv(H, 3, 2), 3, 2), "⌊(H − 3)/4⌋"),
        (
            multiply(64, floor_divide(subtract(H, 4), 2), floor_divide(subtract(W, 4), 2)),
            "64·⌊(H − 4)/2⌋·⌊(W − 4)/2⌋",
        ),
        (multiply(2, floor_divide(H, 2)), "2·⌊H/2⌋"),
        (floor_divide(multiply(4, H), 2), "2·H"),
        (subtract(H, H), "0"),
        (add(multiply(2, H), 3, W), "2·H + W + 3"),
    ],
)
def test_closed_forms_read_as_in_a_textbook(expression, text):
    assert written(simplified(expression), lambda size: "HW"[size.axis - 2]) == text
