"""The program around a network, played where that is harmless: what it raises is explained as it would be in a real run, and
each fix is tried by playing it again."""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType

import torch

from nnwhy.api.crash import asked_of, crash_findings
from nnwhy.api.crash_frames import user_places
from nnwhy.errors import NnwhyError
from nnwhy.facts.finding import Finding, Fix, Proof
from nnwhy.facts.source import SourceFacts
from nnwhy.fix.overlay import overlaid
from nnwhy.fix.prove import led
from nnwhy.fix.texts import Overlapping, changed_texts
from nnwhy.load.failed_call import raised_in_network
from nnwhy.load.harmless import harmless
from nnwhy.load.playing import parts_to_play, play
from nnwhy.load.running import tree_of
from nnwhy.load.source import read_sources
from nnwhy.load.target import parse_target
from nnwhy.trace.unwarned import unwarned
from nnwhy.watch.phases import Phases
from nnwhy.watch.watching import Watch

_TRIED = 6
_TURNS = 4
_ROWS = re.compile(r"(\d+) rows$")
_STEPS = 200
_OF_LOSSES = ("loss-target", "class-numbers", "loss-broadcast")
_OUTSIDE = (OSError, ImportError, EOFError, MemoryError, NotImplementedError)
_OF_THE_MACHINE = ("CUDA", "NVIDIA", "cuda", "MPS", "Triton", "out of memory")


@dataclass(frozen=True, slots=True)
class Program:
    """A file and the index of the part of it that is played."""

    path: Path
    network: str
    part: int = 0


def rehearsed(target: str) -> tuple[Finding, ...]:
    """The errors that the program around a target ends with, with their fixes proved; () where it runs, cannot be played
    without leaving a trace, or ends for another reason than its networks."""
    for program in programs(target):
        try:
            with unwarned():
                found, sources = _seen(program)
        except NnwhyError:
            continue
        if found:
            with unwarned():
                return tuple(_proved(finding, program, sources) for finding in found)
    return ()


def confirmed(target: str, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings; where the program around the target can be played and raises, the errors about its losses and those without
    a proof get the first of their fixes with which it runs."""
    doubtful = [
        one for one in findings if one.severity == "error" and (one.proved is None or one.check in _OF_LOSSES)
    ]
    for program in programs(target) if any(fix.edits for one in doubtful for fix in one.fixes) else ():
        try:
            with unwarned():
                if play(program.path, statements_of(program)) is None:
                    continue
                sources = dict(read_sources(str(program.path)))
                return tuple(_proved(one, program, sources) if one in doubtful else one for one in findings)
        except NnwhyError:
            continue
    return tuple(findings)


def programs(target: str) -> list[Program]:
    """What may be played around a target, in order; [] where it would leave a trace."""
    try:
        named = parse_target(target)
        path = Path(named.path).resolve()
        if path.suffix != ".py" or not path.is_file():
            return []
        tree = tree_of(path)
    except NnwhyError:
        return []
    network = named.name.rpartition(".")[2]
    parts = parts_to_play(tree, network)
    if not parts or not harmless(tree, path.parent):
        return []
    return [Program(path, network, index) for index in range(len(parts))]


def statements_of(program: Program) -> list[ast.stmt]:
    """What is run behind the file itself."""
    parts = parts_to_play(tree_of(program.path), program.network)
    return parts[program.part] if program.part < len(parts) else []


def _seen(program: Program) -> tuple[list[Finding], dict[str, SourceFacts]]:
    """What is wrong with the program, seen the second time: the first time nobody watches, which is faster."""
    statements = statements_of(program)
    error = play(program.path, statements)
    if error is None or isinstance(error, _OUTSIDE) or any(word in str(error) for word in _OF_THE_MACHINE):
        return [], {}
    watch = Watch()
    phases = Phases(watch, steps=_STEPS, tell=lambda _: None, stop=None)
    phases.begin()
    try:
        again = play(program.path, statements, bare=True)
    finally:
        phases.end()
    if again is None or type(again) is not type(error):
        return [], {}
    sources = dict(read_sources(str(program.path)))
    found = [finding for finding in crash_findings(again, watch) if finding.severity == "error"]
    return found or list(_plainly(again, sources)), sources


def _plainly(error: Exception, sources: dict[str, SourceFacts]) -> Iterator[Finding]:
    """The exception at the user's innermost expression, where that has to do with a network or with tensors."""
    places = user_places(error)
    frame, place = places[-1] if places else (None, None)
    if frame is None or place is None or place.path not in sources:
        return
    if raised_in_network(error) or _has_tensors(frame, sources[place.path].at(place)):
        lines = str(error).strip().splitlines()
        yield Finding(
            "call-fails", "error", place,
            {"name": "the program", "type": type(error).__name__, "message": lines[0] if lines else "no message"},
            title="{name} fails: {type}: {message}",
        )  # fmt: skip


def _has_tensors(frame: FrameType, text: str) -> bool:
    """Whether a name in an expression stands for a tensor, a network, a class of networks or torch."""
    known = {**frame.f_globals, **frame.f_locals}
    values = [known.get(name) for name in re.findall(r"\b[^\W\d]\w*", text)]
    return any(
        isinstance(value, torch.Tensor | torch.nn.Module)
        or (isinstance(value, type) and issubclass(value, torch.nn.Module))
        or getattr(value, "__name__", "").startswith("torch")
        for value in values
    )


def _proved(finding: Finding, program: Program, sources: dict[str, SourceFacts]) -> Finding:
    tried = 0
    for fix in finding.fixes:
        if not fix.edits or tried == _TRIED:
            continue
        tried += 1
        rest = tuple(other for other in finding.fixes if other is not fix)
        proof = _proof(fix, program, sources)
        if proof is None and finding.check == "embedding-index":
            fix, proof = _grown(finding, fix, program, sources)
        if proof is not None:
            return led(replace(finding, fixes=rest), replace(fix, proof=proof))
    return finding


def _grown(
    finding: Finding, fix: Fix, program: Program, sources: dict[str, SourceFacts]
) -> tuple[Fix, Proof | None]:
    """A table with rows for all lookups of the program: the first one that fails shows no more than its own numbers."""
    rows = _ROWS.search(finding.actual)
    for _ in range(_TURNS):
        error = _ending(fix, program, sources)
        asked = asked_of(error) if isinstance(error, IndexError) else None
        if rows is None or asked is None or asked[1] < int(rows[1]):
            return fix, None
        old, new = rf"\b{rows[1]}\b", str(asked[1] + 1)
        edits = tuple(replace(edit, text=re.sub(old, new, edit.text)) for edit in fix.edits)
        fix = replace(fix, label=re.sub(old, new, fix.label), means=re.sub(old, new, fix.means), edits=edits)
        proof = _proof(fix, program, sources)
        if proof is not None:
            return fix, proof
        rows = _ROWS.search(f"{new} rows")
    return fix, None


def _proof(fix: Fix, program: Program, sources: dict[str, SourceFacts]) -> Proof | None:
    start = time.perf_counter()
    error = _ending(fix, program, sources)
    return Proof(True, (), True, time.perf_counter() - start) if error is None else None


def _ending(fix: Fix, program: Program, sources: dict[str, SourceFacts]) -> Exception | None:
    """What the program ends with once the fix is made; an error of ours where it cannot be made."""
    try:
        with with_fix(fix, sources):
            return play(program.path, statements_of(program))
    except (Overlapping, NnwhyError) as error:
        return error


@contextmanager
def with_fix(fix: Fix, sources: Mapping[str, SourceFacts]) -> Generator[dict[str, str]]:
    """The program's files as the fix makes them, of which it gives the changed ones.

    Raises Overlapping and NnwhyError, as `edited` does.
    """
    texts = changed_texts(sources, fix.edits)
    with overlaid(texts, sources):
        yield texts
