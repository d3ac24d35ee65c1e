"""What a layer does to real data, as pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from nnwhy.faces.options import as_json, in_worker, target_options
from nnwhy.facts.codec import Json

_SHOWN_WITH = ("nnwhy.report.screen", "nnwhy.report.shown_layer")


@click.command("show")
@click.argument("target")
@click.argument("layer", default="")
@click.option(
    "--data",
    default="",
    metavar="DATA",
    help="digits[:8], digits[3], an image, a folder of images, a .npy, .npz or .pt file (each may end in a slice), "
    "text:some words where the network brings a tokenizer, random. Without it: digits where they fit, else random.",
)
@click.option(
    "--weights",
    default="",
    metavar="FILE",
    help="Weights from a .pt or .safetensors file, checked against the network.",
)
@click.option(
    "--train/--eval",
    "training",
    default=False,
    help="The mode that the network runs in; dropout is drawn in both.",
)
@click.option("--draws", default=3, show_default=True, metavar="N", help="How many draws of a random layer.")
@click.option(
    "--call", default=0, metavar="N", help="Which call of a layer that is called several times, from 0."
)
@click.option("--seed", default=0, metavar="N", help="The seed of the first draw.")
@click.option(
    "--save",
    "save_to",
    default="",
    metavar="FILE",
    help="Draw into a .png, .svg or .pdf file (needs matplotlib).",
)
@click.option("--json", "json_wanted", is_flag=True, help="The facts as JSON.")
@target_options
def command(
    target: str,
    layer: str,
    data: str,
    weights: str,
    training: bool,
    draws: int,
    call: int,
    seed: int,
    save_to: str,
    json_wanted: bool,
    init: str,
    inputs: tuple[str, ...],
    **limits: Any,
) -> None:
    """What LAYER of the network TARGET does to data: its path (dropout1), or a function that is called (F.max_pool2d, net.py:22).

    \b
    nnwhy show net.py:Net dropout1 --data digits[:8]
    nnwhy show net.py:Net conv2 --data cat.png --save conv2.png
    nnwhy show net.py:Net dropout1 --weights trained.pt --draws 4
    """
    payload: dict[str, Json] = {
        "target": target, "init": init, "inputs": list(inputs), "path": layer, "data": data, "weights": weights,
        "training": training, "draws": draws, "call": call, "seed": seed,
    }  # fmt: skip
    if save_to:
        from nnwhy.report.plots import check

        check(Path(save_to))
    facts = in_worker(
        "nnwhy.api.show:shown",
        payload,
        subject=target,
        meanwhile=() if json_wanted else _SHOWN_WITH,
        **limits,
    )
    saved = ""
    if save_to:
        from nnwhy.report.plots import save

        saved = str(save(facts, Path(save_to)))
    if json_wanted:
        click.echo(as_json(facts))
        return
    if saved:
        click.echo(f"{facts.see}\nsaved as {saved}")
        return
    from nnwhy.report.screen import console, out
    from nnwhy.report.shown_layer import shown_layer_text

    screen = console()
    out(screen, shown_layer_text(facts, screen.width, colour=screen.is_terminal and not screen.no_color))
