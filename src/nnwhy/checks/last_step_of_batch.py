"""An index meant for the last step of a sequence takes the last sample of the batch.

## What it finds
`out[-1]` on all steps that a recurrent layer with `batch_first=True` gives, for a batch of several samples, where what follows
reads features.

## Why it matters
With `batch_first=True` the steps stand in axis 1: `out[-1]` is (steps, features) of one sample, and the others are thrown away. Where
there are as many steps as samples nothing fails at all.

## Example
    out, _ = self.lstm(x)                       # batch_first=True
    return self.fc(out[-1])

## Use instead
    return self.fc(out[:, -1])

## When it is fine
Where a single sequence goes in, as a batch of one. `# nnwhy: ignore[last-step-of-batch]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import labelled
from nnwhy.checks.basis.recurrent import LAYERS
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject, integer
from nnwhy.checks.basis.words import shape_text
from nnwhy.facts.finding import Edit, Finding
from nnwhy.facts.place import Place
from nnwhy.facts.value import TensorRef, tensors_in


@check(
    name="last-step-of-batch",
    severity="warning",
    summary="An index meant for the last step of a sequence takes the last sample of the batch.",
    title="{text} takes the last of {batch} samples, not the last of {steps} steps",
)
def last_step_of_batch(subject: Subject) -> Iterator[Finding]:
    told: set[Place] = set()
    for layer in subject.calls:
        module = subject.modules.get(layer.module)
        if layer.kind != "module" or layer.name not in LAYERS or module is None:
            continue
        states = layer.result[0] if isinstance(layer.result, tuple) and layer.result else None
        if module.arguments.get("batch_first") is not True or not isinstance(states, TensorRef):
            continue
        shape = subject.shape(states.id)
        if len(shape) != 3 or shape[0] < 2 or not _samples_first(subject, layer.inputs[:1]):
            continue
        for call in subject.readers.get(states.id, ()):
            place = call.place
            if call.name != "__getitem__" or integer(call.arguments.get("index")) != -1:
                continue
            if place is None or place in told or not subject.owned(place) or not _read(subject, call.outputs):
                continue
            told.add(place)
            text = subject.text(place)
            fixed = f"{text.removesuffix('[-1]')}[:, -1]" if text.endswith("[-1]") else ""
            yield Finding(
                check="last-step-of-batch",
                severity="warning",
                place=place,
                values={"text": text, "batch": shape[0], "steps": shape[1]},
                expected=shape_text((shape[0], shape[2])),
                actual=f"{shape_text(shape[1:])} of one sample",
                because=(
                    f"{module.path} has batch_first=True: {shape_text(shape)} is (batch, steps, features), the steps stand in axis 1",
                ),
                fixes=(labelled(subject, [Edit(place, fixed)], means="the last step of each sample"),) if fixed else (),
                module=call.module,
                call=call.id,
            )  # fmt: skip


def _samples_first(subject: Subject, given: tuple[int, ...]) -> bool:
    """Whether the first axis of the layer's input is an input's own first one: the batch, not rows that forward made."""
    roots = [subject.root(tensor, 0) for tensor in given]
    return bool(roots) and all(root.axis == 0 and root.tensor in subject.inputs() for root in roots)


def _read(subject: Subject, outputs: tuple[int, ...]) -> bool:
    """Whether it goes on into a layer, or is what the network gives."""
    assert subject.trace is not None
    given = set(tensors_in(subject.trace.result))
    return any(output in given or subject.readers.get(output) for output in outputs)


good = (
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.gru = nn.GRU(4, 5, batch_first=True)
                self.fc = nn.Linear(5, 2)

            def forward(self, x):
                out, h = self.gru(x)
                return self.fc(out[:, -1] + h[-1])
        """,
        "6,6,4",
    ),
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.gru = nn.GRU(4, 5, batch_first=True)
                self.fc = nn.Linear(5, 2)

            def forward(self, x):
                out, _ = self.gru(x.unsqueeze(0))
                return self.fc(out[-1])
        """,
        "6,4",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.gru = nn.GRU(4, 5, batch_first=True)
                self.fc = nn.Linear(5, 2)

            def forward(self, x):
                out, _ = self.gru(x)
                return self.fc(out[-1])
        """,
        "6,6,4",
        at="out[-1]",
        fixed="return self.fc(out[:, -1])",
    ),
)
