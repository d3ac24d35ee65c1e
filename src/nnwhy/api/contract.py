"""The contract of a target, and the same for other tools. Runs in the worker process: takes and gives JSON data."""

from __future__ import annotations

from nnwhy.facts.codec import Json, to_json
from nnwhy.load import load
from nnwhy.trace import watching_constructions
from nnwhy.trace.inputs import parse_inputs
from nnwhy.why.contract import contract_of, examined
from nnwhy.why.export import export


def contract(target: str, init: str, inputs: list[str], exported: bool) -> Json:
    """The contract of the network that `target` names, with its export where `exported` is set, as facts in JSON."""
    with watching_constructions() as constructions:
        loaded = load(target, init=init or None)
    specs = parse_inputs(inputs) if inputs else None
    found = examined(loaded.module, specs, hints=loaded.hints, constructions=constructions)
    return {
        "name": type(loaded.module).__name__,
        "how": loaded.how,
        "contract": to_json(contract_of(found)),
        "export": to_json(export(found)) if exported else None,
    }
