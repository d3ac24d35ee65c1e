"""Edits by position keep everything else as it was."""

from __future__ import annotations

import pytest

from nnwhy.facts.finding import Edit
from nnwhy.facts.place import Place
from nnwhy.fix.texts import Overlapping, edited, overlap

TEXT = "a = f(1, 2)\nb = g(3)\n"


def at(line: int, start: int, end: int) -> Place:
    return Place("x.py", line, start, line, end)


def test_edits_change_their_stretch_and_nothing_else() -> None:
    edits = [Edit(at(1, 7, 8), "100"), Edit(at(2, 8, 8), ", 4")]
    assert edited({"x.py": TEXT}, edits)["x.py"] == "a = f(100, 2)\nb = g(3, 4)\n".replace(
        "g(3, 4)", "g(3, 4)"
    )


def test_equal_edits_count_once() -> None:
    edit = Edit(at(1, 7, 8), "9")
    assert edited({"x.py": TEXT}, [edit, edit])["x.py"].startswith("a = f(9, 2)")


def test_different_edits_of_one_stretch_are_refused() -> None:
    with pytest.raises(Overlapping):
        edited({"x.py": TEXT}, [Edit(at(1, 7, 8), "9"), Edit(at(1, 5, 11), "h()")])


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((7, 8), (7, 8), True),
        ((7, 8), (8, 9), False),
        ((7, 11), (8, 8), True),
        ((7, 7), (7, 7), True),
        ((7, 7), (9, 9), False),
    ],
)
def test_overlap_is_what_cannot_be_applied_together(
    one: tuple[int, int], other: tuple[int, int], expected: bool
) -> None:
    assert overlap([Edit(at(1, *one), "p")], [Edit(at(1, *other), "q")]) is expected
