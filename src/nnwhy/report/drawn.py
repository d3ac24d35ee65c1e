"""What a layer did to data, as an object that draws itself: as text, in a notebook, into a file."""

from __future__ import annotations

from pathlib import Path

from nnwhy.facts.picture import LayerShown
from nnwhy.report.shown import Shown
from nnwhy.report.shown_layer import shown_layer_text


class Drawn(Shown[LayerShown]):
    """`Shown` for pictures: they can be saved."""

    def __init__(self, facts: LayerShown) -> None:
        super().__init__(facts, shown_layer_text)

    def save(self, path: str | Path) -> Path:
        """Draw into a .png, .svg or .pdf file, and return its path. Raises NnwhyError where matplotlib is not installed."""
        from nnwhy.report.plots import save

        return save(self.facts, Path(path))
