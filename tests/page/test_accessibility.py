"""axe-core finds nothing serious, in light and dark, with the panel open."""

from __future__ import annotations

from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

OPTIONS = {"resultTypes": ["violations"]}


def serious(page: Page) -> list[str]:
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [
        f"{item['id']}: {item['nodes'][0]['html'][:120]}"
        for item in found
        if item["impact"] in ("serious", "critical")
    ]


def test_a_derivation_can_be_read_by_everybody(opened: Callable[..., Page]) -> None:
    page = opened("recipe", scheme="dark")
    page.click('#flow .shape .num:text-is("9216")')
    assert serious(page) == []


def test_a_layer_and_what_is_wrong_can_be_read_by_everybody(opened: Callable[..., Page]) -> None:
    page = opened("recipe")
    page.click('#flow .name:text-is("conv1")')
    page.locator("#panel .tile").first.click()
    page.get_by_label("H, height of x").fill("32")
    assert serious(page) == []


def test_folded_blocks_on_a_phone_can_be_read_by_everybody(opened: Callable[..., Page]) -> None:
    page = opened("encoder", width=360, height=740)
    page.locator("#flow button.name").nth(3).click()
    assert serious(page) == []


def test_what_is_wrong_would_be_found(opened: Callable[..., Page]) -> None:
    page = opened("recipe")
    page.evaluate(
        "document.querySelector('.box label').remove(); document.querySelector('.box input').removeAttribute('aria-label')"
    )
    assert any(item.startswith("label:") for item in serious(page))
