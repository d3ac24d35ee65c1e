"""Pictures as numbers: maps, bars, distributions and planes that any face can draw, and what they show of one layer."""

from __future__ import annotations

from dataclasses import dataclass

from nnwhy.facts.place import Place


@dataclass(frozen=True, slots=True)
class Tile:
    """One map: rows of values, a label, and whether it is marked as a whole (a dropped channel).

    `spots` are the (row, column) of single marked pixels, `note` a second short label ("×2"). `colours`, where given, are the
    pixels in colour, one string a row with six hexadecimal digits a pixel, and are drawn instead of the values.
    """

    label: str
    values: tuple[tuple[float, ...], ...]
    marked: bool = False
    spots: tuple[tuple[int, int], ...] = ()
    note: str = ""
    colours: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """Tiles in a row on one scale of values (`low` is drawn black, `high` white), and the sentence that says what to see.

    `signed`: the scale is symmetric around 0, which is drawn black, and the two signs in two colours.
    `mark` says what it means that a tile or pixel is marked ("dropped", "won").
    """

    title: str
    tiles: tuple[Tile, ...]
    low: float
    high: float
    see: str = ""
    signed: bool = False
    mark: str = "dropped"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, `marked` where it is the one to look at, with a short text behind it."""

    label: str
    value: float
    marked: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars from 0 on one scale; negative ones go to the left."""

    title: str
    bars: tuple[Bar, ...]
    see: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """How many values fall into each of the equal bins of a `Histogram`."""

    label: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Histogram:
    """Distributions on one axis: each series counts values in equal bins from `low` to `high`.

    Values outside are counted in the first and last bin.
    """

    title: str
    low: float
    high: float
    series: tuple[Series, ...]
    see: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a `Plane`."""

    label: str
    x: float
    y: float
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Plane:
    """Points in a plane; `horizontal` and `vertical` say what the axes are."""

    title: str
    points: tuple[Point, ...]
    horizontal: str
    vertical: str
    see: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of `Numbers`; None where there is no number."""

    label: str
    values: tuple[float | str | None, ...]


@dataclass(frozen=True, slots=True)
class Numbers:
    """A small table: what the columns are, and rows of numbers."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    see: str = ""


@dataclass(frozen=True, slots=True)
class LayerShown:
    """What one layer did to data.

    path:     its path in the network ("dropout1"), or the function as it was called ("F.max_pool2d")
    written:  the layer as it is constructed ("Dropout2d(p=0.25, inplace=False)")
    see:      one sentence that says what to see
    source:   where the data came from, with how it was made to fit
    weights:  where the weights came from
    mode:     in which mode the network ran, and the layer where that differs
    takes, gives: the sizes of the layer's input and output
    calls:    how often the layer was called in the pass; `call` is the one shown, from 0
    """

    path: str
    type: str
    written: str
    see: str
    source: str
    weights: str
    mode: str
    takes: tuple[int, ...]
    gives: tuple[int, ...]
    pictures: tuple[Picture | Bars | Histogram | Plane, ...]
    numbers: tuple[Numbers, ...]
    notes: tuple[str, ...] = ()
    calls: int = 1
    call: int = 0
    place: Place | None = None
