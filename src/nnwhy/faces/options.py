"""Options that several commands share, and the way from a command to the worker."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import Any, TypeVar

import click

from nnwhy.errors import WorkerError
from nnwhy.facts.codec import Json, fact_types, from_json
from nnwhy.isolate import Limits, run, value_of

Command = TypeVar("Command", bound=Callable[..., Any])

_TARGET_OPTIONS = (
    click.option("--init", default="", metavar="ARGS", help='Arguments for the constructor: --init "hidden=128, classes=10".'),
    click.option(
        "--input", "inputs", multiple=True, metavar="SIZES",
        help="An input: N,1,28,28 (a letter is a free size), N,128:int64 for another dtype, mask=N,128 for a keyword. "
        "Repeat it for several inputs. Without it the input is found from the network.",
    ),
    click.option("--time-limit", default=60.0, show_default=True, metavar="SECONDS", help="How long the user's code may run."),
    click.option("--memory-limit", default=8.0, show_default=True, metavar="GB", help="How much memory it may take."),
    click.option("--no-daemon", is_flag=True, help="Do not keep a warm worker for the next command."),
)  # fmt: skip


def target_options(command: Command) -> Command:
    """The options that say which network, which input, and how long it may run."""
    for option in reversed(_TARGET_OPTIONS):
        command = option(command)
    return command


def in_worker(
    job: str,
    payload: dict[str, Json],
    *,
    subject: str,
    time_limit: float,
    memory_limit: float,
    no_daemon: bool,
    meanwhile: tuple[str, ...] = (),
) -> Any:
    """Run `job` on the user's code in a worker process and return its facts. Raises one of nnwhy's errors.

    `meanwhile` names the modules that the command needs for its answer: they are loaded while the worker works.
    """
    limits = Limits(seconds=time_limit, memory_bytes=int(memory_limit * 2**30))
    outcome = run(job, payload, limits=limits, warm=not no_daemon, meanwhile=lambda: _load(meanwhile))
    try:
        return from_json(value_of(outcome, subject=subject))
    except WorkerError as error:
        option = _OPTION.get(outcome.failure.kind) if outcome.failure else None
        raise WorkerError(f"{error} ({option})" if option else str(error)) from error


def _load(modules: tuple[str, ...]) -> None:
    with suppress(Exception):  # what cannot be loaded raises where it is used
        fact_types()
        for name in modules:
            import_module(name)


_OPTION = {"timeout": "--time-limit SECONDS", "memory": "--memory-limit GB"}


def as_json(facts: object) -> str:
    """Facts as JSON text under the number of their schema."""
    import json

    from nnwhy.report.shown import documented

    return json.dumps(documented(facts), ensure_ascii=False, indent=2)
