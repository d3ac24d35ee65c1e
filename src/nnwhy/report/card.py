"""A card as text, under fixed headings, and the list of all cards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from textwrap import wrap

from rich.text import Text

from nnwhy.facts.card import Card, Reference


def card_text(card: Card, width: int) -> Iterator[Text]:
    """Every heading of the card that has something to say, in the same order for all cards."""
    yield Text(card.path or card.name, style="bold")
    yield from _paragraph(card.sentence, width)
    for heading, text in (
        ("What it does to the data", card.data),
        ("Why it is there", card.why),
        ("Arguments", ""),
        ("Output shape", card.shape_note),
        ("Training and evaluation", card.modes),
        ("Initialisation", card.initialisation),
        ("Formula", card.formula),
    ):
        if heading == "Arguments":
            yield from _arguments(card, width)
        elif text:
            yield from _section(heading, text, width)
    if card.parameters or card.multiply_adds:
        yield from _section(
            "Cost", f"parameters: {card.parameters or '0'}; multiply-adds: {card.multiply_adds or '0'}", width
        )
    if card.pitfalls:
        yield from _heading("Pitfalls")
        for pitfall in card.pitfalls:
            check = f" [{pitfall.check}]" if pitfall.check else ""
            yield from _item(f"{pitfall.text}{check}", width)
    if card.neighbours:
        yield from _heading("Which one when")
        yield from table_text(card.neighbours, width)
    if card.references:
        yield from _heading("References")
        for reference in card.references:
            yield from _item(_reference(reference), width)
    if card.reference:
        yield Text("")
        yield Text(f"Its arithmetic as NumPy lines: nnwhy layer {card.name} --reference", style="dim")


def cards_text(families: Mapping[str, tuple[Card, ...]], width: int) -> Iterator[Text]:
    """The names of all cards by family."""
    for family, cards in families.items():
        yield Text(family, style="bold")
        names = ", ".join(card.name for card in cards)
        yield from (Text(f"  {line}") for line in wrap(names, width - 3, break_on_hyphens=False))


def table_text(markdown: str, width: int) -> Iterator[Text]:
    """A Markdown table in columns that share `width`; cells wrap."""
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in markdown.strip().splitlines()
    ]
    rows = [row for row in rows if not all(set(cell) <= set("-: ") for cell in row)]
    widths = _column_widths(rows, width - 2)
    for number, row in enumerate(rows):
        cells = [wrap(cell, size) or [""] for cell, size in zip(row, widths, strict=False)]
        for line in range(max(len(cell) for cell in cells)):
            parts = [
                (cell[line] if line < len(cell) else "").ljust(size)
                for cell, size in zip(cells, widths, strict=False)
            ]
            yield Text("  " + "  ".join(parts).rstrip(), style="italic" if number == 0 else "")


def _column_widths(rows: list[list[str]], width: int) -> list[int]:
    """Columns as wide as their text where that fits; the widest give way until it does."""
    count = max(len(row) for row in rows)
    widths = [max(len(row[column]) if column < len(row) else 0 for row in rows) for column in range(count)]
    room = width - 2 * (count - 1)
    while sum(widths) > room and max(widths) > 8:
        widths[widths.index(max(widths))] -= 1
    return widths


def _arguments(card: Card, width: int) -> Iterator[Text]:
    if not card.arguments:
        return
    yield from _heading("Arguments")
    for argument in card.arguments:
        default = f" = {argument.default}" if argument.default else ""
        yield Text(f"  {argument.name}{default}", style="bold")
        text = argument.meaning + (f". Larger: {argument.larger}" if argument.larger else "")
        yield from (Text(f"      {line}") for line in wrap(text, width - 7))


def _reference(reference: Reference) -> str:
    year = f" ({reference.year})" if reference.year else ""
    author = f"{reference.author}, " if reference.author else ""
    return f"{author}{reference.title}{year}  {reference.link}".rstrip()


def _section(heading: str, text: str, width: int) -> Iterator[Text]:
    yield from _heading(heading)
    yield from _paragraph(text, width)


def _heading(text: str) -> Iterator[Text]:
    yield Text("")
    yield Text(text, style="bold cyan")


def _paragraph(text: str, width: int) -> Iterator[Text]:
    for part in text.splitlines():
        yield from (
            Text(f"  {line}")
            for line in wrap(part, width - 3, break_on_hyphens=False, break_long_words=False)
        )


def _item(text: str, width: int) -> Iterator[Text]:
    for number, line in enumerate(wrap(text, width - 5, break_on_hyphens=False, break_long_words=False)):
        yield Text(f"  {'-' if number == 0 else ' '} {line}")
