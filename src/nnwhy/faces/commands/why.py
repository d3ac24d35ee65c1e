"""Where a number comes from: an argument, a size, a place."""

from __future__ import annotations

from typing import Any

import click

from nnwhy.faces.options import as_json, in_worker, target_options
from nnwhy.facts.codec import Json

_SHOWN_WITH = ("nnwhy.report.screen", "nnwhy.report.answer")


@click.command("why")
@click.argument("target")
@click.argument("question")
@target_options
@click.option("--full", is_flag=True, help="The general formulas instead of the shortened ones.")
@click.option("--json", "json_wanted", is_flag=True, help="The facts as JSON.")
def command(
    target: str,
    question: str,
    init: str,
    inputs: tuple[str, ...],
    full: bool,
    json_wanted: bool,
    **limits: Any,
) -> None:
    """Where the number that QUESTION asks for comes from, in the network TARGET.

    QUESTION is an argument (fc1.in_features), a number (9216), a place (net.py:22) or an axis of what a layer gives (conv1[2]).

    \b
    nnwhy why net.py:Net fc1.in_features --input N,1,28,28
    nnwhy why net.py:Net 9216
    """
    payload: dict[str, Json] = {"target": target, "init": init, "inputs": list(inputs), "question": question}
    answer = in_worker(
        "nnwhy.api.targets:why",
        payload,
        subject=target,
        meanwhile=() if json_wanted else _SHOWN_WITH,
        **limits,
    )
    if json_wanted:
        click.echo(as_json(answer))
        return
    from nnwhy.report.answer import answer_text
    from nnwhy.report.screen import console, out

    screen = console()
    out(screen, answer_text(answer, screen.width, full=full))
