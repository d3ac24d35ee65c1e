"""A recurrent layer of one layer has a dropout, which has no effect.

## What it finds
`nn.LSTM`, `nn.GRU` and `nn.RNN` with `num_layers=1` (the default) and a `dropout` above 0.

## Why it matters
The dropout of a recurrent layer stands between its layers, not behind the last one. With one layer there is nothing between: the
network trains without any dropout, and torch says so in a warning only.

## Example
    self.lstm = nn.LSTM(64, 128, dropout=0.5)

## Use instead
    self.lstm = nn.LSTM(64, 128)
    self.drop = nn.Dropout(0.5)                 # in forward: self.drop(out)

or `num_layers=2`.

## When it is fine
Where the number of layers is an argument and 1 happens to be chosen, this is a note. `# nnwhy: ignore[recurrent-dropout]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import labelled
from nnwhy.checks.basis.layers import constructed_call
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.trace import Module

_RECURRENT = ("LSTM", "GRU", "RNN")


@check(
    name="recurrent-dropout",
    severity="warning",
    summary="A recurrent layer of one layer has a dropout, which has no effect.",
    title="dropout={probability} of {layer} does nothing: it stands between layers, and num_layers is 1",
)
def recurrent_dropout(subject: Subject) -> Iterator[Finding]:
    told: set[Place] = set()
    for module in subject.modules.values():
        probability, layers = module.arguments.get("dropout"), module.arguments.get("num_layers")
        if module.type not in _RECURRENT or layers != 1 or not isinstance(probability, float | int):
            continue
        made = next(iter(module.constructed), None)
        if not probability or made is None or made in told or not subject.owned(made):
            continue
        told.add(made)
        chosen = _chosen(subject, module)
        place = module.argument_places.get("dropout") or made
        yield Finding(
            check="recurrent-dropout",
            severity="note" if chosen else "warning",
            place=place,
            values={"probability": f"{probability:g}", "layer": module.path or module.type},
            expected="num_layers of 2 or more",
            actual="1",
            because=("to drop what the layer gives, nn.Dropout goes behind it",),
            fixes=tuple(_fixes(subject, module, chosen)),
            also=(made,) if made != place else (),
            module=module.path,
        )  # fmt: skip


def _chosen(subject: Subject, module: Module) -> str:
    """The expression that gives the number of layers, "" where it is a plain number or the default."""
    place = module.argument_places.get("num_layers")
    text = subject.text(place) if place is not None else ""
    return "" if text.isdigit() else text


def _fixes(subject: Subject, module: Module, chosen: str) -> Iterator[Fix]:
    place = module.argument_places.get("dropout")
    if place is None:
        return
    if chosen:
        text = f"{subject.text(place)} if {chosen} > 1 else 0.0"
        yield labelled(subject, [Edit(place, text)], means="dropout where there are layers to stand between")
        return
    yield labelled(subject, [Edit(place, "0.0")], means="what it does now, said plainly")
    layers, call = module.argument_places.get("num_layers"), constructed_call(subject, module)
    if layers is not None and call is not None:
        means = "a second layer, with dropout before it"
        yield labelled(subject, [Edit(layers, "2")], means=means, safe=False)


good = (
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.gru = nn.GRU(4, 6, num_layers=2, dropout=0.2, batch_first=True)
                self.lstm = nn.LSTM(6, 8, batch_first=True)
                self.drop = nn.Dropout(0.2)
                self.fc = nn.Linear(8, 2)

            def forward(self, x):
                out, _ = self.lstm(self.gru(x)[0])
                return self.fc(self.drop(out[:, -1]))
        """,
        "5,7,4",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self, dropout=0.3):
                super().__init__()
                self.lstm = nn.LSTM(4, 8, dropout=dropout, batch_first=True)
                self.fc = nn.Linear(8, 2)

            def forward(self, x):
                out, _ = self.lstm(x)
                return self.fc(out[:, -1])
        """,
        "5,7,4",
        at="dropout, batch",
        fixed="self.lstm = nn.LSTM(4, 8, dropout=0.0, batch_first=True)",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self, layers=1):
                super().__init__()
                self.gru = nn.GRU(4, 8, layers, batch_first=True, dropout=0.5)
                self.fc = nn.Linear(8, 2)

            def forward(self, x):
                out, _ = self.gru(x)
                return self.fc(out[:, -1])
        """,
        "5,7,4",
        at="0.5",
        fixed="self.gru = nn.GRU(4, 8, layers, batch_first=True, dropout=0.5 if layers > 1 else 0.0)",
    ),
)
