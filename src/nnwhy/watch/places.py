"""The places that facts speak of."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from nnwhy.facts.place import Place


def places_in(fact: Any) -> Iterator[Place]:
    """Every place in a fact, at any depth."""
    if isinstance(fact, Place):
        yield fact
    elif isinstance(fact, tuple | list):
        for item in fact:
            yield from places_in(item)
    elif isinstance(fact, Mapping):
        for item in fact.values():
            yield from places_in(item)
    elif dataclasses.is_dataclass(fact) and not isinstance(fact, type):
        for spec in dataclasses.fields(fact):
            yield from places_in(getattr(fact, spec.name))
