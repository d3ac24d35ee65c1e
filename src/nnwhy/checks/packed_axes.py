"""A batch-first tensor is packed as if the sequence stood first.

## What it finds
`pack_padded_sequence` without `batch_first=True` of a tensor that has as many samples as there are lengths in its first axis, and not
in its second.

## Why it matters
Packing reads (sequence, batch, features) unless it is told. The lengths then belong to other rows: the packing fails, or the recurrent
layer behind it does, with a message that names neither.

## Example
    packed = pack_padded_sequence(x, lengths)                       # x is (batch, steps, features)

## Use instead
    packed = pack_padded_sequence(x, lengths, batch_first=True)

## When it is fine
Never: something raises. `# nnwhy: ignore[packed-axes]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.rnn.pack_padded_sequence.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import added_argument, argument_written, labelled
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.words import shape_text
from nnwhy.facts.finding import Edit, Finding


@check(
    name="packed-axes",
    severity="error",
    summary="A batch-first tensor is packed as if the sequence stood first.",
    title="pack_padded_sequence reads {shape} as (sequence, batch, features) and gets {count} lengths: the batch is axis 0",
)
def packed_axes(subject: Subject) -> Iterator[Finding]:
    for call in subject.calls:
        if call.name != "_pack_padded_sequence" or call.arguments.get("batch_first") is True:
            continue
        lengths = subject.argument(call, "lengths")
        x = subject.argument(call, "input")
        sorter = subject.maker(x.id) if x is not None else None
        # Lengths in any order: the columns were picked in the order of the lengths before.
        if sorter is not None and sorter.name == "index_select":
            x = subject.argument(sorter, "input")
        if lengths is None or x is None or len(x.shape) < 2 or not subject.owned(call.place):
            continue
        count = lengths.shape[0] if lengths.shape else 0
        if x.shape[0] != count or x.shape[1] == count:
            continue
        written = subject.source_call(call.place)
        told = argument_written(written, "batch_first", 2) if written is not None else None
        edits = [Edit(told, "True")] if told is not None else []
        if written is not None and told is None:
            edits = [added_argument(written, "batch_first=True")]
        yield Finding(
            check="packed-axes",
            severity="error",
            place=call.place,
            values={"shape": shape_text(x.shape), "count": count},
            expected=f"a second axis of {count}",
            actual=str(x.shape[1]),
            because=(f"there is one length for each of {count} samples, and those stand in axis 0",),
            derivations=(subject.derivations.of(x.id, 0),),
            fixes=(labelled(subject, edits, means="reads (batch, sequence, features)"),) if edits else (),
            call=call.id,
        )


good = (
    Good(
        """
        import torch
        from torch import nn
        from torch.nn.utils.rnn import pack_padded_sequence

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.gru = nn.GRU(4, 5)

            def forward(self, x):
                lengths = torch.full((x.size(1),), x.size(0))
                return self.gru(pack_padded_sequence(x, lengths))[1]
        """,
        "6,3,4",
    ),
)
bad = (
    Bad(
        """
        import torch
        from torch import nn
        from torch.nn.utils.rnn import pack_padded_sequence

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.gru = nn.GRU(4, 5, batch_first=True)

            def forward(self, x):
                lengths = torch.full((x.size(0),), x.size(1))
                return self.gru(pack_padded_sequence(x, lengths, enforce_sorted=False))[1]
        """,
        "3,6,4",
        at="pack_padded_sequence(x",
        fixed="return self.gru(pack_padded_sequence(x, lengths, enforce_sorted=False, batch_first=True))[1]",
    ),
)
