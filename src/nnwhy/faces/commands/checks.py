"""The checks: a list, or what one of them finds and why."""

from __future__ import annotations

import click


@click.command("checks")
@click.argument("name", required=False)
def command(name: str | None) -> None:
    """List the checks, or explain the one called NAME.

    \b
    nnwhy checks
    nnwhy checks dropout-rank
    """
    from nnwhy.checks.basis.registry import all_checks, find_check
    from nnwhy.checks.training.basis.registry import training_checks

    training = training_checks()
    if name is None:
        for check in (*all_checks().values(), *training.values()):
            fix = "fix" if getattr(check, "fixable", False) else ""
            click.echo(f"{check.name:28} {check.severity:8} {fix:4} {check.summary}")
        return
    found = training.get(name) or find_check(name)
    fixable = ", with a fix" if getattr(found, "fixable", False) else ""
    click.echo(f"{found.name} ({found.severity}{fixable})\n")
    click.echo(found.documentation)
