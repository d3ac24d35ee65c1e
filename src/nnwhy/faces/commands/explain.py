"""What every step of a network does, with shapes, costs and places."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from nnwhy.errors import NnwhyError, UserCodeError
from nnwhy.faces.options import as_json, in_worker, target_options
from nnwhy.facts.codec import Json
from nnwhy.facts.page import Page

_SHOWN_WITH = ("nnwhy.report.screen", "nnwhy.report.explanation")


@click.command("explain")
@click.argument("target")
@target_options
@click.option("--all", "unfold", is_flag=True, help="Tell repeated blocks one by one.")
@click.option(
    "--html",
    metavar="FILE",
    help="Write all that is known as one page to explore, in a browser, without a network.",
)
@click.option("--json", "json_wanted", is_flag=True, help="The facts as JSON.")
def command(
    target: str,
    init: str,
    inputs: tuple[str, ...],
    unfold: bool,
    html: str | None,
    json_wanted: bool,
    **limits: Any,
) -> None:
    """What every step of the network TARGET does: net.py, net.py:Net, net.py:Net(hidden=128), package.module:Net.

    \b
    nnwhy explain net.py:Net --input N,1,28,28
    nnwhy explain net.py:Net --html page.html
    """
    payload: dict[str, Json] = {"target": target, "init": init, "inputs": list(inputs), "unfold": unfold}
    if html is not None:
        del payload["unfold"]
        _write_page(Path(html), in_worker("nnwhy.api.page:page", payload, subject=target, **limits))
        return
    explanation = in_worker(
        "nnwhy.api.targets:explain",
        payload,
        subject=target,
        meanwhile=() if json_wanted else _SHOWN_WITH,
        **limits,
    )
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


def _write_page(path: Path, page: Page) -> None:
    """Raises NnwhyError where the file cannot be written."""
    from nnwhy.report.page import page_html

    text = page_html(page)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise NnwhyError(f"the page cannot be written to {path}: {error.strerror}") from error
    click.echo(f"{path}: {len(text.encode()) / 1024:.0f} KB, to be opened in a browser")
