"""What a layer did to data, as text."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from rich.text import Text

from nnwhy.facts.picture import Bars, Histogram, LayerShown, Picture, Plane
from nnwhy.report.charts import bars_text, histogram_text, numbers_text, plane_text
from nnwhy.report.pixels import picture_text
from nnwhy.report.words import where


def shown_layer_text(shown: LayerShown, width: int, *, colour: bool = False) -> Iterator[Text]:
    """What to see, the pictures, the numbers, then where all of it came from."""
    head = Text(shown.path, style="bold cyan")
    place = where(shown.place)
    written = shown.written if len(shown.written) + len(shown.path) + len(place) + 6 <= width else shown.type
    head.append(f"  {written}", style="bold")
    if place:
        head.append(" " * max(width - len(head.plain) - len(place) - 1, 1) + place, style="dim")
    yield head
    yield from (Text(line) for line in wrap(shown.see, width - 1))
    for note in shown.notes:
        yield from (Text(line, style="yellow") for line in wrap(note, width - 1))
    for picture in shown.pictures:
        yield Text("")
        yield from drawing_text(picture, width, colour=colour)
    for table in shown.numbers:
        yield Text("")
        yield from numbers_text(table, width)
    yield Text("")
    for line in origins(shown):
        yield from (Text(part, style="dim") for part in wrap(line, width - 1))


def drawing_text(picture: Picture | Bars | Histogram | Plane, width: int, *, colour: bool) -> Iterator[Text]:
    """One picture of any kind."""
    if isinstance(picture, Picture):
        yield from picture_text(picture, width, colour=colour)
    elif isinstance(picture, Bars):
        yield from bars_text(picture, width)
    elif isinstance(picture, Histogram):
        yield from histogram_text(picture, width)
    else:
        yield from plane_text(picture, width)


def origins(shown: LayerShown) -> list[str]:
    """The sizes, the data, the weights and the mode, a sentence each."""
    takes, gives = ("×".join(map(str, shape)) or "one number" for shape in (shown.takes, shown.gives))
    lines = [f"takes {takes}, gives {gives}; {shown.mode}"]
    if shown.calls > 1:
        lines.append(f"called {shown.calls} times in the pass; shown is call {shown.call} (from 0)")
    lines += [f"data: {shown.source}"] if shown.source else []
    lines += [f"weights: {shown.weights}"] if shown.weights else []
    return lines
