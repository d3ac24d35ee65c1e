"""Numbers remember the literal they were written as, through the user's own Python."""

from __future__ import annotations

import builtins
from textwrap import dedent
from typing import Any

from nnwhy.facts.written import Literal, literals, worth
from nnwhy.trace.written import origin_of, writing


def _run(text: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    with writing() as numbers:
        exec(compile(numbers.prepared("net.py", dedent(text)), "net.py", "exec"), names)
    return names


def _written(number: Any) -> list[Literal]:
    origin = origin_of(number)
    assert origin is not None
    return list(literals(origin))


def test_arithmetic_lists_defaults_and_partials_keep_the_literals_with_their_places():
    names = _run(
        """
        from functools import partial

        def width(base, factor: float = 1.5):
            return int(base * factor) // 2

        rows = [("a", 8), ("b", 16)]
        made = [partial(width, factor=2.0)(size) for _, size in rows]
        plain = width(rows[1][1])
        """
    )
    assert names["made"] == [8, 16]
    assert [(part.value, part.place.line) for part in _written(names["made"][1])] == [
        (16, 7),
        (2.0, 8),
        (2, 5),
    ]
    assert [part.place.column for part in _written(names["plain"])][:1] == [25]


def test_the_value_follows_when_a_literal_changes():
    names = _run("channels = 4 * 12 + 1\n")
    origin = origin_of(names["channels"])
    assert origin is not None
    four, _, one = literals(origin)
    assert worth(origin, {}) == 49
    assert worth(origin, {four.place: 5, one.place: 0}) == 60


def test_a_library_function_hands_on_what_it_was_given():
    names = _run(
        "from statistics import mean\nsize = round(mean([3, 5]))\nroot = __import__('math').isqrt(81)\n"
    )
    assert [part.value for part in _written(names["root"])] == [81]


def test_strings_truth_and_annotations_stay_what_they_are():
    names = _run("x: int = 3\nok = x == 3\nsame = {3: 'a'}[x]\ntext = f'{x:03d}'\n")
    assert (names["ok"], names["same"], names["text"]) == (True, "a", "003")


def test_nothing_is_left_behind():
    before = set(vars(builtins))
    _run("x = 1\n")
    assert set(vars(builtins)) == before


def test_loops_are_counted_by_literals():
    with writing() as numbers:
        exec(compile(numbers.prepared("net.py", "for _ in range(3 - 1):\n    pass\n"), "net.py", "exec"), {})
    assert [literal.value for literal in numbers.counted] == [3, 1]
