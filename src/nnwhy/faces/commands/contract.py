"""Which inputs a network takes: sizes, dtypes, and who asks for each."""

from __future__ import annotations

from typing import Any

import click

from nnwhy.faces.options import as_json, in_worker, target_options
from nnwhy.facts.codec import Json

_SHOWN_WITH = ("nnwhy.report.screen", "nnwhy.report.contract")


@click.command("contract")
@click.argument("target")
@target_options
@click.option(
    "--export", "exported", is_flag=True, help="Also for torch.export and jaxtyping; both are tried."
)
@click.option("--json", "json_wanted", is_flag=True, help="The facts as JSON.")
def command(
    target: str, init: str, inputs: tuple[str, ...], exported: bool, json_wanted: bool, **limits: Any
) -> None:
    """Which inputs the network TARGET takes. Each condition is tested: sizes just inside run, sizes just outside fail.

    --input says from where to begin; without it the input is found from the network.

    \b
    nnwhy contract net.py:Net
    nnwhy contract net.py --export
    """
    payload: dict[str, Json] = {"target": target, "init": init, "inputs": list(inputs), "exported": exported}
    found = in_worker(
        "nnwhy.api.contract:contract",
        payload,
        subject=target,
        meanwhile=() if json_wanted else _SHOWN_WITH,
        **limits,
    )
    if json_wanted:
        click.echo(as_json(found))
        return
    from nnwhy.report.contract import contract_text, export_text
    from nnwhy.report.screen import console, out

    screen = console()
    out(screen, contract_text(found["contract"], screen.width, name=found["name"]))
    if found["export"] is not None:
        out(screen, export_text(found["export"]))
