"""Pictures as numbers: maps of values that any face can draw."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tile:
    """One map: rows of values, a label, and whether it is marked (a dropped channel)."""

    label: str
    values: tuple[tuple[float, ...], ...]
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """Tiles in a row on one scale of values (`low` is drawn black, `high` white), and the sentence that says what to see."""

    title: str
    tiles: tuple[Tile, ...]
    low: float
    high: float
    see: str = ""
