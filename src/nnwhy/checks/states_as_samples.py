"""The last states of several layers or directions are taken for more samples.

## What it finds
`h.view(-1, hidden)` and its kin on the last state of a recurrent layer with more than one layer or direction, where the
rows that come of it are the network's result: the number of results is that of the samples times that of the layers.

## Why it matters
The state is (layers · directions, batch, hidden). Folded into rows, every layer's state is scored like a sample of its
own; the loss then complains about the batch size, or trains on results that belong to nothing.

## Example
    _, h = self.gru(x)                      # two layers: (2, N, 20)
    return self.fc(h.view(-1, 20))          # 2 · N rows

## Use instead
    _, h = self.gru(x)
    return self.fc(h[-1])                   # the last layer's

## When it is fine
Where every layer's state is meant to be scored. `# nnwhy: ignore[states-as-samples]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.GRU.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import bracketed, labelled
from nnwhy.checks.basis.inserting import first_argument
from nnwhy.checks.basis.loss_flow import applied_losses
from nnwhy.checks.basis.recurrent import LAYERS, layers_and_directions, state_of, state_words
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.targets import CLASS_LOSSES
from nnwhy.checks.basis.words import shape_text
from nnwhy.facts.expression import Size
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.trace import Call
from nnwhy.facts.value import TensorRef

_FOLDS = ("view", "reshape", "flatten")


@check(
    name="states-as-samples",
    severity="warning",
    summary="The last states of several layers or directions are taken for samples.",
    title="{name} makes {rows} rows of {batch} samples: the last state {shape} of {layer} is {words}",
)
def states_as_samples(subject: Subject) -> Iterator[Finding]:
    result = subject.trace.result if subject.trace is not None and not subject.trace.failures else None
    if not isinstance(result, TensorRef) or not subject.shape(result.id):
        return
    if not any(module.type in LAYERS for module in subject.modules.values()):
        return
    rows = subject.shape(result.id)[0]
    end = subject.root(result.id, 0)
    yield from _unfolded(subject, result.id, end)
    for call in subject.calls:
        found = state_of(subject, call.inputs[0]) if call.name in _FOLDS and call.inputs else None
        if found is None or not call.outputs or not subject.owned(call.place):
            continue
        module, _ = found
        shape = subject.shape(call.inputs[0])
        layers = layers_and_directions(module)
        if layers == 1 or len(shape) != 3 or rows != shape[0] * shape[1] or shape[1] == rows:
            continue
        if end != subject.root(call.outputs[0], 0):
            continue
        yield Finding(
            check="states-as-samples",
            severity="warning",
            place=call.place,
            values={
                "name": call.name, "rows": rows, "batch": shape[1], "shape": shape_text(shape), "layer": module.path,
                "words": state_words(module),
            },
            expected=f"{shape[1]} rows",
            actual=f"{rows} = {layers} × {shape[1]} rows",
            because=(f"{layers} states for each sample: the layers and directions stand first",),
            fixes=tuple(_fixes(subject, call, bool(module.arguments.get("bidirectional")))),
            also=module.constructed[:1],
            module=module.path,
        )  # fmt: skip


def _unfolded(subject: Subject, result: int, end: Size) -> Iterator[Finding]:
    """The state itself is scored: the result is (layers · directions, batch, …), and a loss takes its first axis for the batch."""
    shape = subject.shape(result)
    assert subject.trace is not None
    made = [call for call in subject.calls if call.kind == "module" and call.name == "Linear"]
    losses = [
        loss for loss in applied_losses(subject) if loss.maker == "network" and loss.kind in CLASS_LOSSES
    ]
    if len(shape) != 3 or not made or not losses:
        return
    for call in subject.calls:
        for tensor in call.inputs:
            found = state_of(subject, tensor) if subject.owned(call.place) else None
            outer = subject.user_call(call)
            if found is None or call.id != outer.id or subject.root(tensor, 0) != end or call.name in LAYERS:
                continue
            module, _ = found
            place = first_argument(subject, call)
            rows, batch = shape[:2]
            fixes: list[Fix] = []
            if place is not None:
                text = f"{bracketed(subject.text(place))}[-1]"
                fixes.append(
                    labelled(subject, [Edit(place, text)], means="the last layer's state, (batch, hidden)")
                )
            yield Finding(
                check="states-as-samples",
                severity="warning",
                place=place or call.place,
                values={
                    "name": call.name, "rows": rows, "batch": batch, "shape": shape_text(subject.shape(tensor)),
                    "layer": module.path, "words": state_words(module), "result": shape_text(shape),
                },
                title="the result is {result}, and its first axis is no batch: the last state {shape} of {layer} is {words}",
                expected=f"({batch}, {shape[2]})",
                actual=shape_text(shape),
                because=(f"a loss takes the first axis for the samples: {rows} where there are {batch}",),
                fixes=tuple(fixes),
                also=(call.place, *module.constructed[:1]) if call.place else module.constructed[:1],
                module=module.path,
            )  # fmt: skip
            return


def _fixes(subject: Subject, call: Call, both: bool) -> Iterator[Fix]:
    written = subject.source_call(call.place)
    if written is None:
        return
    method = written.receiver is not None and not written.resolved.startswith("torch.")
    place = written.receiver if method else first_argument(subject, call)
    if place is None:
        return
    text = bracketed(subject.text(place))
    means = "the last layer's state, backwards" if both else "the last layer's state"
    yield labelled(subject, [Edit(written.place, f"{text}[-1]")], means=means)
    if both:
        yield labelled(
            subject, [Edit(written.place, f"({text}[-2] + {text}[-1])")], means="both directions added"
        )


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
                _, h = self.gru(x)
                return self.fc(h.view(-1, 5))
        """,
        "3,6,4",
    ),
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.gru = nn.GRU(4, 5, 2, batch_first=True)
                self.fc = nn.Linear(5, 2)

            def forward(self, x):
                _, h = self.gru(x)
                return self.fc(h.view(-1, 5)).view(2, -1, 2)
        """,
        "3,6,4",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.lstm = nn.LSTM(4, 5, 2, batch_first=True)
                self.fc = nn.Linear(5, 2)

            def forward(self, x):
                _, (h, _) = self.lstm(x)
                h = h.view(-1, 5)
                return self.fc(h)
        """,
        "3,6,4",
        at="h.view(-1, 5)",
        fixed="h = h[-1]",
    ),
    Bad(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.gru = nn.GRU(4, 5, batch_first=True)
                self.fc = nn.Linear(5, 2)

            def forward(self, x):
                _, h = self.gru(x)
                return self.fc(h)

        def train(loader):
            net = Net()
            for x, y in loader:
                nn.CrossEntropyLoss()(net(x), y).backward()
        """,
        "3,6,4",
        at="h)\n\ndef train",
        fixed="return self.fc(h[-1])",
    ),
)
