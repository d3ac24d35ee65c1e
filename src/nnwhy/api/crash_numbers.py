"""The written numbers that may be to blame for a crash in a network, where the script ran with numbers that remember where they
were written."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from torch import nn

from nnwhy.checks.basis.blame import blamed, change_fixes, suspects
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Finding, Fix
from nnwhy.facts.written import Origin
from nnwhy.fix.texts import once_each
from nnwhy.trace.constructions import constructor_arguments
from nnwhy.trace.written import origin_of

_MOST = 6
_SECONDS = 12.0  # of the processor, for looking whether the network runs


def with_numbers(
    findings: Sequence[Finding], subject: Subject, network: nn.Module, runs: Callable[[Fix], bool] | None
) -> tuple[Finding, ...]:
    """The findings, each with the changes of one number that may mend the network, without a proof; as they are where its numbers
    remember nothing. `runs` says whether the network built with a fix takes what it was called with, None where it cannot be built."""
    written = {
        (path, name, index): origin
        for path, module in network.named_modules(remove_duplicate=False)
        for name, value in constructor_arguments(module).items()
        for index, origin in origins(value)
    }
    if not written:
        return tuple(findings)
    subject = replace(subject, written=written)
    likely = change_fixes(subject, blamed(subject), agreed=True)
    possible = change_fixes(subject, suspects(subject), agreed=False)
    fixes = once_each([*likely, *possible])
    if runs is not None:
        fixes = list(_running(fixes, runs))
    fixes = fixes[:_MOST]
    return tuple(replace(finding, fixes=(*finding.fixes, *fixes)) for finding in findings)


def _running(fixes: Sequence[Fix], runs: Callable[[Fix], bool]) -> Iterator[Fix]:
    end = time.process_time() + _SECONDS
    for fix in fixes:
        if time.process_time() > end:
            return
        with suppress(Exception):
            if runs(fix):
                yield fix


def origins(value: object) -> list[tuple[int | None, Origin]]:
    """The origins of a number, or of the numbers in a row, each with its index."""
    items = enumerate(value) if isinstance(value, tuple | list) else [(None, value)]
    return [(index, origin) for index, item in items if (origin := origin_of(item)) is not None]
