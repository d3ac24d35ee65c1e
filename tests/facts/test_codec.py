"""Facts come back from JSON as they went."""

import json

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from nnwhy.errors import NnwhyError
from nnwhy.examples.recipe import Net
from nnwhy.facts.codec import from_json, to_json
from nnwhy.facts.expression import Argument, Constant, Expression, Operation, Size
from nnwhy.trace import record

numbers = st.integers(-(10**6), 10**6)
leaves = st.one_of(
    st.builds(Constant, numbers),
    st.builds(Size, st.integers(0, 50), st.integers(0, 5), numbers),
    st.builds(Argument, st.integers(0, 50) | st.none(), st.text(max_size=5), numbers, st.none() | st.integers(0, 3), st.text(max_size=4)),
)  # fmt: skip
expressions: st.SearchStrategy[Expression] = st.recursive(
    leaves,
    lambda inner: st.builds(Operation, st.sampled_from(["+", "*", "max"]), st.lists(inner, min_size=1, max_size=3).map(tuple)),
    max_leaves=8,
)  # fmt: skip


def there_and_back(fact):
    return from_json(json.loads(json.dumps(to_json(fact))))


@given(expressions)
def test_any_expression_comes_back(expression):
    assert there_and_back(expression) == expression


def test_a_whole_trace_comes_back():
    trace = record(Net(), (torch.zeros(2, 1, 28, 28),))
    assert there_and_back(trace) == trace


@pytest.mark.parametrize("number", [float("inf"), float("-inf"), 0.1, 1e300])
def test_floats_come_back(number):
    assert there_and_back((number,)) == (number,)


def test_an_unknown_kind_is_refused():
    with pytest.raises(NnwhyError, match="unknown kind of fact 'Guess'"):
        from_json({"is": "Guess"})
