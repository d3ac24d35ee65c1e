"""The JSON schema of facts, made from the fact classes themselves, so that it cannot drift from them."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping
from typing import Any, ForwardRef, Literal, Union, get_args, get_origin, get_type_hints

from nnwhy.facts.codec import Json, fact_types

SCHEMA = 1


def schema() -> Json:
    """The schema (draft 2020-12) of what `--json` prints: {"schema": 1, "result": a fact}."""
    kinds = fact_types()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What nnwhy prints with --json",
        "type": "object",
        "properties": {"schema": {"const": SCHEMA}, "result": {"$ref": "#/$defs/fact"}},
        "required": ["schema", "result"],
        "additionalProperties": False,
        "$defs": {
            "fact": {"anyOf": [{"$ref": f"#/$defs/{name}"} for name in kinds]},
            "Value": _value(),
            **{name: _fact(name, kind) for name, kind in kinds.items()},
        },
    }


def _fact(name: str, kind: type[Any]) -> Json:
    hints = get_type_hints(kind)
    fields = [spec.name for spec in dataclasses.fields(kind)]
    properties: dict[str, Json] = {"is": {"const": name}}
    properties.update({field: _type(hints[field]) for field in fields})
    first = (kind.__doc__ or "").strip().split("\n\n")[0].replace("\n    ", " ")
    return {
        "type": "object",
        "description": first,
        "properties": properties,
        "required": ["is", *fields],
        "additionalProperties": False,
    }


def _type(hint: Any) -> Json:
    """The schema of one annotation; names that stand for a recursive union are references."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is type(None):
        return {"type": "null"}
    if isinstance(hint, ForwardRef):
        return {"$ref": f"#/$defs/{hint.__forward_arg__}"}
    if isinstance(hint, type) and hint.__name__ in fact_types() and dataclasses.is_dataclass(hint):
        return {"$ref": f"#/$defs/{hint.__name__}"}
    if origin in (Union, types.UnionType):
        if any(
            isinstance(part, ForwardRef)
            or (get_origin(part) is tuple and ForwardRef("Value") in get_args(part))
            for part in arguments
        ):
            return {"$ref": "#/$defs/Value"}
        return {"anyOf": [_type(part) for part in arguments]}
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin is tuple:
        return {"type": "array", "items": _type(arguments[0])} if arguments else {"type": "array"}
    if origin in (dict, Mapping) or (isinstance(origin, type) and issubclass(origin, Mapping)):
        return {"type": "object", "additionalProperties": _type(arguments[1])}
    plain: dict[Any, Json] = {
        bool: {"type": "boolean"},
        int: {"type": "integer"},
        float: {"anyOf": [{"type": "number"}, {"type": "object", "required": ["float"]}]},
        str: {"type": "string"},
    }
    if hint in plain:
        return plain[hint]
    raise TypeError(f"no schema for {hint!r}")


def _value() -> Json:
    facts = ("TensorRef", "Traced", "Slice", "Symbol", "Opaque")
    return {
        "anyOf": [
            {"type": ["null", "boolean", "integer", "number", "string"]},
            {"type": "array", "items": {"$ref": "#/$defs/Value"}},
            *({"$ref": f"#/$defs/{name}"} for name in facts),
            {
                "type": "object",
                "additionalProperties": {"$ref": "#/$defs/Value"},
                "not": {"required": ["is"]},
            },
        ]
    }
