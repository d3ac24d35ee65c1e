"""Of a recurrent layer's outputs the last one is taken, and in short rows it stands behind the filling.

## What it finds
`outputs[:, -1]`, or the final state `hidden[-1]`, of an LSTM, GRU or RNN that was run over rows of tokens filled up to one length at
their ends; and `outputs[:, -1]` of what `pad_packed_sequence` gives.

## Why it matters
The layer goes on over the filling. In the longest row of a batch the last output follows the last word; in a short one it follows as
many steps of nothing as are missing, and what was read fades with each. The same row then gets another answer in another batch.
Behind `pad_packed_sequence` the last output of a short row is all zeros.

## Example
    outputs, _ = self.lstm(self.embedding(tokens))
    return self.head(outputs[:, -1])

## Use instead
    lengths = (tokens != 0).sum(1)
    return self.head(outputs[torch.arange(len(tokens)), lengths - 1])

Or `pack_padded_sequence` before the layer, and its final state: it ends at each row's own end.

## When it is fine
Where rows are filled at their beginnings.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.rnn.pack_padded_sequence.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nnwhy.checks.training.basis.positions import RECURRENT
from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import HANDS_ON, Watched, advice
from nnwhy.facts.finding import Finding
from nnwhy.facts.session import LossCall, Made

_LAST = re.compile(r"\[\s*(:\s*,\s*)?-1\s*(,\s*:\s*)?\]$")


@training_check(
    name="last-step-is-filling",
    severity="warning",
    summary="The last output of a recurrent layer is taken behind the filling of short rows.",
    title="in {filled} of {rows} rows the last output stands behind the filling",
)
def last_step_is_filling(watched: Watched) -> Iterator[Finding]:
    for loss in watched.losses:
        if not loss.filled:
            continue
        found = _taken(watched, loss)
        if found is not None:
            taken, packed = found
            after = (
                "pad_packed_sequence puts zeros there"
                if packed
                else "the recurrent layer runs over them as over words"
            )
            filled, rows, number = loss.filled
            yield Finding(
                "last-step-is-filling", "warning", taken.place, {"filled": filled, "rows": rows},
                because=(f"{filled} of {rows} rows end in two or more {number}, and {after}.",),
                fixes=(advice(
                    "the output at each row's own end: outputs[torch.arange(len(outputs)), lengths - 1]",
                    means="Or pack_padded_sequence before the layer, and its final state.",
                ),),
                module=taken.layer,
            )  # fmt: skip
            return


def _taken(watched: Watched, loss: LossCall) -> tuple[Made, bool] | None:
    """Where the last output of a recurrent layer is taken that was run over filled rows, and whether they were packed before it and
    filled up again behind it."""
    for number, made in enumerate(loss.history):
        if made.name != "__getitem__" or not _LAST.search(watched.text(made.place)):
            continue
        behind = [one.name for one in loss.history[number + 1 :] if one.name not in HANDS_ON]
        packed = behind[:1] == ["_pad_packed_sequence"]
        layers = behind[packed:]
        if "embedding" not in layers or layers[0] not in RECURRENT:
            continue
        if packed or "_pack_padded_sequence" not in layers:
            return made, packed
    return None
