"""Fixes proved, and where those of the checks do not mend the network, one written number looked for that does."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

from nnwhy.api.blaming import Blame, blame
from nnwhy.api.examination import Examination
from nnwhy.facts.finding import Edit, Finding, Fix, Proof
from nnwhy.fix.overlay import overlaid
from nnwhy.fix.prove import counted, key_of, led, newly_found, proved
from nnwhy.fix.texts import changed_texts
from nnwhy.load import load
from nnwhy.trace import record
from nnwhy.trace.inputs import make_inputs
from nnwhy.trace.unwarned import unwarned

_PROOFS = 4
_SECONDS = 12.0  # of the processor, for looking whether the network runs


def mended(examination: Examination, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings with their fixes proved. Errors that one written number mends together are one mistake."""
    with unwarned():  # the first look has told them
        return _mended(examination, findings)


def _mended(examination: Examination, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    tried = proved(findings, examination.again, end=examination.end)
    errors = [finding for finding in tried if finding.severity == "error"]
    if not errors or (len(errors) == 1 and _runs(errors[0])):
        return tried
    alone = next((finding for finding in errors if _runs(finding)), None)
    if alone is not None and alone.proved is not None:
        return _together(tried, [alone, *(e for e in errors if e is not alone)], alone.proved)
    open_ones = any(finding.proved is None for finding in errors)
    partly: dict[int, Fix] = {}
    before = counted(tried)
    for fix in _one_number(examination, thorough=open_ones):
        start = time.perf_counter()
        after = examination.again(fix.edits, fix)
        if after is None:
            continue
        now, new = counted(after), newly_found(before, after)
        runs = not any(finding.severity == "error" for finding in after)
        seconds = time.perf_counter() - start
        if runs and not new:
            return _together(tried, errors, replace(fix, proof=Proof(True, (), True, seconds)))
        for index, finding in enumerate(tried):
            if finding.proved is None and not new and now[key_of(finding)] < before[key_of(finding)]:
                partly.setdefault(index, replace(fix, proof=Proof(True, (), runs, seconds)))
    return tuple(
        led(finding, partly[index]) if index in partly else finding for index, finding in enumerate(tried)
    )


def _one_number(examination: Examination, *, thorough: bool) -> Iterator[Fix]:
    """Changes of one written number that may mend all: first those after which the sizes agree; then, where some error has
    no way out yet and as long as there is time, those with which the network was seen to run."""
    found = blame(examination, whole=not thorough)
    if found is None:
        return
    likely = found.likely[: _PROOFS if thorough else 2]
    yield from likely
    if thorough:
        yield from _running(examination, found, {fix.edits for fix in likely})


def _running(examination: Examination, found: Blame, told: set[tuple[Edit, ...]]) -> Iterator[Fix]:
    end = time.process_time() + _SECONDS
    for fix in (*found.likely, *found.possible):
        if time.process_time() > end:
            return
        if fix.edits not in told and _passes(examination, fix):
            yield fix


def _passes(examination: Examination, fix: Fix) -> bool:
    """Whether the network is built and its pass ends with these edits: one look, without checks."""
    texts = changed_texts(examination.sources, fix.edits)
    with overlaid(texts, examination.sources), torch.random.fork_rng(devices=[]):
        try:
            with _Unfilled():
                loaded = load(examination.target, init=examination.init)
            args, kwargs, _ = make_inputs(examination.specs, loaded.module)
            if loaded.device == "cpu":
                with torch.no_grad():
                    loaded.module(*args, **kwargs)
                return True
            return not record(loaded.module, args, kwargs).failures
        except Exception:
            return False


class _Unfilled(TorchFunctionMode):
    """Random numbers are not drawn: most of what building costs, and without meaning where only sizes are looked at."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if getattr(func, "__name__", "") in ("uniform_", "normal_", "erfinv_", "trunc_normal_"):
            return args[0] if args else (kwargs or {}).get("tensor")
        return func(*args, **(kwargs or {}))


def _runs(finding: Finding) -> bool:
    return finding.proved is not None and finding.proved.proof is not None and finding.proved.proof.runs


def _together(findings: Iterable[Finding], errors: Sequence[Finding], fix: Fix) -> tuple[Finding, ...]:
    """The first error with this fix; the others are the same mistake, seen elsewhere."""
    places = [place for error in errors[1:] for place in (error.place, *error.also) if place is not None]
    first = led(errors[0], fix)
    also = tuple(place for place in dict.fromkeys([*first.also, *places]) if place != first.place)
    rest = [finding for finding in findings if finding not in errors]
    return (replace(first, also=also), *rest)
