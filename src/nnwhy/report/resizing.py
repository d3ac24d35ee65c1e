"""Tiles drawn smaller (by means) or larger (by repeating pixels), to fit where they are drawn."""

from __future__ import annotations

from dataclasses import replace
from math import fsum, isfinite

from nnwhy.facts.picture import Tile


def smaller(tile: Tile, factor: int) -> Tile:
    """Each `factor` × `factor` block of pixels as its mean; a block is marked where one of its pixels is."""
    high, wide = len(tile.values), len(tile.values[0])
    tall = factor if high > 2 * factor else 1
    rows = [range(top, min(top + tall, high)) for top in range(0, high, tall)]
    columns = [range(left, min(left + factor, wide)) for left in range(0, wide, factor)]
    return replace(
        tile,
        values=tuple(tuple(_mean(tile, block, part) for part in columns) for block in rows),
        spots=tuple(sorted({(row // tall, column // factor) for row, column in tile.spots})),
        colours=tuple("".join(_mean_colour(tile, block, part) for part in columns) for block in rows)
        if tile.colours
        else (),
    )


def enlarged(tile: Tile, factor: int) -> Tile:
    """Each pixel as `factor` × `factor` pixels."""
    if factor == 1:
        return tile
    values = [tuple(value for value in row for _ in range(factor)) for row in tile.values]
    colours = [
        "".join(row[start : start + 6] * factor for start in range(0, len(row), 6)) for row in tile.colours
    ]
    times = range(factor)
    return replace(
        tile,
        values=tuple(row for row in values for _ in times),
        spots=tuple((row * factor + i, column * factor + j) for row, column in tile.spots for i in times for j in times),
        colours=tuple(row for row in colours for _ in times),
    )  # fmt: skip


def _mean(tile: Tile, rows: range, columns: range) -> float:
    values = [tile.values[row][column] for row in rows for column in columns]
    return fsum(values) / len(values) if all(map(isfinite, values)) else values[0]


def _mean_colour(tile: Tile, rows: range, columns: range) -> str:
    pixels = [tile.colours[row][column * 6 : column * 6 + 6] for row in rows for column in columns]
    sums = (sum(int(pixel[start : start + 2], 16) for pixel in pixels) for start in (0, 2, 4))
    return "".join(f"{round(total / len(pixels)):02x}" for total in sums)
