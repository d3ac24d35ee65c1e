"""The explorable page: one HTML file with its data, style and scripts inside, which needs no network."""

from __future__ import annotations

from nnwhy.report.page.building import page_html

__all__ = ["page_html"]
