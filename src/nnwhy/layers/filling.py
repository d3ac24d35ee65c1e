"""The sentence of a card with the numbers of one instance filled in.

Between the braces of `Card.here` may stand
`{name}`: the value; `{name:if|text}`: the text where the value is neither absent, None, False, 0 nor "";
`{name:unless VALUE|text}`: the text where the value is given and does not print as VALUE; (2, 2) prints as 2 here.
In such a text `@` is the value.
"""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Mapping, Sequence
from typing import cast

from nnwhy.facts.card import Card
from nnwhy.facts.value import Traced

SLOT = re.compile(r"\{(\w+)(?::(?:(list|count)|(if|unless) ?([^|}]*)\|([^}]*)))?\}")


class _Missing(Exception):
    """A value that the template needs is not there."""


def fill(card: Card, values: Mapping[str, object]) -> str:
    """`card.here` with `values` filled in, else the general sentence, without its full stop."""
    known = {**_defaults(card), **values}

    def one(slot: re.Match[str]) -> str:
        name, form, condition, other, text = slot.groups()
        value = known.get(name, _Missing)
        printed = print_value(value) if form is None else print_items(value, form)
        if condition is None:
            if printed is None:
                raise _Missing
            return printed
        if condition == "if":
            shown = known.get(name) not in (None, False, 0, "", ())
        else:
            printed = print_value(_one_number(value))
            shown = name in known and printed not in (None, "None", other)
        return text.replace("@", printed or "") if shown else ""

    try:
        return SLOT.sub(one, card.here)
    except _Missing:
        return card.sentence.rstrip(".")


def print_value(value: object) -> str | None:
    """A value as it reads in a sentence: (3, 3) is "3×3". None where it cannot be printed in a few signs."""
    if isinstance(value, Traced):
        return str(value.value)
    items = _items(value)
    if items is not None:
        parts = [print_value(item) for item in items]
        if not parts or None in parts:
            return None
        return "×".join(part for part in parts if part is not None)
    if value is None or isinstance(value, (bool, int, str)):
        return str(value)
    if isinstance(value, float):
        return f"{value:g}"
    return None


def print_items(value: object, form: str) -> str | None:
    """A tuple as its items, "0, 2, 1", or as their count; a single value as one item."""
    items = _items(value)
    items = [value] if items is None else items
    if form == "count":
        return str(len(items)) if value is not _Missing else None
    printed = [print_value(item) for item in items]
    return None if None in printed else ", ".join(part for part in printed if part is not None)


def _one_number(value: object) -> object:
    """(2, 2) as 2, anything else as it is."""
    items = _items(value)
    return items[0] if items and len(set(map(repr, items))) == 1 else value


def _items(value: object) -> list[object] | None:
    """The items of a tuple or list, None of anything else."""
    return list(cast("Sequence[object]", value)) if isinstance(value, (tuple, list)) else None


def _defaults(card: Card) -> dict[str, object]:
    found: dict[str, object] = {}
    for argument in card.arguments:
        if argument.default:
            try:
                found[argument.name] = literal_eval(argument.default)
            except (ValueError, SyntaxError):
                continue
    return found
