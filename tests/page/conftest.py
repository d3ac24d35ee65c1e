"""Pages of several networks, written once, and a browser to open them in: the system's Chromium, never a downloaded one."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch
from playwright.sync_api import Browser, Page, sync_playwright

from networks import Encoder, ResNet50
from nnwhy.api import page as pages
from nnwhy.examples import recipe
from nnwhy.facts import page as facts
from nnwhy.facts.codec import from_json
from nnwhy.report.page import page_html
from nnwhy.trace import record

CHROMIUM = shutil.which("chromium")

HOSTILE = """
from torch import nn

# </script><script>window.hurt = 1</script> <!-- <script>


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.add_module("<img src=x onerror=hurt=2>", nn.Conv2d(1, 4, 3))
        self.add_module("</script><b>&amp;", nn.Conv2d(4, 4, 3))

    def forward(self, x):
        for layer in self.children():
            x = layer(x)
        return x
"""


def _of_module(module: torch.nn.Module, x: torch.Tensor, letters: tuple[str | None, ...]) -> facts.Page:
    return pages.page_of(module, record(module, (x,), letters=(letters,)), (x,), {})


def _of_file(path: Path, text: str, *inputs: str) -> facts.Page:
    path.write_text(text, encoding="utf-8")
    return from_json(pages.page(f"{path}:Net", "", list(inputs)))


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pages")


@pytest.fixture(scope="session")
def facts_of(folder: Path) -> Callable[[str], facts.Page]:
    """The facts of a network's page, made once: "recipe", "hostile", "resnet" or "encoder"."""

    @cache
    def make(name: str) -> facts.Page:
        if name == "recipe":
            return _of_file(folder / "net.py", Path(recipe.__file__).read_text(), "N,1,28,28")
        if name == "hostile":
            return _of_file(folder / "hostile.py", HOSTILE, "N,1,8,8")
        if name == "resnet":
            return _of_module(ResNet50(), torch.randn(1, 3, 224, 224), ("N", None, None, None))
        return _of_module(Encoder(), torch.randint(0, 100, (2, 12)), ("N", "L"))

    return make


@pytest.fixture(scope="session")
def written(folder: Path, facts_of: Callable[[str], facts.Page]) -> Callable[[str], Path]:
    """Writes the page of one of these networks."""

    @cache
    def write(name: str) -> Path:
        path = folder / f"{name}.html"
        path.write_text(page_html(facts_of(name)), encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no chromium is installed")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def opened(browser: Browser, written: Callable[[str], Path]) -> Iterator[Callable[..., Page]]:
    """Opens a network's page from disk. Whatever the page complains about, or asks the network for, fails the test."""
    complaints: list[str] = []
    contexts: list[Any] = []

    def open_page(name: str, *, width: int = 1440, height: int = 1000, scheme: Any = "light") -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("request", lambda request: complaints.append(request.url))
        path = written(name)
        page.goto(path.as_uri())
        complaints.remove(path.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
