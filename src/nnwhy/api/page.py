"""Everything that nnwhy knows of one network, gathered for the explorable page. `page` runs in the worker process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from linecache import getlines
from typing import Any

from torch import nn

from nnwhy.api.check import checked
from nnwhy.api.page_maps import (
    CHANNELS,
    DROPOUT_CHANNELS,
    feature_maps,
    fits,
    maps_of,
    real_data,
    sample_maps,
)
from nnwhy.api.silencing import Settings
from nnwhy.api.targets import Traced, traced
from nnwhy.errors import NnwhyError
from nnwhy.facts.card import Card
from nnwhy.facts.codec import Json, to_json
from nnwhy.facts.contract import Contract
from nnwhy.facts.finding import Finding
from nnwhy.facts.page import Maps, Page, PageFile, PageFinding, PageInput, PageStep
from nnwhy.facts.place import Place
from nnwhy.facts.trace import Trace
from nnwhy.layers import card
from nnwhy.trace.values import tensors
from nnwhy.why import steps
from nnwhy.why.contract import contract
from nnwhy.why.page import Way, way

WHOLE_FILE = 60_000
AROUND = 8


def page(target: str, init: str, inputs: list[str]) -> Json:
    """The page of a target, as facts in JSON."""
    found = traced(target, init, inputs)
    try:
        findings = checked(target, init or None, inputs, Settings(severity="note")).findings
    except NnwhyError:
        findings = ()
    made = page_of(
        found.loaded.module, found.trace, found.args, found.keywords,
        target=target, input_reason=found.input_reason, findings=findings,
    )  # fmt: skip
    return to_json(replace(made, contract=_contract(found)))


def _contract(found: Traced) -> Contract | None:
    """What the network takes, where passes are cheap enough to try it."""
    if not fits(found.loaded.module) or found.trace.how.kind != "real" or found.trace.failures:
        return None
    try:
        return contract(found.loaded.module, found.specs, hints=found.loaded.hints)
    except NnwhyError:
        return None


def page_of(
    module: nn.Module,
    trace: Trace,
    args: tuple[Any, ...],
    keywords: dict[str, Any],
    *,
    target: str = "",
    input_reason: str = "",
    findings: tuple[Finding, ...] = (),
) -> Page:
    """The page of a network that was recorded with these inputs. The module is as it was afterwards."""
    explanation = steps.explain(trace, unfold=True, input_reason=input_reason)
    found = way(trace, explanation)
    made, inputs, data = _with_maps(module, trace, found, args, keywords)
    about = tuple(PageFinding(finding, _step_of(finding, found)) for finding in findings)
    return Page(
        target=target or trace.root,
        explanation=replace(explanation, steps=(), findings=()),
        inputs=inputs,
        steps=made,
        numbers=found.numbers,
        calls=found.calls,
        demands=found.demands,
        cards=tuple(_cards(made)),
        findings=about,
        files=tuple(_files(_places(found, about))),
        sample=sample_maps(),
        data=data,
    )


def _with_maps(
    module: nn.Module, trace: Trace, found: Way, args: tuple[Any, ...], keywords: dict[str, Any]
) -> tuple[tuple[PageStep, ...], tuple[PageInput, ...], str]:
    """The steps and inputs with what really went through them; as they are where no real pass is at hand."""
    if not fits(module) or trace.failures:
        return found.steps, found.inputs, ""
    args, data = real_data(module, args, keywords)
    opened = {step.parent for step in found.steps}
    makers: dict[int, int] = {}
    for position, step in enumerate(found.steps):
        call = trace.calls[step.step.call]
        if position in opened or not call.outputs:
            continue
        maker = trace.tensors[call.outputs[0]].origin.call
        if maker is not None:
            makers[position] = maker
    wanted = dict.fromkeys(makers.values(), CHANNELS)
    for position, step in enumerate(found.steps):
        if "ropout" in step.type:
            wanted.update({makers[taken]: DROPOUT_CHANNELS for taken in step.takes if taken in makers})
            if position in makers:
                wanted[makers[position]] = DROPOUT_CHANNELS
    maps = feature_maps(module, trace, args, keywords, wanted)
    if not maps:
        return found.steps, found.inputs, ""
    given = list(tensors((args, keywords)))
    shown: list[Maps | None] = [
        maps_of(tensor, CHANNELS) if tensor.is_floating_point() and tensor.dim() == 4 else None
        for tensor in given
    ]
    return (
        tuple(
            replace(step, maps=maps.get(makers.get(position, -1)))
            for position, step in enumerate(found.steps)
        ),
        tuple(
            replace(one, maps=shown[index] if index < len(shown) else None)
            for index, one in enumerate(found.inputs)
        ),
        data,
    )


def _step_of(finding: Finding, found: Way) -> int | None:
    """The step that a finding is about: its call's, its layer's, or the one on its line."""
    if finding.call is not None and finding.call < len(found.calls) and found.calls[finding.call] >= 0:
        return found.calls[finding.call]
    for position, step in enumerate(found.steps):
        if finding.module and step.step.module == finding.module:
            return position
    for place in (finding.place, *finding.also):
        for position, step in enumerate(found.steps):
            for own in (step.step.place, step.constructed):
                if place and own and (own.path, own.line) == (place.path, place.line):
                    return position
    return None


def _cards(made: Iterable[PageStep]) -> Iterator[Card]:
    for name in dict.fromkeys(step.card for step in made if step.card):
        yield card(name)


def _places(found: Way, findings: tuple[PageFinding, ...]) -> Iterator[Place]:
    for step in found.steps:
        yield from (place for place in (step.step.place, step.constructed) if place)
    yield from (number.step.place for number in found.numbers if number.step.place)
    yield from (demand.place for demand in found.demands if demand.place)
    for about in findings:
        own = (about.finding.place, *about.finding.also)
        edits = (edit.place for fix in about.finding.fixes for edit in fix.edits)
        yield from (place for place in (*own, *edits) if place)


def _files(places: Iterable[Place]) -> Iterator[PageFile]:
    """Small files whole; of large ones the lines around each place."""
    lines: dict[str, set[int]] = {}
    for place in places:
        around = range(place.line - AROUND, place.end_line + AROUND + 1)
        lines.setdefault(place.path, set()).update(around)
    for path, wanted in lines.items():
        text = getlines(path)
        if not text:
            continue
        if sum(map(len, text)) <= WHOLE_FILE:
            wanted = set(range(1, len(text) + 1))
        yield PageFile(path, tuple(_stretches(text, sorted(wanted))))


def _stretches(text: list[str], wanted: list[int]) -> Iterator[tuple[int, str]]:
    start, held = 0, ""
    for number in (line for line in wanted if 0 < line <= len(text)):
        if held and number != start + held.count("\n"):
            yield start, held
            held = ""
        if not held:
            start = number
        held += text[number - 1].rstrip("\r\n") + "\n"
    if held:
        yield start, held
