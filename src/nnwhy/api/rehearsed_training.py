"""What a program does wrong in silence: one that can be played is watched in its first steps, and each fix is tried by
watching it again."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from nnwhy.api.rehearsal import Program, programs, statements_of, with_fix
from nnwhy.checks.training.basis.registry import training_findings
from nnwhy.checks.training.basis.watched import Watched
from nnwhy.errors import NnwhyError
from nnwhy.facts.finding import Finding, Fix, Proof
from nnwhy.facts.session import Session
from nnwhy.facts.source import SourceFacts
from nnwhy.fix.prove import counted, key_of, led, newly_found
from nnwhy.fix.texts import Overlapping
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
        then = counted(before)
        if counted(after)[key_of(finding)] < then[key_of(finding)] and not newly_found(then, after):
            proof = Proof(True, (), True, time.perf_counter() - start)
            return led(finding, replace(fix, proof=proof))
    return finding


def _again(fix: Fix, program: Program, sources: dict[str, SourceFacts]) -> Sequence[Finding] | None:
    try:
        with with_fix(fix, sources) as texts:
            changed = {path: read_source(path, text) for path, text in texts.items()}
            known = {**sources, **{path: source for path, source in changed.items() if source is not None}}
            return _watched(program, known)
    except (Overlapping, NnwhyError):
        return None
