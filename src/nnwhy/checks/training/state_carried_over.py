"""A recurrent layer begins with the state that other sequences left.

## What it finds
A recurrent layer whose state at the beginning comes from a pass of an earlier step, while the batches come from a loader that shuffles.

## Why it matters
In a shuffled batch row 3 is another sequence than row 3 of the batch before. Its state says nothing about it: the network begins with
noise, and learns to forget it.

## Example
    for x, y in DataLoader(data, batch_size=16, shuffle=True):
        hidden = tuple(h.detach() for h in hidden)
        out, hidden = model(x, hidden)

## Use instead
    for x, y in DataLoader(data, batch_size=16, shuffle=True):
        out, _ = model(x, model.init_hidden(16))

## When it is fine
Where each batch goes on where the same rows of the last one ended, as in truncated backpropagation through one long text: then
the loader must not shuffle.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding


@training_check(
    name="state-carried-over",
    severity="warning",
    summary="A recurrent layer begins with the state that other sequences left.",
    title="the recurrent layer begins with the state of the batch before, which holds other sequences: the loader shuffles",
)
def state_carried_over(watched: Watched) -> Iterator[Finding]:
    loaders = {one.id: one for one in watched.session.loaders}
    for act in watched.acts("carried"):
        forward = watched.session.forwards[act.number] if act.number >= 0 else None
        loader = loaders.get(forward.loader) if forward is not None and forward.loader is not None else None
        if loader is None or loader.sampler != "RandomSampler" or (loader.length or 0) <= (loader.batch or 1):
            continue
        yield Finding(
            "state-carried-over", "warning", act.place or (forward.place if forward else None), {},
            because=("Row by row it belongs to sequences of the last batch, not to those that this one holds.",),
            fixes=(
                advice("a new state of zeros for each batch: leave the state out of the call, or make it anew"),
                advice("shuffle=False", means="Where each row goes on where the same row of the last batch ended."),
            ),
            also=(loader.constructed,) if loader.constructed else (),
        )  # fmt: skip
        return
