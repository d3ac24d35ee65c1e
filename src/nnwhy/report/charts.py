"""Bars, distributions, planes and tables of numbers on a terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator
from textwrap import wrap

from rich.text import Text

from nnwhy.facts.picture import Bars, Histogram, Numbers, Plane, Series

_EIGHTHS = " ▏▎▍▌▋▊▉█"
_HEIGHTS = " ▁▂▃▄▅▆▇█"
_PLANE_ROWS = 15


def bars_text(bars: Bars, width: int) -> Iterator[Text]:
    """One line a bar; where there are negative values, 0 is in the middle."""
    yield from _title(bars.title, width)
    labels = max((len(bar.label) for bar in bars.bars), default=0)
    notes = max((len(bar.note or number(bar.value)) for bar in bars.bars), default=0)
    largest = max((abs(bar.value) for bar in bars.bars if math.isfinite(bar.value)), default=0.0) or 1.0
    both = any(bar.value < 0 for bar in bars.bars)
    room = max(width - labels - notes - 7, 10)
    room = min(room // 2 if both else room, 44)
    for bar in bars.bars:
        share = abs(bar.value) / largest if math.isfinite(bar.value) else 0.0
        line = Text(f"  {bar.label.rjust(labels)} ", style="bold" if bar.marked else "")
        style = "orange1" if bar.marked else "cyan"
        if both:
            left = "█" * round(share * room) if bar.value < 0 else ""
            line.append(left.rjust(room), style="blue")
            line.append("│", style="dim")
        line.append(_bar(share * room if bar.value >= 0 else 0.0).ljust(room), style=style)
        line.append(f" {bar.note or number(bar.value)}", style="bold" if bar.marked else "")
        yield line
    yield from _see(bars.see, width)


def _bar(length: float) -> str:
    whole, rest = divmod(round(length * 8), 8)
    return "█" * whole + (_EIGHTHS[rest] if rest else "")


def histogram_text(histogram: Histogram, width: int) -> Iterator[Text]:
    """Each series as two rows of blocks, all on the same axis; the heights of each are its own."""
    yield from _title(histogram.title, width)
    labels = max((len(series.label) for series in histogram.series), default=0)
    for series in histogram.series:
        for upper in (True, False):
            label = series.label.rjust(labels) if not upper else " " * labels
            yield Text(f"  {label} ").append(
                "".join(_column(series, i, upper) for i in range(len(series.counts))), style="cyan"
            )
    size = len(histogram.series[0].counts) if histogram.series else 0
    low, high = number(histogram.low), number(histogram.high)
    yield Text(f"  {' ' * labels} {low}{high.rjust(max(size - len(low), len(high) + 1))}", style="dim")
    yield from _see(histogram.see, width)


def _column(series: Series, index: int, upper: bool) -> str:
    """The upper or lower half of one bin's column. A bin that is not empty is never drawn as empty."""
    count, most = series.counts[index], max(series.counts) or 1
    height = max(round(count / most * 16), 1 if count else 0)
    return _HEIGHTS[max(min(height - 8, 8), 0) if upper else min(height, 8)]


def plane_text(plane: Plane, width: int) -> Iterator[Text]:
    """The points by number on a grid, and what the numbers stand for."""
    yield from _title(plane.title, width)
    columns = width - 6
    xs, ys = [p.x for p in plane.points], [p.y for p in plane.points]
    grid = [[" "] * columns for _ in range(_PLANE_ROWS)]
    for point in plane.points:
        name = point.label[:8]
        column = round(_part(point.x, xs) * (columns - 1))
        row = _PLANE_ROWS - 1 - round(_part(point.y, ys) * (_PLANE_ROWS - 1))
        column = min(column, columns - len(name))
        if all(grid[row][column + i] == " " for i in range(-1, len(name) + 1) if 0 <= column + i < columns):
            grid[row][column : column + len(name)] = list(name)
        else:
            grid[row][min(round(_part(point.x, xs) * (columns - 1)), columns - 1)] = "•"
    for line in grid:
        yield Text(f"  │{''.join(line).rstrip()}")
    yield Text(f"  └{'─' * columns}", style="dim")
    yield from (
        Text(f"   {line}", style="dim")
        for line in wrap(f"to the right: {plane.horizontal}; upwards: {plane.vertical}", width - 4)
    )
    yield from _see(plane.see, width)


def _part(value: float, values: list[float]) -> float:
    low, high = min(values), max(values)
    return (value - low) / (high - low) if high > low else 0.5


def numbers_text(numbers: Numbers, width: int) -> Iterator[Text]:
    """The table in columns; a table too wide for the line is cut into several with the same labels."""
    if numbers.title:
        yield from _title(numbers.title, width)
    labels = max((len(row.label) for row in numbers.rows), default=0)
    cells = [[cell(value) for value in row.values] for row in numbers.rows]
    sizes = [
        max([len(name), *(len(row[index]) for row in cells if index < len(row))])
        for index, name in enumerate(numbers.columns)
    ]
    start = 0
    while start < len(sizes):
        end, used = start + 1, labels + 2 + 2 + sizes[start]
        while end < len(sizes) and used + 2 + sizes[end] <= width - 1:
            used += 2 + sizes[end]
            end += 1
        if any(numbers.columns):
            heads = "".join(f"  {numbers.columns[i].rjust(sizes[i])}" for i in range(start, end))
            yield Text(f"  {' ' * labels}{heads}".rstrip(), style="dim")
        for row, texts in zip(numbers.rows, cells, strict=True):
            values = "".join(
                f"  {(texts[i] if i < len(texts) else '').rjust(sizes[i])}" for i in range(start, end)
            )
            yield Text(f"  {row.label.ljust(labels)}{values}".rstrip())
        start = end
    yield from _see(numbers.see, width)


def cell(value: float | str | None) -> str:
    """A cell of a table; "" where there is no number."""
    if value is None:
        return ""
    return value if isinstance(value, str) else number(value)


def number(value: float) -> str:
    """Three digits where it is no whole number, and thousands apart."""
    if not math.isfinite(value):
        return str(value)
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}".replace("-", "−")
    text = f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"
    return text.replace("-", "−")


def _title(title: str, width: int) -> Iterator[Text]:
    yield from (Text(line, style="bold") for line in wrap(title, width - 1))


def _see(text: str, width: int) -> Iterator[Text]:
    yield from (Text(f"  {line}", style="dim") for line in wrap(text, width - 3))
