"""Every mistake of a network in one pass, each with a fix that was tried."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nnwhy.errors import NnwhyError
from nnwhy.faces.options import as_json, in_worker, target_options
from nnwhy.facts.codec import Json

if TYPE_CHECKING:  # loaded while the worker works
    from nnwhy.facts.finding import Report

_ROUNDS = 5
_SHOWN_WITH = ("nnwhy.report.screen", "nnwhy.report.findings")


@click.command("check")
@click.argument("targets", nargs=-1)
@target_options
@click.option(
    "--select", multiple=True, metavar="CHECK", help="Only these checks; repeat it, or put commas between."
)
@click.option("--ignore", multiple=True, metavar="CHECK", help="Not these checks.")
@click.option("--severity", type=click.Choice(["error", "warning", "note"]), help="Nothing milder than this.")
@click.option(
    "--fix",
    "fixing",
    is_flag=True,
    help="Apply the proved fixes that keep what the network is meant to compute.",
)
@click.option("--diff", "showing", is_flag=True, help="Show what --fix would change, and change nothing.")
@click.option(
    "--unsafe-fixes", is_flag=True, help="Take proved fixes that change what the network computes as well."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github", "sarif"]),
    default="text",
    show_default=True,
)
def command(
    targets: tuple[str, ...], init: str, inputs: tuple[str, ...], select: tuple[str, ...], ignore: tuple[str, ...],
    severity: str | None, fixing: bool, showing: bool, unsafe_fixes: bool, form: str, **limits: Any,
) -> int:  # fmt: skip
    """Find every mistake in TARGETS (files, networks in them, directories), with the reason and a fix that was tried.

    Exit code 0: nothing worse than notes; 1: errors or warnings; 2: bad input.

    \b
    nnwhy check net.py:Net --input N,1,28,28
    nnwhy check src/ --fix
    """
    from nnwhy.api.check_targets import expanded, project_settings

    settings: dict[str, Json] = {**project_settings(Path.cwd())}
    settings.update(
        {name: _names(given) for name, given in (("select", select), ("ignore", ignore)) if given}
    )
    if severity:
        settings["severity"] = severity
    payload: dict[str, Json] = {"init": init, "inputs": list(inputs), "settings": settings}
    if form == "text" and not showing:
        limits["meanwhile"] = _SHOWN_WITH
    names = expanded(targets)
    report = _report(names, payload, limits)
    if showing:
        from nnwhy.fix.apply import diff

        click.echo(diff(report, unsafe=unsafe_fixes), nl=False)
    elif fixing:
        report = _fixed(report, names, payload, limits, unsafe_fixes)
    if not showing:
        _show(report, form)
    return int(any(finding.severity != "note" for finding in report.findings))


def _report(names: tuple[str, ...], payload: dict[str, Json], limits: dict[str, Any]) -> Report:
    """One job for each network. A target that cannot be looked at is told among others, and is an error alone."""
    found: list[Report | tuple[str, str]] = []
    for name in names:
        try:
            job = {"target": name, **payload}
            found.append(in_worker("nnwhy.api.check:check", job, subject=name, **limits))
        except NnwhyError as error:
            if len(names) == 1:
                raise
            found.append((name, str(error)))
    from nnwhy.api.reports import joined, skipped

    return joined([skipped(*one) if isinstance(one, tuple) else one for one in found])


def _fixed(
    report: Report, names: tuple[str, ...], payload: dict[str, Json], limits: dict[str, Any], unsafe: bool
) -> Report:
    """Apply fixes in rounds, until none is left: those that touch the same text come one after the other."""
    from nnwhy.fix.apply import apply
    from nnwhy.report.words import file

    for _ in range(_ROUNDS):
        changed = apply(report, unsafe=unsafe)
        if not changed:
            break
        for path in changed:
            click.echo(f"changed {file(path)}", err=True)
        report = _report(names, payload, limits)
    return report


def _show(report: Report, form: str) -> None:
    if form == "json":
        click.echo(as_json(report))
    elif form == "github":
        from nnwhy.report.annotations import github_lines

        for line in github_lines(report):
            click.echo(line)
    elif form == "sarif":
        import json

        from nnwhy.checks.basis.registry import all_checks
        from nnwhy.report.sarif import sarif

        summaries = {name: check.summary for name, check in all_checks().items()}
        click.echo(json.dumps(sarif(report, summaries), ensure_ascii=False, indent=2))
    else:
        from nnwhy.report.findings import findings_text
        from nnwhy.report.screen import console, out

        screen = console()
        out(screen, findings_text(report, screen.width))


def _names(given: tuple[str, ...]) -> list[Json]:
    return [name.strip() for text in given for name in text.split(",") if name.strip()]
