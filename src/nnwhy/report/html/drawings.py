"""Bars, distributions and planes as inline SVG; tables of numbers."""

from __future__ import annotations

import math

from markupsafe import Markup

from nnwhy.facts.picture import Bars, Histogram, Numbers, Picture, Plane
from nnwhy.report.charts import cell, number
from nnwhy.report.html.pictures import picture_html

_WIDE = 560
_COLOURS = ("#8a8a8a", "#e07b00", "#3b7dd8", "#2a9d5c")


def drawing_html(picture: Picture | Bars | Histogram | Plane) -> Markup:
    """One picture of any kind under its title."""
    if isinstance(picture, Picture):
        return picture_html(picture)
    if isinstance(picture, Bars):
        body = _bars(picture)
    elif isinstance(picture, Histogram):
        body = _histogram(picture)
    else:
        body = _plane(picture)
    see = Markup("<p class='nnwhy-dim'>{}</p>").format(picture.see) if picture.see else ""
    return Markup("<h4>{}</h4>{}{}").format(picture.title, body, see)


def numbers_html(table: Numbers) -> Markup:
    """A small table, numbers to the right."""
    head = Markup("")
    if any(table.columns):
        cells = Markup("").join(Markup("<th scope='col'>{}</th>").format(name) for name in table.columns)
        head = Markup("<thead><tr><td></td>{}</tr></thead>").format(cells)
    rows = Markup("").join(
        Markup("<tr><th scope='row'>{}</th>{}</tr>").format(
            row.label.strip(),
            Markup("").join(Markup("<td>{}</td>").format(cell(value)) for value in row.values),
        )
        for row in table.rows
    )
    title = Markup("<h4>{}</h4>").format(table.title) if table.title else ""
    return Markup("{}<table class='nnwhy-numbers'>{}<tbody>{}</tbody></table>").format(title, head, rows)


def _svg(high: float, title: str, body: Markup) -> Markup:
    return Markup(
        "<svg viewBox='0 0 {} {}' width='{}' height='{}' role='img' aria-label='{}'>{}</svg>"
    ).format(_WIDE, round(high), _WIDE, round(high), title, body)


def _say(x: float, y: float, text: str, anchor: str = "start") -> Markup:
    return Markup("<text x='{}' y='{}' text-anchor='{}'>{}</text>").format(
        round(x, 1), round(y, 1), anchor, text
    )


def _bars(bars: Bars) -> Markup:
    values = [bar.value if math.isfinite(bar.value) else 0.0 for bar in bars.bars]
    least, most = min([*values, 0.0]), max([*values, 0.0])
    left, room = 150, _WIDE - 150 - 150
    scale = room / ((most - least) or 1.0)
    zero = left - least * scale
    parts = [Markup("<path d='M{} 0V{}' class='nnwhy-axis'/>").format(round(zero, 1), len(values) * 18)]
    for index, (bar, value) in enumerate(zip(bars.bars, values, strict=True)):
        start, length = min(zero, zero + value * scale), abs(value) * scale
        parts += [
            Markup("<rect x='{}' y='{}' width='{}' height='13' fill='{}'/>").format(
                round(start, 1), index * 18 + 2, round(length, 1), _COLOURS[1] if bar.marked else _COLOURS[2]
            ),
            _say(left - 8, index * 18 + 13, bar.label, "end"),
            _say(max(zero, zero + value * scale) + 6, index * 18 + 13, bar.note or number(bar.value)),
        ]
    return _svg(len(values) * 18 + 2, bars.title, Markup("").join(parts))


def _histogram(histogram: Histogram) -> Markup:
    high, parts = 120, []
    for index, series in enumerate(histogram.series):
        total, colour = sum(series.counts) or 1, _COLOURS[index % len(_COLOURS)]
        step = _WIDE / max(len(series.counts), 1)
        most = max(max(part.counts, default=0) / (sum(part.counts) or 1) for part in histogram.series) or 1.0
        path = "".join(
            f"{'M' if number == 0 else 'L'}{number * step:.1f} {high - count / total / most * (high - 4):.1f}H{(number + 1) * step:.1f}"
            for number, count in enumerate(series.counts)
        )
        parts += [
            Markup("<path d='{}' fill='none' stroke='{}' stroke-width='1.6'/>").format(path, colour),
            Markup("<text x='{}' y='{}' text-anchor='end' style='fill:{}'>{}</text>").format(
                _WIDE - 4, 14 + 15 * index, colour, series.label
            ),
        ]
    parts += [
        Markup("<path d='M0 {}H{}' class='nnwhy-axis'/>").format(high, _WIDE),
        _say(0, high + 14, number(histogram.low)),
        _say(_WIDE, high + 14, number(histogram.high), "end"),
    ]
    return _svg(high + 18, histogram.title, Markup("").join(parts))


def _plane(plane: Plane) -> Markup:
    high = 260
    xs, ys = [point.x for point in plane.points], [point.y for point in plane.points]

    def along(value: float, values: list[float], length: float) -> float:
        low, top = min(values), max(values)
        return (value - low) / (top - low) * length if top > low else length / 2

    parts = [
        Markup("<circle cx='{}' cy='{}' r='3' fill='{}'/>{}").format(
            round(x, 1),
            round(y, 1),
            _COLOURS[1] if point.marked else _COLOURS[2],
            _say(x + 5, y + 4, point.label),
        )
        for point in plane.points
        for x, y in [(10 + along(point.x, xs, _WIDE - 90), high - 30 - along(point.y, ys, high - 50))]
    ]
    parts.append(_say(0, high - 4, f"to the right: {plane.horizontal}; upwards: {plane.vertical}"))
    return _svg(high, plane.title, Markup("").join(parts))
