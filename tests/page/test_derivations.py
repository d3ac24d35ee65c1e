"""A derivation on the page is the one on the terminal, line by line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page

from nnwhy.facts import page as facts
from nnwhy.facts.derivation import Derivation
from nnwhy.report.derivation import derivation_lines

SHOWN = 40
LINES = """(position) => {
  document.querySelector(`[data-number="${position}"]`).click();
  return [...document.querySelectorAll("#panel .lines li")].map((line) => [...line.children].map((part) => part.textContent));
}"""


def derivation(page: facts.Page, root: int) -> Derivation:
    """The steps below one of the page's numbers, as a derivation of their own."""
    order = [root]
    for position in order:
        order += [
            term for term in dict.fromkeys(page.numbers[position].step.terms) if term not in (None, *order)
        ]
    steps = [page.numbers[position].step for position in order]
    return Derivation(
        tuple(
            replace(step, terms=tuple(None if term is None else order.index(term) for term in step.terms))
            for step in steps
        )
    )


@pytest.mark.parametrize("name, most", [("recipe", 30), ("encoder", 30), ("resnet", 40)])
def test_the_page_tells_what_the_terminal_tells(
    opened: Callable[..., Page], facts_of: Callable[[str], facts.Page], name: str, most: int
) -> None:
    page = opened(name)
    made = facts_of(name)
    shown = page.locator("#flow [data-number]").evaluate_all(
        "all => all.map((one) => Number(one.dataset.number))"
    )
    positions = list(dict.fromkeys(shown))[-most:]
    assert len(positions) > 5
    for position in positions:
        expected = [
            [line.number, line.reason, *([line.place] if line.place else [])]
            for line in derivation_lines(derivation(made, position), most=10_000)
        ]
        assert page.evaluate(LINES, position)[:SHOWN] == expected[:SHOWN]
