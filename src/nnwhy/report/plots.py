"""What a layer did to data, drawn into a file by matplotlib (the extra `plots`)."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from textwrap import fill
from typing import Any

from nnwhy.errors import InputError
from nnwhy.facts.picture import Bars, Histogram, LayerShown, Numbers, Picture, Plane, Tile
from nnwhy.report.charts import cell, number
from nnwhy.report.colours import rgb
from nnwhy.report.shown_layer import origins
from nnwhy.report.words import where

SUFFIXES = (".png", ".svg", ".pdf")
WIDTH = 9.0
_LINE = 0.19
_ROW = 0.21
_PER_LINE = 118


def check(path: Path) -> None:
    """Raises InputError where nothing could be drawn there: an unknown kind of file, no folder, no matplotlib."""
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(f"a picture cannot be saved as {path.name}; name it .png, .svg or .pdf")
    if not path.parent.is_dir():
        raise InputError(f"the folder {path.parent} does not exist")
    _figures()


def save(shown: LayerShown, path: Path) -> Path:
    """Draw into `path`, 9 inches wide, and return it. Raises InputError as `check` does."""
    check(path)
    figure = draw(shown)
    # "$" and the like in names stay as they are: no text of a network is ever read as mathematics.
    figure.savefig(path, dpi=150, facecolor="white")
    return path


def draw(shown: LayerShown) -> Any:
    """A matplotlib Figure: the sentence, each picture below the other, the tables, the origins."""
    head = _wrapped(shown.see) + [line for note in shown.notes for line in _wrapped(note)]
    foot = [line for text in origins(shown) for line in _wrapped(text)]
    parts: list[tuple[float, Callable[[Any], None]]] = [
        (0.4 + _LINE * len(head), lambda axes: _head(axes, shown, head)),
        *(_part(picture) for picture in shown.pictures),
        *(_table_part(table) for table in shown.numbers if table.rows),
        (_LINE * len(foot) + 0.1, lambda axes: _text(axes, foot, colour="#666666")),
    ]
    gap, margin = 0.18, 0.25
    height = sum(size + gap for size, _ in parts) + 2 * margin
    figure = _figures()(figsize=(WIDTH, height))
    top = height - margin
    for size, drawn in parts:
        axes = figure.add_axes((0.03, (top - size) / height, 0.94, size / height))
        axes.set_axis_off()
        drawn(axes)
        top -= size + gap
    return figure


def _figures() -> Any:
    """The figure class without pyplot, which would choose a window system and keep figures alive."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise InputError(
            "pictures are saved by matplotlib, which is not installed: pip install 'nnwhy[plots]'"
        ) from None
    return Figure


def _wrapped(text: str) -> list[str]:
    return fill(text, _PER_LINE).splitlines()


def _head(axes: Any, shown: LayerShown, lines: list[str]) -> None:
    size = 0.4 + _LINE * len(lines)
    place = where(shown.place)
    written = shown.written if len(shown.written) < 80 else shown.type
    _say(axes, 0, 1, f"{shown.path}   {written}", size=12, weight="bold")
    if place:
        _say(axes, 1, 1, place, size=9, color="#666666", ha="right")
    for index, line in enumerate(lines):
        _say(axes, 0, 1 - (0.34 + _LINE * index) / size, line, size=9.5)


def _text(axes: Any, lines: list[str], colour: str) -> None:
    for index, line in enumerate(lines):
        _say(axes, 0, 1 - index / max(len(lines), 1), line, size=8, color=colour)


def _say(axes: Any, x: float, y: float, text: str, **how: Any) -> None:
    axes.text(x, y, text, transform=axes.transAxes, va="top", parse_math=False, **{"ha": "left", **how})


def _part(picture: Picture | Bars | Histogram | Plane) -> tuple[float, Callable[[Any], None]]:
    """The height in inches, and what draws into axes of that height."""
    if isinstance(picture, Picture):
        return _picture_part(picture)
    if isinstance(picture, Bars):
        size = 0.3 + _ROW * len(picture.bars) + _LINE * bool(picture.see)
        return size, lambda axes: _bars(axes, picture, size)
    if isinstance(picture, Histogram):
        size = 2.2 + _LINE * bool(picture.see)
        return size, lambda axes: _histogram(axes, picture, size)
    return 3.6, lambda axes: _plane(axes, picture, 3.6)


def _picture_part(picture: Picture) -> tuple[float, Callable[[Any], None]]:
    width = WIDTH * 0.94
    tiles = picture.tiles
    sides = [_sides(tile) for tile in tiles]
    tall = max((high for _, high in sides), default=1)
    scale = min(
        0.3, 1.55 / tall, (width if len(tiles) == 1 else 2.6) / max((wide for wide, _ in sides), default=1)
    )
    spaces = [max(wide * scale, 0.55) + 0.12 for wide, _ in sides]
    rows: list[list[int]] = [[]]
    used = 0.0
    for index, space in enumerate(spaces):
        if rows[-1] and used + space > width:
            rows.append([])
            used = 0.0
        rows[-1].append(index)
        used += space
    heights = [max(sides[index][1] * scale for index in row) + 0.28 for row in rows if row]
    foot = [
        *([f"marked in red: {picture.mark}"] if any(tile.spots for tile in tiles) else []),
        *([picture.see] if picture.see else []),
    ]
    size = 0.3 + sum(heights) + _LINE * len(foot)

    def drawn(axes: Any) -> None:
        _say(axes, 0, 1, picture.title, size=9.5, weight="bold")
        top = size - 0.26
        for row, high in zip(rows, heights, strict=False):
            left = 0.0
            for index in row:
                box = (
                    left / width,
                    (top - sides[index][1] * scale) / size,
                    sides[index][0] * scale / width,
                    sides[index][1] * scale / size,
                )
                _tile(axes, tiles[index], picture, box)
                left += spaces[index]
            top -= high
        for index, line in enumerate(foot):
            _say(axes, 0, (top - _LINE * index) / size, line, size=8, color="#666666")

    return size, drawn


def _sides(tile: Tile) -> tuple[int, int]:
    return (len(tile.values[0]) if tile.values else 1), max(len(tile.values), 1)


def _tile(axes: Any, tile: Tile, picture: Picture, box: tuple[float, float, float, float]) -> None:
    inner = axes.inset_axes(box)
    spots = frozenset(tile.spots)
    pixels = [
        [
            tuple(part / 255 for part in rgb(tile, picture, row, column, (row, column) in spots))
            for column in range(len(values))
        ]
        for row, values in enumerate(tile.values)
    ]
    inner.imshow(pixels, interpolation="nearest", aspect="auto")
    inner.set_xticks([])
    inner.set_yticks([])
    edge = "#d62839" if tile.marked else "#bbbbbb"
    for spine in inner.spines.values():
        spine.set_edgecolor(edge)
        spine.set_linewidth(1.2 if tile.marked else 0.5)
    label = " ".join(part for part in (tile.label, picture.mark if tile.marked else tile.note) if part)
    if label:
        inner.text(0, -0.02, label, transform=inner.transAxes, va="top", ha="left", size=7.5, parse_math=False,
                   color="#d62839" if tile.marked else "black")  # fmt: skip


def _plot_area(axes: Any, size: float, title: str, see: str, *, left: float, ticks: float = 0.0) -> Any:
    _say(axes, 0, 1, title, size=9.5, weight="bold")
    below = _LINE * bool(see) + ticks
    if see:
        _say(axes, 0, _LINE / size, see, size=8, color="#666666")
    return axes.inset_axes((left, below / size, 0.98 - left, (size - below - 0.26) / size))


def _bars(axes: Any, bars: Bars, size: float) -> None:
    area = _plot_area(axes, size, bars.title, bars.see, left=0.16)
    values = [bar.value if math.isfinite(bar.value) else 0.0 for bar in bars.bars]
    colours = ["#e07b00" if bar.marked else "#3b7dd8" for bar in bars.bars]
    area.barh(range(len(values)), values, color=colours, height=0.72)
    area.set_ylim(len(values) - 0.5, -0.5)
    area.set_yticks([])
    area.set_xticks([])
    most, least = max([*values, 0.0]), min([*values, 0.0])
    area.set_xlim(least * 1.05, (most - least) * 0.35 + most or 1.0)
    for index, bar in enumerate(bars.bars):
        area.text(
            -0.01,
            index,
            bar.label,
            transform=area.get_yaxis_transform(),
            ha="right",
            va="center",
            size=7.5,
            parse_math=False,
        )
        area.text(
            max(values[index], 0) + (most - least) * 0.01,
            index,
            bar.note or number(bar.value),
            ha="left",
            va="center",
            size=7.5,
            parse_math=False,
        )
    _plain(area)


def _histogram(axes: Any, histogram: Histogram, size: float) -> None:
    area = _plot_area(axes, size, histogram.title, histogram.see, left=0.05, ticks=0.22)
    for series, colour in zip(
        histogram.series, ("#888888", "#e07b00", "#3b7dd8", "#2a9d5c") * 3, strict=False
    ):
        total = sum(series.counts) or 1
        step = (histogram.high - histogram.low) / max(len(series.counts), 1)
        edges = [histogram.low + step * index for index in range(len(series.counts) + 1)]
        area.stairs(
            [count / total for count in series.counts], edges, color=colour, label=series.label, linewidth=1.4
        )
    area.legend(fontsize=7.5, frameon=False)
    area.set_yticks([])
    area.tick_params(labelsize=7)
    _plain(area)


def _plane(axes: Any, plane: Plane, size: float) -> None:
    area = _plot_area(axes, size, plane.title, plane.see, left=0.05)
    area.scatter([p.x for p in plane.points], [p.y for p in plane.points], s=9, color="#3b7dd8")
    for point in plane.points:
        area.text(point.x, point.y, f" {point.label}", size=7.5, parse_math=False)
    area.set_xticks([])
    area.set_yticks([])
    area.text(
        0.99,
        0.02,
        f"{plane.horizontal} →",
        transform=area.transAxes,
        ha="right",
        va="bottom",
        size=7,
        color="#666666",
    )
    area.text(
        0.01,
        0.98,
        f"↑ {plane.vertical}",
        transform=area.transAxes,
        ha="left",
        va="top",
        size=7,
        color="#666666",
    )
    _plain(area)


def _plain(area: Any) -> None:
    for side in ("top", "right"):
        area.spines[side].set_visible(False)


def _table_part(table: Numbers) -> tuple[float, Callable[[Any], None]]:
    head = 0.26 * bool(table.title)
    heads = _ROW * any(table.columns)
    size = head + heads + _ROW * len(table.rows) + _LINE * bool(table.see)

    def drawn(axes: Any) -> None:
        if table.title:
            _say(axes, 0, 1, table.title, size=9.5, weight="bold")
        places = [
            0.42 + 0.58 * (index + 1) / max(len(table.columns), 3) for index in range(len(table.columns))
        ]
        if any(table.columns):
            for x, name in zip(places, table.columns, strict=True):
                _say(axes, min(x, 1.0), 1 - head / size, name, size=8, color="#666666", ha="right")
        for index, row in enumerate(table.rows):
            y = 1 - (head + heads + _ROW * index) / size
            _say(axes, 0, y, row.label, size=8.5)
            for x, value in zip(places, row.values, strict=False):
                _say(axes, min(x, 1.0), y, cell(value), size=8.5, ha="right")
        if table.see:
            _say(axes, 0, _LINE / size, table.see, size=8, color="#666666")

    return size, drawn
