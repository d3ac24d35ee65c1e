"""Pictures and charts on a terminal."""

import math

import pytest

from nnwhy.facts.picture import Bar, Bars, Histogram, Numbers, Picture, Plane, Point, Row, Series, Tile
from nnwhy.report.charts import bars_text, histogram_text, number, numbers_text, plane_text
from nnwhy.report.colours import MARK, NEGATIVE, POSITIVE, rgb
from nnwhy.report.pixels import picture_text
from nnwhy.report.resizing import enlarged, smaller


def plain(lines):
    return [line.plain for line in lines]


def colours(line):
    """The foreground and background of each pixel pair of a line."""
    return [str(span.style) for span in line.spans]


def tile(high, wide, value=0.0, **how):
    return Tile("a", tuple((value,) * wide for _ in range(high)), **how)


def test_two_pixels_share_a_character():
    rows = tuple(tuple(float(row == 0) for _ in range(8)) for row in range(8))
    picture = Picture("title", (Tile("a", rows),), 0.0, 1.0)
    title, first, *rest = picture_text(picture, 80, colour=True)
    assert title.plain == "title" and first.plain == "  " + "▀" * 8
    assert set(colours(first)) == {"rgb(255,255,255) on rgb(0,0,0)"}
    assert len([line for line in rest if "▀" in line.plain]) == 3


def test_an_odd_last_row_has_nothing_below_it():
    *_, last, label = picture_text(Picture("t", (tile(7, 7, 1.0),), 0.0, 1.0), 80, colour=True)
    assert set(colours(last)) == {"rgb(255,255,255)"} and label.plain == "  a"


def test_without_colours_there_are_shades_and_marks():
    dark_to_light = Tile(
        "a", tuple(tuple(column / 9 for column in range(10)) for _ in range(8)), spots=((0, 0),)
    )
    lines = plain(picture_text(Picture("t", (dark_to_light,), 0.0, 1.0, mark="won"), 80, colour=False))
    assert lines[1].startswith("  × ") and lines[2].endswith("██")
    assert lines[-1] == "  marked with ×: won"


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("sides", [(28, 28), (3, 3), (100, 130), (2, 500), (64, 64)])
def test_no_line_is_wider_than_asked(width, sides):
    picture = Picture("a title " * 20, (tile(*sides),) * 9, 0.0, 1.0, see="words " * 40)
    for colour in (True, False):
        assert all(line.cell_len <= width for line in picture_text(picture, width, colour=colour))


def test_a_marked_tile_says_why():
    lines = plain(
        picture_text(Picture("t", (tile(8, 8, marked=True),), 0.0, 1.0, mark="gone"), 80, colour=False)
    )
    assert lines[-1] == "  a gone"


def test_signs_have_two_colours_and_what_is_no_number_a_third():
    picture = Picture("t", (Tile("", ((-2.0, 0.0, 2.0, math.nan),)),), -2.0, 2.0, signed=True)
    row = [rgb(picture.tiles[0], picture, 0, column, False) for column in range(4)]
    assert row == [NEGATIVE, (0, 0, 0), POSITIVE, (190, 0, 190)]
    assert rgb(picture.tiles[0], picture, 0, 1, True) == tuple(round(part * 0.6) for part in MARK)


def test_a_picture_in_colour_keeps_its_colours():
    coloured = Tile("", ((0.0, 0.0),), colours=("ff00000000ff",))
    picture = Picture("t", (coloured,), 0.0, 1.0)
    assert rgb(coloured, picture, 0, 1, False) == (0, 0, 255)
    assert smaller(coloured, 2).colours == ("800080",)
    assert enlarged(coloured, 2).colours == ("ff0000" * 2 + "0000ff" * 2,) * 2


def test_a_smaller_tile_has_the_means_and_marks_of_its_blocks():
    values = tuple(tuple(float(row * 6 + column) for column in range(6)) for row in range(6))
    small = smaller(Tile("", values, spots=((5, 0),)), 2)
    assert small.values[0][0] == (0 + 1 + 6 + 7) / 4 and len(small.values) == 3
    assert small.spots == ((2, 0),)
    large = enlarged(Tile("", ((1.0, 2.0),), spots=((0, 1),)), 2)
    assert large.values == ((1.0, 1.0, 2.0, 2.0),) * 2
    assert large.spots == ((0, 2), (0, 3), (1, 2), (1, 3))


def test_bars_are_as_long_as_their_values():
    lines = plain(bars_text(Bars("t", (Bar("a", 1.0), Bar("b", 0.5), Bar("c", 0.0, note="none"))), 60))
    assert lines[1].count("█") == 2 * lines[2].count("█") and "█" not in lines[3]
    assert lines[1].endswith(" 1") and lines[3].endswith(" none")
    both = plain(bars_text(Bars("t", (Bar("a", 1.0), Bar("b", -1.0))), 60))
    assert both[1].index("█") > both[1].index("│") and both[2].rindex("█") < both[2].index("│")
    assert all(len(line) <= 60 for line in (*lines, *both))


def test_a_bin_that_is_not_empty_is_never_drawn_as_empty():
    upper, lower, axis = plain(histogram_text(Histogram("t", -1.0, 1.0, (Series("x", (1000, 1, 0)),)), 60))[
        1:
    ]
    assert lower.endswith("█▁ ") and upper.endswith("█  ")
    assert "−1" in axis and axis.endswith("1")


def test_a_plane_keeps_its_points_apart_and_inside():
    points = tuple(Point(f"p{index}", float(index % 5), float(index // 5)) for index in range(25))
    lines = plain(plane_text(Plane("t", points, "right", "up"), 70))
    assert all(len(line) <= 70 for line in lines)
    text = "\n".join(lines)
    assert sum(f"p{index}" in text for index in range(25)) == 25
    assert list(plane_text(Plane("t", (Point("a", 0, 0), Point("b", 0, 0)), "r", "u"), 70))


def test_a_table_too_wide_is_cut_into_several():
    columns = tuple(f"column {index}" for index in range(9))
    table = Numbers(
        "t", columns, (Row("a row", tuple(float(index) for index in range(9))), Row("empty", (None,) * 9))
    )
    lines = plain(numbers_text(table, 50))
    assert all(len(line) <= 50 for line in lines)
    assert sum(line.startswith("  a row") for line in lines) > 1
    assert all(f"column {index}" in "\n".join(lines) for index in range(9))


@pytest.mark.parametrize(
    "value, text",
    [
        (0.0, "0"),
        (1234567.0, "1,234,567"),
        (0.12345, "0.123"),
        (-3.0, "−3"),
        (-7.1e-05, "−7.1e−05"),
        (math.inf, "inf"),
    ],
)
def test_numbers_have_three_digits(value, text):
    assert number(value) == text
