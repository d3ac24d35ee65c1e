"""A network that cannot be built ends the look at its first mistake: a copy without it is built and looked at in its place,
until one is built, so that all mistakes are told at once."""

from __future__ import annotations

from collections.abc import Sequence

from nnwhy.api.examination import Examination
from nnwhy.errors import NnwhyError
from nnwhy.facts.finding import Edit, Finding
from nnwhy.facts.source import SourceFacts
from nnwhy.fix.moving import moved_back
from nnwhy.fix.prove import proved
from nnwhy.fix.texts import edited
from nnwhy.load.source import reread

_MOST = 8


def found_beyond(examination: Examination, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings, proved on their copy, on what comes after the proved ones that ended the look; () where it went to the end."""
    told = list(findings)
    here, some = examination, list(findings)
    trail: list[tuple[dict[str, str], tuple[Edit, ...]]] = []
    more: list[Finding] = []
    for _ in range(_MOST):
        step = next((one for one in some if one.proved is not None and here.ended(one)), None)
        if step is None or step.proved is None:
            break
        texts = {path: source.text for path, source in here.sources.items()}
        changed = edited(texts, step.proved.edits)
        trail.append((texts, step.proved.edits))
        sources = dict(here.sources)
        for path, text in changed.items():
            sources[path] = reread(sources[path], text) or sources[path]
        here = _deeper(here, changed, sources)
        try:
            here.examine()
        except NnwhyError:
            break
        some = list(proved(here.findings, here.again, end=here.end))
        for finding in some:
            back = _back(finding, trail)
            if back is not None and not any(_same(back, other) for other in told):
                told.append(back)
                more.append(back)
    return tuple(more)


def _deeper(here: Examination, changed: dict[str, str], sources: dict[str, SourceFacts]) -> Examination:
    overlay = {**here.overlay, **changed}
    return Examination(here.target, here.init, here.specs, here.checks, sources=sources, overlay=overlay)


def _back(finding: Finding, trail: Sequence[tuple[dict[str, str], tuple[Edit, ...]]]) -> Finding | None:
    back: Finding | None = finding
    for texts, edits in reversed(trail):
        back = moved_back(back, texts, edits) if back is not None else None
    return back


def _same(one: Finding, other: Finding) -> bool:
    return one.check == other.check and one.place == other.place
