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

    if name is None:
        for check in all_checks().values():
            fix = "fix" if check.fixable else ""
            click.echo(f"{check.name:28} {check.severity:8} {fix:4} {check.summary}")
        return
    check = find_check(name)
    click.echo(f"{check.name} ({check.severity}{', with a fix' if check.fixable else ''})\n")
    click.echo(check.documentation)
