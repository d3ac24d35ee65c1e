"""The colour of a pixel: grey from black to white; blue, black and orange where values have signs; red mixed in where marked."""

from __future__ import annotations

import math

from nnwhy.facts.picture import Picture, Tile

Rgb = tuple[int, int, int]

POSITIVE: Rgb = (255, 170, 60)
NEGATIVE: Rgb = (80, 160, 255)
MARK: Rgb = (214, 40, 57)
NOT_A_NUMBER: Rgb = (190, 0, 190)


def level(value: float, picture: Picture) -> float:
    """Where the value lies between the picture's limits, 0…1."""
    span = picture.high - picture.low
    part = (value - picture.low) / span if span else (0.5 if picture.signed else 0.0)
    return min(max(part, 0.0), 1.0)


def rgb(tile: Tile, picture: Picture, row: int, column: int, marked: bool) -> Rgb:
    """The colour of one pixel of a tile."""
    if tile.colours:
        digits = tile.colours[row][column * 6 : column * 6 + 6]
        found = (int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16))
    else:
        found = _of_value(tile.values[row][column], picture)
    return _mixed(found, MARK, 0.6) if marked else found


def pixel_colour(tile: Tile, picture: Picture, row: int, column: int, marked: bool) -> str:
    """The same, as rich and CSS write it."""
    red, green, blue = rgb(tile, picture, row, column, marked)
    return f"rgb({red},{green},{blue})"


def _of_value(value: float, picture: Picture) -> Rgb:
    if math.isnan(value):
        return NOT_A_NUMBER
    part = level(value, picture)
    if not picture.signed:
        shade = round(part * 255)
        return shade, shade, shade
    strength = abs(part * 2 - 1)
    red, green, blue = POSITIVE if part > 0.5 else NEGATIVE
    return round(red * strength), round(green * strength), round(blue * strength)


def _mixed(one: Rgb, other: Rgb, share: float) -> Rgb:
    red, green, blue = (round(a * (1 - share) + b * share) for a, b in zip(one, other, strict=True))
    return red, green, blue
