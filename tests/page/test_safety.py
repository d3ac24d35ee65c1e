"""Whatever a network is named or its file holds stays text, and the page asks for nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from nnwhy.report.page.building import embedded, policy


def test_names_from_a_network_are_shown_as_they_are(opened: Callable[..., Page]) -> None:
    page = opened("hostile")
    names = page.locator("#flow .name").all_inner_texts()
    assert names[1:] == ["<img src=x onerror=hurt=2>", "</script><b>&amp;"]
    for name in page.locator("#flow button.name").all():
        name.click()
    page.locator("#flow .num").last.click()
    expect(page.locator("#source")).to_contain_text("</script><script>window.hurt = 1</script> <!-- <script>")
    assert page.evaluate("window.hurt") is None
    assert page.locator("img, b:text('amp')").count() == 0


def test_the_file_has_one_script_of_ours_and_nothing_from_elsewhere(written: Callable[[str], Path]) -> None:
    text = written("hostile").read_text(encoding="utf-8")
    assert len(re.findall(r"<script", text)) == 2
    assert "<!--" not in text
    assert re.findall(r'\b(?:src|href)="(?!#)', text) == []


def test_a_script_that_is_not_ours_does_not_run(
    opened: Callable[..., Page], written: Callable[[str], Path]
) -> None:
    """The same page without the policy runs it: the policy is what stops it."""
    text = written("recipe").read_text(encoding="utf-8")
    added = text.replace("</body>", "<script>window.hurt = 3</script></body>")
    without = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", added)
    page = opened("recipe")
    hurt: list[int | None] = []
    for version in (added, without):
        frame = page.context.new_page()
        frame.set_content(version)
        hurt.append(frame.evaluate("window.hurt"))
    assert hurt == [None, 3]


def test_embedded_data_holds_no_markup_and_comes_back_the_same() -> None:
    data = {"</script>": "<!-- <script> & \u2028 \u2029 é 🙂"}
    text = embedded(data)
    assert not re.search("[<>&\u2028\u2029]", text)
    assert json.loads(text) == data


def test_the_policy_forbids_the_network() -> None:
    made = policy("a {}", "1")
    assert made.startswith("default-src 'none';")
    assert "unsafe" not in made and "http" not in made
