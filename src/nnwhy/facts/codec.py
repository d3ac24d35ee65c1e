"""Facts to JSON data and back: a dataclass becomes an object whose "is" is its class name."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping
from functools import cache
from typing import Any

from nnwhy.errors import NnwhyError

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def to_json(fact: object) -> Json:
    """JSON data for a fact, or for tuples, mappings and plain values that hold facts.

    Raises TypeError for anything else: facts are free of tensors and other live objects.
    """
    if fact is None or isinstance(fact, bool | str):
        return fact
    if isinstance(fact, int):
        return int(fact)
    if isinstance(fact, float):
        return _float_to_json(fact)
    if isinstance(fact, tuple | list):
        return [to_json(item) for item in fact]
    if isinstance(fact, Mapping):
        return {str(key): to_json(item) for key, item in fact.items()}
    if dataclasses.is_dataclass(fact) and not isinstance(fact, type):
        shown: dict[str, Json] = {"is": type(fact).__name__}
        for spec in dataclasses.fields(fact):
            shown[spec.name] = to_json(getattr(fact, spec.name))
        return shown
    raise TypeError(f"{type(fact).__name__} is not a fact")


def from_json(data: Json) -> Any:
    """The fact that `to_json` made `data` of. Lists come back as tuples. Raises NnwhyError for an unknown kind of fact."""
    if isinstance(data, list):
        return tuple(from_json(item) for item in data)
    if isinstance(data, dict):
        if set(data) == {"float"}:
            return float(str(data["float"]))
        if "is" not in data:
            return {key: from_json(item) for key, item in data.items()}
        kind = fact_types().get(str(data["is"]))
        if kind is None:
            raise NnwhyError(f"unknown kind of fact {data['is']!r}: was it written by a newer nnwhy?")
        return kind(**{key: from_json(item) for key, item in data.items() if key != "is"})
    return data


@cache
def fact_types() -> dict[str, type[Any]]:
    """Every fact class by its name."""
    from nnwhy.facts import (
        card,
        contract,
        derivation,
        explanation,
        expression,
        finding,
        page,
        picture,
        place,
        session,
        source,
        trace,
        value,
    )

    modules: list[types.ModuleType] = [
        card, contract, derivation, explanation, expression, finding, page, picture, place, session, source, trace, value,
    ]  # fmt: skip
    return {
        name: thing
        for module in modules
        for name, thing in vars(module).items()
        if dataclasses.is_dataclass(thing) and isinstance(thing, type) and thing.__module__ == module.__name__
    }


def _float_to_json(number: float) -> Json:
    """JSON has no infinities and no NaN."""
    return number if number - number == 0 else {"float": str(number)}
