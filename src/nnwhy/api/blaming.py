"""The written numbers that may be to blame for an error: the network is built once more, with numbers that remember where
they were written."""

from __future__ import annotations

from dataclasses import dataclass, replace

from nnwhy.api.crash_numbers import origins
from nnwhy.api.examination import Examination, construction_of
from nnwhy.checks.basis.blame import blamed, change_fixes, suspects
from nnwhy.checks.basis.refused import guessed_changes, passing_changes
from nnwhy.errors import NnwhyError, UserCodeError
from nnwhy.facts.finding import Fix
from nnwhy.fix.overlay import overlaid
from nnwhy.load import load
from nnwhy.trace import watching_constructions
from nnwhy.trace.constructions import constructor_arguments
from nnwhy.trace.refusals import numbers_of, refusal_of
from nnwhy.trace.written import writing


@dataclass(frozen=True)
class Blame:
    """Changes of one number each: those that sizes or a test speak for, the likeliest first, and those that can only be tried."""

    likely: tuple[Fix, ...]
    possible: tuple[Fix, ...]


def blame(examination: Examination, *, whole: bool = False) -> Blame | None:
    """None where the network cannot be built in this way. `whole`: every error has a way out of its own, and only
    numbers after which no size disagrees, and that are near the written ones, are likely."""
    subject = examination.seen
    if subject is None:
        return None
    texts = {path: source.text for path, source in examination.sources.items()}
    with (
        writing() as numbers,
        overlaid(texts, examination.sources, numbers.prepared),
        watching_constructions() as constructions,
    ):
        try:
            loaded = load(examination.target, init=examination.init)
        except UserCodeError as error:
            cause = error.__cause__
            if cause is None or construction_of(error, constructions) is None:
                return None
            refusal = refusal_of(cause)
            likely = passing_changes(refusal) if refusal is not None else []
            possible = guessed_changes([*numbers_of(cause).values(), *numbers.counted])
            return Blame(
                tuple(change_fixes(subject, likely, agreed=False)),
                tuple(change_fixes(subject, possible, agreed=False)),
            )
        except NnwhyError:
            return None
        written = {
            (path, name, index): origin
            for path, module in loaded.module.named_modules(remove_duplicate=False)
            for name, value in constructor_arguments(module).items()
            for index, origin in origins(value)
        }
    subject = replace(subject, written=written)
    likely = tuple(change_fixes(subject, blamed(subject, whole=whole), agreed=True))
    possible = [] if whole else suspects(subject, list(numbers.counted))
    return Blame(likely, tuple(change_fixes(subject, possible, agreed=False)))
