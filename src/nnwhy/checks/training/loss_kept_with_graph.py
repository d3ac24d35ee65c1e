"""Losses of earlier steps are kept together with their graphs.

## What it finds
A running sum of losses that still has its gradient history (`total += loss`), and lists that hold losses of earlier steps.

## Why it matters
The sum is a tensor with a history that grows with every step: memory rises through the epoch until it is used up.

## Example
    total_loss += loss

## Use instead
    total_loss += loss.item()    # or loss.detach(), which waits for no GPU

## When it is fine
Where the sum itself is trained: then there is a backward pass from it.

## References
- https://docs.pytorch.org/docs/stable/notes/faq.html#my-model-reports-cuda-runtime-error-2-out-of-memory
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Edit, Finding
from nnwhy.facts.place import Place


@training_check(
    name="loss-kept-with-graph",
    severity="warning",
    summary="Losses of earlier steps are kept with their graphs.",
    title="losses of {count} earlier steps are kept together with their graphs",
)
def loss_kept_with_graph(watched: Watched) -> Iterator[Finding]:
    sums = watched.acts("sum")
    trained = {
        made.place.line
        for one in watched.session.backwards
        for made in one.history
        if made.name == "add" and made.place
    }
    if sums and sums[-1].place is not None and sums[-1].place.line not in trained:
        place = sums[-1].place
        yield Finding(
            "loss-kept-with-graph", "warning", place, {"count": len(sums)},
            because=("The sum has a gradient history that grows with every step.",),
            fixes=(advice(_item(watched, place)[0], _item(watched, place)[1]),),
        )  # fmt: skip
        return
    kept = watched.acts("kept")
    if kept:
        place, text = _appended(watched, kept[-1].place)
        call = watched.call(place)
        argument = call.arguments[0] if call is not None and call.function.endswith(".append") else None
        edits = watched.instead(argument.place, f"{text}.item()") if argument is not None else ()
        yield Finding(
            "loss-kept-with-graph", "warning", place, {"count": kept[-1].number},
            because=("Something holds them, each with its gradient history.",),
            fixes=(advice(f"{text}.item()" if text else "loss.item()", edits),),
        )  # fmt: skip


def _item(watched: Watched, place: Place) -> tuple[str, tuple[Edit, ...]]:
    """The added loss as a number, where the line shows which it is."""
    source = watched.sources.get(place.path)
    for assignment in source.assignments if source else ():
        if assignment.place.line != place.line:
            continue
        if assignment.form == "augmented" and assignment.text.isidentifier():
            new = f"{assignment.text}.item()"
            return f"{assignment.target} += {new}", watched.instead(assignment.value, new)
        added = re.search(r"\+=?\s*([A-Za-z_]\w*)\b(?![\w.(\[])", watched.text(assignment.place))
        if added is not None:
            new = _with_item(watched.text(assignment.place), added)
            return new, watched.instead(assignment.place, new)
    return "loss.item()", ()


def _with_item(text: str, added: re.Match[str]) -> str:
    """The statement with the added name as a number that has no history."""
    return f"{text[: added.end(1)]}.detach(){text[added.end(1) :]}"


def _appended(watched: Watched, loss: Place | None) -> tuple[Place | None, str]:
    """The line that puts the loss into a list, in the function that makes it."""
    source = watched.sources.get(loss.path) if loss else None
    if source is None or loss is None:
        return loss, ""
    names = [
        a.target
        for a in source.assignments
        if a.place.line <= loss.line <= a.place.end_line and a.form != "for"
    ]
    for call in source.calls:
        if call.function.endswith(".append") and call.arguments and call.arguments[0].text in names:
            return call.place, call.arguments[0].text
    return loss, names[0] if names else ""
