"""Tiles as PNG data in an <img>, without any library: a few lines make a PNG, and the browser enlarges its pixels."""

from __future__ import annotations

import struct
import zlib
from base64 import b64encode

from markupsafe import Markup

from nnwhy.facts.picture import Picture, Tile
from nnwhy.report.colours import rgb

_SIDE = 112
_MOST_ENLARGED = 28


def picture_html(picture: Picture) -> Markup:
    """The tiles side by side with their labels, wrapping where there is no room."""
    tiles = Markup("").join(_figure(tile, picture) for tile in picture.tiles)
    marked = any(tile.spots for tile in picture.tiles)
    return Markup("<h4>{}</h4><div class='nnwhy-tiles'>{}</div>{}{}").format(
        picture.title,
        tiles,
        Markup("<p class='nnwhy-dim'>marked in red: {}</p>").format(picture.mark) if marked else "",
        Markup("<p class='nnwhy-dim'>{}</p>").format(picture.see) if picture.see else "",
    )


def tile_uri(tile: Tile, picture: Picture) -> str:
    """The tile as a data URI, one pixel a value."""
    spots = frozenset(tile.spots)
    rows = [
        b"\0"
        + b"".join(
            bytes(rgb(tile, picture, row, column, (row, column) in spots)) for column in range(len(values))
        )
        for row, values in enumerate(tile.values)
    ]
    wide, high = _sides(tile)
    return f"data:image/png;base64,{b64encode(_png(wide, high, rows)).decode()}"


def _sides(tile: Tile) -> tuple[int, int]:
    return (len(tile.values[0]) if tile.values else 0), len(tile.values)


def _png(wide: int, high: int, rows: list[bytes]) -> bytes:
    """An RGB image, 8 bits a channel; each row starts with its filter, 0."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    body = zlib.compress(b"".join(rows), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def _figure(tile: Tile, picture: Picture) -> Markup:
    wide, high = _sides(tile)
    scale = min(_MOST_ENLARGED, max(_SIDE // max(high, 1), 1), max(3 * _SIDE // max(wide, 1), 1))
    label = " ".join(part for part in (tile.label, picture.mark if tile.marked else tile.note) if part)
    return Markup(
        "<figure class='nnwhy-tile{}'><img src='{}' width='{}' height='{}' alt='{}'><figcaption>{}</figcaption></figure>"
    ).format(
        " nnwhy-marked" if tile.marked else "",
        tile_uri(tile, picture),
        wide * scale,
        high * scale,
        f"{picture.title}: {label}",
        label,
    )
