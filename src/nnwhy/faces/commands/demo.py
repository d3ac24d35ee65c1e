"""Train the recipe's network on real digits, explain it, and show what dropout does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.text import Text

from nnwhy.report.screen import console, out

if TYPE_CHECKING:
    from nnwhy.api.demo import Trained


@click.command("demo")
def command() -> None:
    """Train the recipe's network on 4,000 real digits (about 10 s), explain it, ask where 9216 comes from, and show what
    Dropout2d does. Needs no input and no network."""
    screen = console()
    out(
        screen,
        [
            Text(
                'The network of PyTorch\'s recipe "Defining a Neural Network", on 5,000 real digits',
                style="bold",
            ),
            "",
        ],
    )
    trained = _trained(screen)
    out(
        screen,
        [
            f"{trained.accuracy:.1%} of the {trained.tested:,} digits that it has not seen are read correctly",
            "",
        ],
    )
    _explained(screen, trained)
    _dropout(screen, trained)
    _next(screen)


def _heading(text: str) -> Text:
    return Text(f"── {text} ", style="bold cyan")


def _trained(screen: Console) -> Trained:
    from nnwhy.api.demo import train

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("loss {task.fields[loss]:.3f}"),
    )
    with Progress(*columns, console=screen, disable=not screen.is_terminal) as bar:
        task = bar.add_task("training", total=None, loss=float("nan"))
        if not screen.is_terminal:
            out(screen, ["training on 4,000 digits for two epochs"])
        return train(lambda step, steps, loss: bar.update(task, completed=step, total=steps, loss=loss))


def _explained(screen: Console, trained: Trained) -> None:
    from nnwhy.api.demo import explained
    from nnwhy.report.answer import answer_text
    from nnwhy.report.explanation import explanation_text

    explanation, answer = explained(trained)
    out(screen, [_heading("What does each layer do?"), ""])
    out(screen, explanation_text(explanation, screen.width))
    out(screen, ["", _heading("Why nn.Linear(9216, 128)?"), ""])
    out(screen, answer_text(answer, screen.width))


def _dropout(screen: Console, trained: Trained) -> None:
    from nnwhy.api.demo import dropout_shown, small_example
    from nnwhy.report.pixels import numbers_side_by_side
    from nnwhy.report.shown_layer import shown_layer_text

    out(screen, ["", _heading("What does nn.Dropout2d do?"), ""])
    channels, values = dropout_shown(trained)
    colour = screen.is_terminal and not screen.no_color
    out(screen, shown_layer_text(channels, screen.width, colour=colour))
    out(screen, ["", Text("nn.Dropout in the same place", style="bold"), ""])
    out(screen, shown_layer_text(values, screen.width, colour=colour))
    out(screen, [""])
    small = small_example()
    out(
        screen,
        [
            Text(
                "the same on ones of shape (2, 2, 4, 4): two samples, two channels each, p = 0.5",
                style="bold",
            ),
            "",
        ],
    )
    out(screen, ["  nn.Dropout2d, training: whole channels are 0, the others are doubled"])
    out(screen, (f"    {line}" for line in numbers_side_by_side(small.dropout2d)))
    out(screen, ["  nn.Dropout, training: single values are 0, the others are doubled"])
    out(screen, (f"    {line}" for line in numbers_side_by_side(small.dropout)))
    unchanged = "changes nothing" if small.unchanged_in_eval else "changes the values"
    out(screen, [f"  nn.Dropout2d in evaluation mode {unchanged}", ""])
    out(screen, _FLAT)


_FLAT = """\
The recipe's second Dropout2d is given a flat (N, 128) tensor, which has no
channels and no pixels. On such a tensor it computes what nn.Dropout does today,
with a warning, and is announced to become an error: nn.Dropout is meant there.""".splitlines()


def _next(screen: Console) -> None:
    out(screen, ["", _heading("Now on yours"), ""])
    out(screen, [
        "  nnwhy explain net.py:Net --input N,1,28,28",
        "  nnwhy why net.py:Net fc1.in_features --input N,1,28,28",
        "  nnwhy layer Dropout2d",
        "  nnwhy show net.py:Net dropout1 --data digits[:8]",
    ])  # fmt: skip
