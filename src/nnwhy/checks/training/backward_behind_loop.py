"""Only the last loss of a loop goes back: backward stands behind the loop over the batches.

## What it finds
Several losses from one place with a gradient, taken since the last step, of which only the last was trained; twice in a row.

## Why it matters
One step is made for a whole pass over the data, from its last batch alone. All others are computed for nothing, though the loss that
is printed is theirs.

## Example
    for x, y in loader:
        optimizer.zero_grad()
        loss = loss_fn(net(x), y)
    loss.backward()
    optimizer.step()

## Use instead
    for x, y in loader:
        optimizer.zero_grad()
        loss = loss_fn(net(x), y)
        loss.backward()
        optimizer.step()

## When it is fine
Where one of several batches is chosen to learn from.

## References
- https://docs.pytorch.org/tutorials/beginner/introyt/trainingyt.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding
from nnwhy.facts.place import Place

_FEWEST = 3


@training_check(
    name="backward-behind-loop",
    severity="warning",
    summary="backward stands behind the loop: only the last batch is trained.",
    title="of {count} losses only the last goes back: backward stands behind the loop",
)
def backward_behind_loop(watched: Watched) -> Iterator[Finding]:
    session = watched.session
    gathered: list[int] = []
    counts: list[int] = []
    for kind, index in session.order:
        if kind == "loss" and session.losses[index].from_network and session.losses[index].gradient:
            gathered.append(index)
        elif kind == "backward":
            back = session.backwards[index].place
            losses = [session.losses[number] for number in gathered]
            gathered = []
            places = {one.place for one in losses}
            alone = len(losses) >= _FEWEST and len(places) == 1 and losses[-1].trained
            if (
                not alone
                or any(one.trained for one in losses[:-1])
                or not _behind(watched, losses[-1].place, back)
            ):
                return
            counts.append(len(losses))
            if len(counts) == 2:
                yield Finding(
                    "backward-behind-loop", "warning", back, {"count": counts[0]},
                    because=("The others are computed, and let go of, without a gradient.",),
                    fixes=(advice("backward and step inside the loop, behind the loss"),),
                    also=(losses[-1].place,) if losses[-1].place else (),
                )  # fmt: skip
                return


def _behind(watched: Watched, loss: Place | None, back: Place | None) -> bool:
    """Whether backward stands below the loss in the same function, and is indented less."""
    one, other = watched.statement(loss), watched.statement(back)
    if one is None or other is None or loss is None or back is None:
        return False
    return loss.function == back.function and one.line < other.line and other.column < one.column
