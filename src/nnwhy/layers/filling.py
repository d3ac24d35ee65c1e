"""The sentence of a card with the numbers of one instance filled in.

Between the braces of `Card.here` may stand
`{name}`: the value, a tuple as 3×3; `{name:2d}`: one number too as 3×3 (`3d`: as 3×3×3);
`{name:list}`: a tuple as 0, 2, 1; `{name:count}`: how many items it has;
`{name:if|text}`: the text where the value is neither absent, None, False, 0 nor empty;
`{name:unless VALUE|text}`: the text where the value is given, not None, and does not print as VALUE, which may be
another argument's name;
`{name:is VALUE|text}`: the text where it does print as VALUE.
In these (2, 2) prints as 2. In such a text `@` is the value, and `#` the value as a list.
"""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Mapping, Sequence
from typing import cast

from nnwhy.facts.card import Card
from nnwhy.facts.value import Traced

SLOT = re.compile(r"\{(\w+)(?::(?:(list|count|\dd)|(if|unless|is) ?([^|}]*)\|([^}]*)))?\}")
# "over 1 channels" reads badly; "each of the 1 outputs" stays.
ONE = re.compile(r"(?<!the )\b1 (block|channel|filter|group|head|layer|number|output|score|slope|tensor)s\b")


class _Missing(Exception):
    """A value that the template needs is not there."""


def fill(card: Card, values: Mapping[str, object]) -> str:
    """`card.here` with `values` filled in, else the general sentence, without its full stop."""
    # A function's argument that was not given has its default; a module's that it does not hold is unknown.
    known = dict(values) if card.is_module else {**_defaults(card), **values}

    def one(slot: re.Match[str]) -> str:
        name, form, condition, other, text = slot.groups()
        value = known.get(name, _Missing)
        if condition is None:
            printed = print_value(value) if form is None else print_as(form, value)
            if printed is None:
                raise _Missing
            return printed
        if condition == "if":
            shown = _is_there(value)
        else:
            printed = print_value(_one_number(value))
            hidden = print_value(_one_number(known[other])) if other in known else other
            shown = printed == other if condition == "is" else printed not in (None, "None", hidden)
        texts = {"@": print_value(_one_number(value)), "#": print_as("list", _one_number(value))}
        return re.sub("[@#]", lambda sign: texts[sign[0]] or "", text) if shown else ""

    try:
        filled = ONE.sub(r"1 \1", SLOT.sub(one, card.here))
    except _Missing:
        filled = ""
    return filled or card.sentence.rstrip(".")


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


def print_as(form: str, value: object) -> str | None:
    """A value in the form "list" (0, 2, 1), "count" (3) or "2d" (3×3, for one number as well)."""
    items = _items(value)
    if form == "count":
        return None if items is None else str(len(items))
    if form == "list":
        printed = [print_value(item) for item in ([value] if items is None else items)]
        return None if None in printed else ", ".join(part for part in printed if part is not None)
    if items is None and value is not None:
        value = [value] * int(form[0])
    return print_value(value)


def _is_there(value: object) -> bool:
    """Whether a value says yes: a tensor or any other object that cannot be asked does."""
    if value is None or isinstance(value, (bool, int, float, str, tuple, list)):
        return bool(value)  # pyright: ignore[reportUnknownArgumentType]
    return value is not _Missing


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
