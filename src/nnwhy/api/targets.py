"""The verbs on a target in the user's files. These functions run in the worker process: they take and give JSON data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from nnwhy.checks.basis.running import findings_of
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.codec import Json, to_json
from nnwhy.facts.contract import InputSpec
from nnwhy.facts.finding import Finding
from nnwhy.facts.trace import Trace
from nnwhy.load import Loaded, load
from nnwhy.load.running import after_stop
from nnwhy.load.source import read_sources
from nnwhy.trace import record, watching_constructions
from nnwhy.trace.inputs import make_inputs, parse_inputs
from nnwhy.why import questions, steps
from nnwhy.why.infer import infer_inputs


@dataclass(frozen=True)
class Traced:
    """A loaded network with its recorded pass, what it was called with and, where the input was found by us, how."""

    loaded: Loaded
    trace: Trace
    input_reason: str
    specs: tuple[InputSpec, ...]
    args: tuple[Any, ...]
    keywords: dict[str, Any]


def traced(target: str, init: str, inputs: list[str]) -> Traced:
    """Load `target`, make or infer its input, and record one pass."""
    with watching_constructions() as constructions:
        loaded = load(target, init=init or None)
    if inputs:
        specs, reason = parse_inputs(inputs), ""
    else:
        found = infer_inputs(loaded.module, loaded.hints, constructions=constructions)
        specs, reason = found.inputs, found.reason
    if loaded.stopped is not None:
        reason = "; ".join(
            part for part in (reason, f"{after_stop(loaded.stopped)}, is not looked at") if part
        )
    args, keywords, letters = make_inputs(specs, loaded.module)
    trace = record(loaded.module, args, keywords, letters=letters, constructions=constructions)
    return Traced(loaded, trace, reason, specs, args, keywords)


def explain(target: str, init: str, inputs: list[str], unfold: bool) -> Json:
    """The explanation of a target, as facts in JSON."""
    found = traced(target, init, inputs)
    explanation = steps.explain(found.trace, unfold=unfold, input_reason=found.input_reason)
    return to_json(replace(explanation, findings=_findings(found)))


def _findings(found: Traced) -> tuple[Finding, ...]:
    """The errors and warnings that the checks see in the recorded pass and its file."""
    subject = Subject(read_sources(found.loaded.path), found.trace)
    seen = (finding for finding in findings_of(subject) if finding.severity != "note")
    return tuple(replace(finding, fixes=(), derivations=()) for finding in seen)


def why(target: str, init: str, inputs: list[str], question: str) -> Json:
    """The answer to a question about a target, as facts in JSON."""
    found = traced(target, init, inputs)
    return to_json(questions.answer(found.trace, question))


def layer(target: str, init: str, inputs: list[str], path: str) -> Json:
    """The layer at `path` of a target, with its own numbers, as facts in JSON."""
    found = traced(target, init, inputs)
    here = steps.layer_here(found.trace, path)
    return to_json(replace(here, findings=tuple(one for one in _findings(found) if one.module == path)))
