"""The warm worker that answers the next command quickly: its state, or end it."""

from __future__ import annotations

import click

from nnwhy.isolate import daemon_status, daemon_stop


@click.command("daemon")
@click.argument("action", type=click.Choice(["status", "stop"]))
def command(action: str) -> None:
    """Show (status) or end (stop) the background process that has torch loaded. It ends by itself after some idle minutes."""
    if action == "stop":
        ended = daemon_stop()
        click.echo(
            "no warm worker was running"
            if not ended
            else f"ended {ended} warm worker{'s' if ended > 1 else ''}"
        )
        return
    found = daemon_status()
    if not found:
        click.echo("no warm worker is running")
    for one in found:
        state = "ready" if one.ready else "starting"
        click.echo(
            f"process {one.pid}: {state}, nnwhy {one.version}, torch {'loaded' if one.torch else 'not loaded'}, {one.served} jobs served, "
            f"up {one.seconds:.0f} s, ends after {one.idle_seconds:.0f} s without work"
        )
