"""Pictures on a terminal: half blocks in colour where there are colours, shades where there are none."""

from __future__ import annotations

import math
from collections.abc import Iterator
from textwrap import wrap

from rich.text import Text

from nnwhy.facts.picture import Picture, Tile
from nnwhy.report.colours import level, pixel_colour
from nnwhy.report.resizing import enlarged, smaller

_SHADES = " ░▒▓█"
_MARK = "×"
_WIDEST = 36
_SMALLEST = 6


def picture_text(picture: Picture, width: int, *, colour: bool) -> Iterator[Text]:
    """The tiles of a picture side by side, as many in a row as fit; two pixels of a column share one character."""
    yield from (Text(line, style="bold") for line in wrap(picture.title, width - 1))
    room = width - 3
    tiles = [_fitted(tile, room if len(picture.tiles) == 1 else min(_WIDEST, room)) for tile in picture.tiles]
    while tiles:
        row, used = [tiles.pop(0)], 0
        used = _columns(row[0], picture)
        while tiles and used + 2 + _columns(tiles[0], picture) <= room:
            used += 2 + _columns(tiles[0], picture)
            row.append(tiles.pop(0))
        yield from _row(row, picture, colour)
    if any(tile.spots for tile in picture.tiles):
        yield Text(f"  marked {'in red' if colour else 'with ×'}: {picture.mark}", style="dim")
    if picture.see:
        yield from (Text(line) for line in wrap(picture.see, width - 1))


def _fitted(tile: Tile, columns: int) -> Tile:
    """The tile no wider than `columns`, and not so small that nothing can be made out."""
    wide, high = _size(tile)
    if wide > columns:
        return smaller(tile, -(-wide // columns))
    if wide == 0 or max(wide, high) > _SMALLEST:
        return tile
    return enlarged(tile, max(min(8 // max(wide, high), columns // wide), 1))


def _size(tile: Tile) -> tuple[int, int]:
    return (len(tile.values[0]) if tile.values else 0), len(tile.values)


def _columns(tile: Tile, picture: Picture) -> int:
    return max(_size(tile)[0], len(_label(tile, picture)))


def _label(tile: Tile, picture: Picture) -> str:
    return " ".join(part for part in (tile.label, picture.mark if tile.marked else tile.note) if part)


def _row(tiles: list[Tile], picture: Picture, colour: bool) -> Iterator[Text]:
    height = max(len(tile.values) for tile in tiles)
    spots = [frozenset(tile.spots) for tile in tiles]
    for top in range(0, height, 2):
        line = Text("  ")
        for tile, marks in zip(tiles, spots, strict=True):
            for column in range(_columns(tile, picture)):
                _two_pixels(line, tile, marks, top, column, picture, colour)
            line.append("  ")
        line.rstrip()
        yield line
    if any(_label(tile, picture) for tile in tiles):
        labels = "  ".join(_label(tile, picture).ljust(_columns(tile, picture)) for tile in tiles)
        yield Text(f"  {labels}".rstrip(), style="dim")


def _two_pixels(
    line: Text,
    tile: Tile,
    marks: frozenset[tuple[int, int]],
    top: int,
    column: int,
    picture: Picture,
    colour: bool,
) -> None:
    """The pixel at `top` and the one below; nothing where the tile ends."""
    upper, lower = (_inside(tile, row, column) for row in (top, top + 1))
    if not upper:
        line.append(" ")
    elif colour:
        above = pixel_colour(tile, picture, top, column, (top, column) in marks)
        below = pixel_colour(tile, picture, top + 1, column, (top + 1, column) in marks) if lower else ""
        line.append("▀", style=f"{above} on {below}" if below else above)
    elif (top, column) in marks or (top + 1, column) in marks:
        line.append(_MARK)
    else:
        levels = [_brightness(tile, picture, row, column) for row in ((top, top + 1) if lower else (top,))]
        line.append(_SHADES[min(int(sum(levels) / len(levels) * len(_SHADES)), len(_SHADES) - 1)])


def _inside(tile: Tile, row: int, column: int) -> bool:
    return row < len(tile.values) and column < len(tile.values[row])


def _brightness(tile: Tile, picture: Picture, row: int, column: int) -> float:
    value = tile.values[row][column]
    if math.isnan(value):
        return 0.0
    found = level(value, picture)
    return abs(found * 2 - 1) if picture.signed else found


def numbers_side_by_side(samples: tuple[tuple[tuple[tuple[float, ...], ...], ...], ...]) -> Iterator[str]:
    """A small (N, C, H, W) tensor as numbers, one sample a block, its channels side by side."""
    for sample in samples:
        for rows in zip(*sample, strict=True):
            yield "   ".join(" ".join(f"{value:g}" for value in row) for row in rows)
        yield ""
