"""What a layer is for: its card, its arithmetic, or the list of all."""

from __future__ import annotations

from typing import Any

import click

from nnwhy import layers
from nnwhy.faces.options import as_json, in_worker, target_options
from nnwhy.report.screen import console, out


@click.command("layer")
@click.argument("name", required=False)
@click.argument("path", required=False)
@click.option("--reference", is_flag=True, help="Its arithmetic as NumPy lines that can be run.")
@click.option("--json", "json_wanted", is_flag=True, help="The facts as JSON.")
@target_options
def command(
    name: str | None,
    path: str | None,
    reference: bool,
    json_wanted: bool,
    init: str,
    inputs: tuple[str, ...],
    **limits: Any,
) -> None:
    """What the layer or function NAME does, why it is there, and when it bites; without NAME, the list of all.
    With a network as NAME and a layer's PATH in it, the same with that layer's own numbers.

    \b
    nnwhy layer Dropout2d
    nnwhy layer F.max_pool2d --reference
    nnwhy layer net.py:Net dropout1
    """
    if reference and name is not None:
        click.echo(layers.reference_source(name))
        return
    screen = console()
    if name is None:
        from nnwhy.report.card import cards_text

        out(screen, cards_text(layers.families(), screen.width))
        return
    if path is None:
        facts: Any = layers.card(name)
        from nnwhy.report.card import card_text as draw
    else:
        job = "nnwhy.api.targets:layer"
        payload: dict[str, Any] = {"target": name, "init": init, "inputs": list(inputs), "path": path}
        facts = in_worker(job, payload, subject=name, **limits)
        from nnwhy.report.explanation import layer_text as draw
    if json_wanted:
        click.echo(as_json(facts))
    else:
        out(screen, draw(facts, screen.width))
