"""The places that facts speak of."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
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


def with_paths(fact: Any, rename: Callable[[str], str]) -> Any:
    """The fact with every place's path renamed."""
    if isinstance(fact, Place):
        return dataclasses.replace(fact, path=rename(fact.path))
    if isinstance(fact, tuple):
        return tuple(with_paths(item, rename) for item in fact)
    if isinstance(fact, Mapping):
        return {key: with_paths(item, rename) for key, item in fact.items()}
    if dataclasses.is_dataclass(fact) and not isinstance(fact, type):
        changed = {
            spec.name: with_paths(getattr(fact, spec.name), rename) for spec in dataclasses.fields(fact)
        }
        return dataclasses.replace(fact, **changed)
    return fact
