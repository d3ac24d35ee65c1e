"""What every step of a network does, with shapes, costs and places."""

from __future__ import annotations

import sys
from typing import Any

import click

from nnwhy.errors import UserCodeError
from nnwhy.faces.options import as_json, in_worker, target_options
from nnwhy.facts.codec import Json


@click.command("explain")
@click.argument("target")
@target_options
@click.option("--all", "unfold", is_flag=True, help="Tell repeated blocks one by one.")
@click.option("--json", "json_wanted", is_flag=True, help="The facts as JSON.")
def command(
    target: str, init: str, inputs: tuple[str, ...], unfold: bool, json_wanted: bool, **limits: Any
) -> None:
    """What every step of the network TARGET does: net.py, net.py:Net, net.py:Net(hidden=128), package.module:Net.

    \b
    nnwhy explain net.py:Net --input N,1,28,28
    """
    payload: dict[str, Json] = {"target": target, "init": init, "inputs": list(inputs), "unfold": unfold}
    explanation = in_worker("nnwhy.api.targets:explain", payload, subject=target, **limits)
    if json_wanted:
        click.echo(as_json(explanation))
    else:
        from nnwhy.report.explanation import explanation_text
        from nnwhy.report.screen import console, out

        screen = console()
        out(screen, explanation_text(explanation, screen.width))
    if explanation.failed_by:
        sys.stdout.flush()
        raise UserCodeError(f"{explanation.failed_by}; nnwhy check {target} says how to mend it")
