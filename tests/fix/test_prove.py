"""A fix is proved when its finding is gone and nothing new came."""

from __future__ import annotations

from collections.abc import Sequence

from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.fix.prove import proved


def place(line: int) -> Place:
    return Place("x.py", line, 1, line, 5, "Net.__init__")


def fix(line: int) -> Fix:
    return Fix(f"line {line}", (Edit(place(line), "b"),))


def found(*lines: int, check: str = "some-check") -> Finding:
    return Finding(check, "error", place(lines[0]), {}, module="fc", fixes=tuple(fix(line) for line in lines))


def test_the_first_fix_that_holds_comes_first_and_the_place_follows_it() -> None:
    def retrace(edits: Sequence[Edit], _: Fix) -> Sequence[Finding]:
        return [] if edits[0].place.line == 7 else [found(3)]

    (result,) = proved([found(3, 7)], retrace)
    assert result.proved is not None and result.proved.label == "line 7"
    assert result.place is not None and result.place.line == 7 and result.also[0].line == 3


def test_a_fix_that_brings_something_new_is_not_proved() -> None:
    (result,) = proved([found(3)], lambda edits, fix: [found(4, check="other-check")])
    assert result.proved is None and result.fixes == ()


def test_a_note_that_comes_is_nothing_new() -> None:
    note = Finding("remark", "note", place(9), {})
    (result,) = proved([found(3)], lambda edits, fix: [note])
    assert result.proved is not None


def test_another_mistake_that_stays_does_not_matter() -> None:
    other = found(5, check="other-check")
    results = proved(
        [found(3), other], lambda edits, fix: [other] if edits[0].place.line == 3 else [found(3)]
    )
    assert all(result.proved is not None and not result.proved.proof.runs for result in results)  # type: ignore[union-attr]


def test_a_copy_that_cannot_be_loaded_proves_nothing() -> None:
    (result,) = proved([found(3)], lambda edits, fix: None)
    assert result.proved is None
