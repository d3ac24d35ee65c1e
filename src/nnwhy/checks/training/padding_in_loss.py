"""Rows are filled up to one length, and the filling counts in the loss.

## What it finds
Targets whose rows end with one and the same number that stands nowhere else, as the rows that the network reads do, in a
cross-entropy that does not ignore it. Where the network's embedding names that number as `padding_idx` it is a warning, else a note.

## Why it matters
The network learns to write padding, which is the easiest of all answers: the loss looks low, and real tokens weigh less the
shorter their rows are.

## Example
    criterion = nn.CrossEntropyLoss()

## Use instead
    criterion = nn.CrossEntropyLoss(ignore_index=PAD)

## When it is fine
Where one filling token is to be learned as the end of a row.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Edit, Finding
from nnwhy.facts.place import Place
from nnwhy.facts.session import LossCall

_NAMES = {"cross_entropy": "CrossEntropyLoss", "nll_loss": "NLLLoss"}


@training_check(
    name="padding-in-loss",
    severity="warning",
    summary="The filling of short rows counts in the loss.",
    title="{number} fills the ends of {rows} rows, and {function} counts it",
)
def padding_in_loss(watched: Watched) -> Iterator[Finding]:
    told = {number for network in watched.session.networks for number in network.padding}
    for loss in watched.losses:
        tokens = loss.tokens
        if tokens is None or tokens.padding is None or loss.settings.get("ignore_index") == tokens.padding:
            continue
        known = tokens.padding in told
        yield Finding(
            "padding-in-loss", "warning" if known else "note", loss.place,
            {"number": tokens.padding, "rows": tokens.rows, "function": loss.function},
            because=(
                "The embedding names it as padding_idx." if known else "It stands nowhere else in the rows.",
                "The easiest answer, which says nothing about the data, is a part of the mean.",
            ),
            fixes=(advice(f"ignore_index={tokens.padding}", _ignored(watched, loss, tokens.padding)),),
        )  # fmt: skip
        return


def _ignored(watched: Watched, loss: LossCall, number: int) -> tuple[Edit, ...]:
    """The argument for the loss, where it is plain which call makes it."""
    call = watched.call(loss.place)
    if call is None or not call.function.endswith(loss.function):
        made = [*watched.calls(_NAMES[loss.function])]
        call = made[0] if len(made) == 1 else None
    if call is None or any(argument.name == "ignore_index" for argument in call.arguments):
        return ()
    ends = call.place
    at = Place(ends.path, ends.end_line, ends.end_column - 1, ends.end_line, ends.end_column - 1)
    return (Edit(at, f"{', ' if call.arguments else ''}ignore_index={number}"),)
