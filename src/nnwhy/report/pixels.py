"""Pictures on a terminal: half blocks in grey where there are colours, shades where there are none."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from nnwhy.facts.picture import Picture, Tile

_SHADES = " ░▒▓█"


def picture_text(picture: Picture, width: int, *, colour: bool) -> Iterator[Text]:
    """The tiles of a picture side by side, as many in a row as fit; two pixels of a column share one character."""
    yield Text(picture.title, style="bold")
    tiles = list(picture.tiles)
    while tiles:
        row, used = [tiles.pop(0)], 0
        used = _columns(row[0])
        while tiles and used + 2 + _columns(tiles[0]) <= width - 2:
            used += 2 + _columns(tiles[0])
            row.append(tiles.pop(0))
        yield from _row(row, picture, colour)
    if picture.see:
        yield Text(picture.see)


def _columns(tile: Tile) -> int:
    return max(len(tile.values[0]), len(_label(tile)))


def _label(tile: Tile) -> str:
    return f"{tile.label} dropped" if tile.marked else tile.label


def _row(tiles: list[Tile], picture: Picture, colour: bool) -> Iterator[Text]:
    height = max(len(tile.values) for tile in tiles)
    for top in range(0, height, 2):
        line = Text("  ")
        for tile in tiles:
            for column in range(_columns(tile)):
                upper = _level(tile, top, column, picture)
                lower = _level(tile, top + 1, column, picture)
                if colour:
                    line.append("▀", style=f"{_grey(upper)} on {_grey(lower)}")
                else:
                    line.append(_SHADES[min(int((upper + lower) / 2 * len(_SHADES)), len(_SHADES) - 1)])
            line.append("  ")
        line.rstrip()
        yield line
    if any(tile.label for tile in tiles):
        labels = "  ".join(_label(tile).ljust(_columns(tile)) for tile in tiles)
        yield Text(f"  {labels}".rstrip(), style="dim")


def _level(tile: Tile, row: int, column: int, picture: Picture) -> float:
    """The brightness of one pixel, 0…1; outside the tile it is black."""
    if row >= len(tile.values) or column >= len(tile.values[row]):
        return 0.0
    span = picture.high - picture.low
    value = (tile.values[row][column] - picture.low) / span if span else 0.0
    return min(max(value, 0.0), 1.0)


def _grey(level: float) -> str:
    shade = round(level * 255)
    return f"rgb({shade},{shade},{shade})"


def numbers_side_by_side(samples: tuple[tuple[tuple[tuple[float, ...], ...], ...], ...]) -> Iterator[str]:
    """A small (N, C, H, W) tensor as numbers, one sample a block, its channels side by side."""
    for sample in samples:
        for rows in zip(*sample, strict=True):
            yield "   ".join(" ".join(f"{value:g}" for value in row) for row in rows)
        yield ""
