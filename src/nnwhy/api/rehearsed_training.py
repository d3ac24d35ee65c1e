"""What a program does wrong in silence: one that can be played is watched in its first steps, and each fix is tried by
watching it again."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from nnwhy.api.rehearsal import Program, programs, statements_of
from nnwhy.checks.training.basis.registry import training_findings
from nnwhy.checks.training.basis.watched import Watched
from nnwhy.errors import NnwhyError
from nnwhy.facts.finding import Finding, Fix, Proof
from nnwhy.facts.session import Session
from nnwhy.facts.source import SourceFacts
from nnwhy.fix.overlay import overlaid
from nnwhy.fix.prove import key_of, led
from nnwhy.fix.texts import Overlapping, edited
from nnwhy.load.playing import play
from nnwhy.load.running import Training, text_of
from nnwhy.load.source import read_source, read_sources
from nnwhy.trace.unwarned import unwarned
from nnwhy.watch.frames import foreign
from nnwhy.watch.phases import Phases
from nnwhy.watch.places import places_in
from nnwhy.watch.watching import Watch

_STEPS = 3
_TRIED = 3
_TOLD = frozenset({"train-mode-lost", "optimizer-misses-parameters", "loss-broadcast", "gradients-erased"})
"""What is wrong with any data. The other checks of training look at values, and a program that can be played makes up its own."""


def rehearsed_training(target: str) -> tuple[Finding, ...]:
    """The silent mistakes that the training of the program around a target shows, with their fixes proved; () where there is no
    such program or nothing is trained."""
    for program in programs(target):
        if ".step(" not in text_of(program.path):
            continue
        try:
            with unwarned():
                sources = dict(read_sources(str(program.path)))
                found = _watched(program, sources)
                told = [one for one in found or () if one.check in _TOLD and one.severity != "note"]
                if found is not None and told:
                    return tuple(_proved(one, found, program, sources) for one in told)
        except NnwhyError:
            continue
    return ()


def _watched(program: Program, sources: dict[str, SourceFacts]) -> Sequence[Finding] | None:
    """What the checks of training say of one playing; None where it raised."""
    sessions: list[Session] = []

    def leave(evaluated: bool) -> None:
        raise Training

    watch = Watch()
    phases = Phases(watch, steps=_STEPS, tell=sessions.append, stop=None, finished=leave)
    phases.begin()
    try:
        if play(program.path, statements_of(program), bare=True) is not None:
            return None
        if phases.phase != "over":
            sessions.append(watch.session("exit"))
    finally:
        phases.end()
    session = sessions[-1]
    for place in places_in(session):
        if place.path not in sources and not foreign(place.path):
            source = read_source(place.path)
            if source is not None:
                sources[place.path] = source
    return training_findings(Watched(session, sources))


def _proved(
    finding: Finding, before: Sequence[Finding], program: Program, sources: dict[str, SourceFacts]
) -> Finding:
    for fix in [fix for fix in finding.fixes if fix.edits][:_TRIED]:
        start = time.perf_counter()
        after = _again(fix, program, sources)
        if after is None:
            continue
        new = tuple(_new(before, after))
        gone = _count(after)[key_of(finding)] < _count(before)[key_of(finding)]
        if gone and not new:
            proof = Proof(True, (), True, time.perf_counter() - start)
            return led(finding, replace(fix, proof=proof))
    return finding


def _again(fix: Fix, program: Program, sources: dict[str, SourceFacts]) -> Sequence[Finding] | None:
    if not {edit.place.path for edit in fix.edits} <= set(sources):
        return None
    try:
        texts = edited({path: source.text for path, source in sources.items()}, fix.edits)
        changed = {path: read_source(path, text) for path, text in texts.items()}
        known = {**sources, **{path: source for path, source in changed.items() if source is not None}}
        with overlaid(texts, sources):
            return _watched(program, known)
    except (Overlapping, NnwhyError):
        return None


def _new(before: Sequence[Finding], after: Sequence[Finding]) -> Iterator[str]:
    then, now = _count(before), _count(after)
    for finding in after:
        if finding.severity != "note" and now[key_of(finding)] > then[key_of(finding)]:
            yield finding.check


def _count(findings: Sequence[Finding]) -> Counter[tuple[str, str, str]]:
    return Counter(key_of(finding) for finding in findings)
