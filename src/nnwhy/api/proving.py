"""Fixes of a training script are proved by running its beginning again on an edited copy: a second run has the side effects of the
first, so this is done only where the user asks for it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nnwhy.api.rerun import Job
from nnwhy.facts.codec import from_json
from nnwhy.facts.finding import Finding, Fix, Proof
from nnwhy.facts.session import Seen
from nnwhy.facts.source import SourceFacts
from nnwhy.fix.prove import Key, counted, key_of, newly_found
from nnwhy.fix.texts import Overlapping, changed_texts, once_each
from nnwhy.notebooks import notebook_of

SECONDS = 120.0
_TRIED = 3
UNEVALUATED = 75
"""The exit code of a second run in which no evaluation began in time."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """How the script was started: what a second run needs."""

    target: str
    arguments: tuple[str, ...]
    as_module: bool
    steps: int
    folder: str
    environment: Mapping[str, str]


def proved_again(
    findings: Sequence[Finding],
    sources: Mapping[str, SourceFacts],
    beginning: Beginning,
    *,
    evaluated: bool,
    seconds: float = SECONDS,
) -> list[Finding]:
    """The findings, those without a proved fix with theirs tried in order until one holds, which then comes first; at most
    three of each, and none whose run takes longer than `seconds`.

    `evaluated`: the first run came to an evaluation; a second one that comes to none proves nothing then.
    """
    before = counted(findings)
    return [_tried(finding, before, sources, beginning, evaluated, seconds) for finding in findings]


def with_numbers_to_blame(
    findings: Sequence[Finding],
    sources: Mapping[str, SourceFacts],
    beginning: Beginning,
    *,
    seconds: float = SECONDS,
) -> list[Finding]:
    """The errors of a crash that nothing mends yet, with changes of one written number as fixes: the script runs once more, with
    numbers that remember where they are written, up to the crash."""
    open_ones = [one for one in findings if one.severity == "error" and one.proved is None and one.module]
    texts = {path: source.text for path, source in sources.items() if notebook_of(path) is None}
    again = _seen_again(texts, beginning, False, seconds, numbers=True) if open_ones and texts else None
    if again is None:
        return list(findings)
    fixes = {key_of(one): one.fixes for one in again.report.findings}
    return [
        replace(one, fixes=tuple(once_each([*one.fixes, *fixes.get(key_of(one), ())])))
        if one in open_ones
        else one
        for one in findings
    ]


def _tried(
    finding: Finding,
    before: Counter[Key],
    sources: Mapping[str, SourceFacts],
    beginning: Beginning,
    evaluated: bool,
    seconds: float,
) -> Finding:
    fixes = list(finding.fixes)
    with_edits = [] if finding.proved else [index for index, fix in enumerate(fixes) if fix.edits]
    for index in with_edits[:_TRIED]:
        proof = _proof(finding, fixes[index], before, sources, beginning, evaluated, seconds)
        fixes[index] = replace(fixes[index], proof=proof)
        if proof is not None and proof.holds:
            fixes.insert(0, fixes.pop(index))
            break
    return replace(finding, fixes=tuple(fixes))


def _proof(
    finding: Finding,
    fix: Fix,
    before: Counter[Key],
    sources: Mapping[str, SourceFacts],
    beginning: Beginning,
    evaluated: bool,
    seconds: float,
) -> Proof | None:
    try:
        texts = changed_texts(sources, fix.edits)
    except Overlapping:
        return None
    start = time.perf_counter()
    seen = _seen_again(texts, beginning, evaluated, seconds)
    if seen is None:
        return None
    after = seen.report.findings
    runs = seen.session.ended != "crash"
    gone = runs and counted(after)[key_of(finding)] < before[key_of(finding)]
    return Proof(gone, newly_found(before, after), runs and gone, time.perf_counter() - start)


def _seen_again(
    texts: dict[str, str], beginning: Beginning, evaluated: bool, seconds: float, *, numbers: bool = False
) -> Seen | None:
    """What was seen in a run with these texts; None where it did not come to the end of what is watched."""
    with tempfile.TemporaryDirectory() as folder:
        job, seen = Path(folder, "job.json"), Path(folder, "seen.json")
        Job(
            beginning.target,
            beginning.arguments,
            beginning.as_module,
            beginning.steps,
            texts,
            str(seen),
            numbers,
        ).write(job)
        try:
            done = subprocess.run(
                [sys.executable, "-m", "nnwhy.api.rerun", str(job)], cwd=beginning.folder,
                env={**beginning.environment, "PYTHONPATH": _path(beginning)}, timeout=seconds, check=False,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            if evaluated and done.returncode == UNEVALUATED:
                return None
            found = from_json(json.loads(seen.read_text())["result"])
            return found if isinstance(found, Seen) else None
        except (subprocess.TimeoutExpired, OSError, ValueError, KeyError):
            return None


def _path(beginning: Beginning) -> str:
    """This very nnwhy first, then what the user has."""
    own = str(Path(__file__).resolve().parents[2])
    return os.pathsep.join(part for part in (own, beginning.environment.get("PYTHONPATH", "")) if part)
