"""How large the pages of some networks are, and how fast they open and answer, measured in the system's Chromium.

Run: PYTHONPATH=src:tests python bench/page.py
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import torch
from playwright.sync_api import Browser, sync_playwright
from torch import nn

from networks import Encoder, ResNet50
from nnwhy.api.page import page_of
from nnwhy.examples.recipe import Net
from nnwhy.report.page import page_html
from nnwhy.trace import record

CLICK = """(selector) => {
  const found = document.querySelectorAll(selector);
  const start = performance.now();
  found[found.length - 1].click();
  document.body.getBoundingClientRect();
  return performance.now() - start;
}"""
TIMES = 5


def llama() -> nn.Module:
    """A Llama of 126 layers, as shapes only."""
    from transformers import LlamaConfig, LlamaForCausalLM

    with torch.device("meta"):
        return LlamaForCausalLM(
            LlamaConfig(
                num_hidden_layers=126, hidden_size=16384, intermediate_size=53248, num_attention_heads=128,
                num_key_value_heads=8, vocab_size=128256,
            )
        )  # fmt: skip


NETWORKS: dict[str, tuple[Callable[[], nn.Module], torch.Tensor]] = {
    "recipe": (Net, torch.randn(2, 1, 28, 28)),
    "Encoder": (Encoder, torch.randint(0, 100, (2, 12))),
    "ResNet50": (ResNet50, torch.randn(2, 3, 224, 224)),
    "Llama, 126 layers": (llama, torch.ones(1, 16, dtype=torch.long)),
}


def measured(browser: Browser, path: Path) -> tuple[float, float, float]:
    """Milliseconds to open the page, to answer a click on a number, and one on a layer: medians."""
    rows: list[tuple[float, ...]] = []
    for _ in range(TIMES):
        page = browser.new_page(viewport={"width": 1440, "height": 1000})
        page.goto(path.as_uri())
        opened = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
        clicks = (page.evaluate(CLICK, selector) for selector in ("#flow .num", "#flow button.name"))
        rows.append((opened, *clicks))
        page.close()
    first, second, third = (median(column) for column in zip(*rows, strict=True))
    return first, second, third


def main() -> None:
    """Print one line a network."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("no chromium is installed")
    print(f"{'':<20}{'size':>10}{'opens':>10}{'number':>10}{'layer':>10}")
    options: dict[str, Any] = {"executable_path": chromium, "args": ["--no-sandbox"]}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**options)
        for name, (make, x) in NETWORKS.items():
            module = make()
            text = page_html(page_of(module, record(module, (x,)), (x,), {}))
            path = Path(folder) / "page.html"
            path.write_text(text, encoding="utf-8")
            opened, number, layer = measured(browser, path)
            size = len(text.encode()) / 2**20
            print(f"{name:<20}{size:>7.2f} MB{opened:>7.0f} ms{number:>7.1f} ms{layer:>7.1f} ms")
        browser.close()


if __name__ == "__main__":
    main()
