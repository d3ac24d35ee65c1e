"""Cards of comparisons and logic: true or false for each value."""

from __future__ import annotations

from typing import Any

from nnwhy.facts.card import Card
from nnwhy.layers.functions_math import pairwise
from nnwhy.layers.functions_reduce import reduction
from nnwhy.layers.writing import function

NO_GRADIENT = "It has no gradient: what is decided by it is not learned"


def comparison(name: str, sign: str, words: str, *aliases: str) -> Card:
    """The card of a comparison of two tensors."""
    return pairwise(
        name,
        symbol=f"a {sign} b, true or false",
        what=f"Whether one is {words} the other, value by value.",
        here=f"true where {words} the other",
        why="Masks: which positions to keep, fill or count.",
        pitfalls=NO_GRADIENT,
        aliases=aliases,
    )


COMPARISONS = (
    comparison("eq", "=", "equal to", "equal_to"),
    comparison("ne", "≠", "not equal to", "not_equal"),
    comparison("lt", "<", "less than", "less"),
    comparison("le", "≤", "at most", "less_equal"),
    comparison("gt", ">", "greater than", "greater"),
    comparison("ge", "≥", "at least", "greater_equal"),
)


def logical(name: str, what: str, **fields: Any) -> Card:
    """The card of an operator between two masks."""
    return pairwise(
        name,
        symbol="true or false of a and b",
        what=what,
        here=what[0].lower() + what[1:].rstrip("."),
        why="Masks that hold together.",
        pitfalls=NO_GRADIENT,
        **fields,
    )


LOGIC = (
    logical("logical_and", "True where both are."),
    logical("logical_or", "True where one is, or both."),
    logical("logical_xor", "True where just one is."),
    logical("bitwise_and", "True where both are; of whole numbers the bits that both have."),
    logical("bitwise_or", "True where one is, or both; of whole numbers the bits that either has."),
    logical("bitwise_xor", "True where just one is; of whole numbers the bits that differ."),
)


def of_each(name: str, what: str) -> Card:
    """The card of a question to each value."""
    return function(
        f"torch.{name}",
        "arithmetic",
        sentence=what,
        here=what[0].lower() + what[1:].rstrip("."),
        data="Any shape, kept; each value on its own.",
        why="Masks.",
        arguments="input | any shape",
        shape=name,
        shape_note="the input's shape",
        modes="The same.",
        parameters="0",
        multiply_adds="0; one evaluation for each value",
        pitfalls=NO_GRADIENT,
    )


QUESTIONS = (
    of_each("logical_not", "True where the input is not."),
    of_each("bitwise_not", "True where the input is not; of whole numbers all bits turned."),
    of_each("isnan", "True where a value is not a number."),
    of_each("isinf", "True where a value is infinite."),
    of_each("isfinite", "True where a value is neither infinite nor NaN."),
)

ANY = reduction(
    "any",
    what="Whether any value along axes is true.",
    here="whether any is true{dim:unless None| along axis #}",
    why="Is there anything to attend to.",
    pitfalls=NO_GRADIENT,
)
ALL = reduction(
    "all",
    what="Whether all values along axes are true.",
    here="whether all are true{dim:unless None| along axis #}",
    why="Is the whole row padding.",
    pitfalls=NO_GRADIENT,
)
