"""Run a training script as Python would, and tell what goes wrong in it."""

from __future__ import annotations

import gc
import sys

import click


@click.command("run", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.option("-m", "as_module", is_flag=True, help="SCRIPT is a module: nnwhy run -m package.train.")
@click.option(
    "--steps",
    default=3,
    show_default=True,
    type=click.IntRange(min=1),
    help="How many optimizer steps are watched.",
)
@click.option("--stop", is_flag=True, help="Stop once they and the first evaluation are over.")
@click.option("--strict", is_flag=True, help="Exit code 1 where something was found, notes aside.")
@click.option(
    "--json", "json_path", default="", metavar="FILE", help="Write what was seen and found to FILE as JSON."
)
@click.option(
    "--html",
    "html_path",
    default="",
    metavar="FILE",
    help="Write what was seen and found to FILE as one page.",
)
@click.option(
    "--prove",
    is_flag=True,
    help="Afterwards run SCRIPT's beginning again, once for each fix, on an edited copy.",
)
@click.option("--diff", is_flag=True, help="--prove, and print the fixes that hold as one diff.")
@click.option("--fix", is_flag=True, help="--prove, and apply the fixes that hold.")
@click.argument("script")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(
    script: str,
    arguments: tuple[str, ...],
    as_module: bool,
    steps: int,
    stop: bool,
    strict: bool,
    json_path: str,
    html_path: str,
    prove: bool,
    diff: bool,
    fix: bool,
) -> None:
    """Run SCRIPT with its ARGUMENTS as `python SCRIPT ARGUMENTS` would, watched in its first steps.

    The first optimizer steps and the first evaluation are watched, then the script runs at full speed. What was found
    goes to stderr; output and exit code are the script's own. Options of nnwhy come before SCRIPT.

    --prove, --diff and --fix run the beginning of SCRIPT again, up to the end of what is watched: whatever it writes by then
    it writes again.

    \b
    nnwhy run train.py --epochs 3
    nnwhy run --html report.html train.py
    nnwhy run --stop --strict -m package.train
    """
    from nnwhy.api.watch import run

    gc.enable()
    sys.exit(
        run(
            script, list(arguments), as_module=as_module, steps=steps, stop=stop, strict=strict, json_path=json_path,
            html_path=html_path, prove=prove, fix=fix, diff=diff,
        )
    )  # fmt: skip
