"""What a layer is for: its card, its arithmetic, or the list of all."""

from __future__ import annotations

import click

from nnwhy import layers
from nnwhy.report.card import card_text, cards_text
from nnwhy.report.screen import console, out


@click.command("layer")
@click.argument("name", required=False)
@click.option("--reference", is_flag=True, help="Its arithmetic as NumPy lines that can be run.")
@click.option("--json", "json_wanted", is_flag=True, help="The card as JSON.")
def command(name: str | None, reference: bool, json_wanted: bool) -> None:
    """What the layer or function NAME does, why it is there, and when it bites; without NAME, the list of all.

    \b
    nnwhy layer Dropout2d
    nnwhy layer F.max_pool2d --reference
    """
    screen = console()
    if name is None:
        out(screen, cards_text(layers.families(), screen.width))
        return
    card = layers.card(name)
    if reference:
        click.echo(layers.reference_source(name))
    elif json_wanted:
        from nnwhy.faces.options import as_json

        click.echo(as_json(card))
    else:
        out(screen, card_text(card, screen.width))
