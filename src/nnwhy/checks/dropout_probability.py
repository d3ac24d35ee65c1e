"""A dropout drops nearly everything, or everything.

## What it finds
A dropout with a probability of 0.9 or more (a note from 0.8 on), and one whose probability is an argument called
`keep_prob` or the like.

## Why it matters
The first papers and TensorFlow 1 give the probability of **keeping** a unit; torch takes that of **dropping** it. A 0.9 that
was meant to keep 9 of 10 drops 9 of 10, and the network hardly learns. With 1 it hands on zeros while training.

## Example
    self.dropout = nn.Dropout(0.9)          # "keep 90 %"

## Use instead
    self.dropout = nn.Dropout(0.1)

## When it is fine
Where so much noise is meant. `# nnwhy: ignore[dropout-probability]` silences it.

## References
- https://jmlr.org/papers/v15/srivastava14a.html
- https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nnwhy.checks.basis.editing import argument_written, bracketed, labelled
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.settings import argument_place
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.trace import Call

_NAMES = ("dropout", "dropout1d", "dropout2d", "dropout3d", "alpha_dropout", "feature_alpha_dropout")
_KEEPING = re.compile(r"(?:^|_|\b)keep(?!dim)", re.IGNORECASE)
_LARGE, _VERY_LARGE = 0.8, 0.9


@check(
    name="dropout-probability",
    severity="warning",
    summary="A dropout drops nearly everything, or everything.",
    title="{layer} drops {share}",
)
def dropout_probability(subject: Subject) -> Iterator[Finding]:
    told: set[Place] = set()
    for call in subject.calls:
        p = call.arguments.get("p")
        if (
            call.kind != "function"
            or call.name not in _NAMES
            or not isinstance(p, int | float)
            or isinstance(p, bool)
        ):
            continue
        outer, place = _written(subject, call)
        where = place or outer
        if where is None or not subject.owned(where) or where in told:
            continue
        text = subject.text(place)
        keeping = 0 < p < 1 and _KEEPING.search(text) is not None and "1" not in re.findall(r"\d+", text)
        if p < _LARGE and not keeping:
            continue
        told.add(where)
        layer = subject.layer(call)
        yield Finding(
            check="dropout-probability",
            severity="warning" if keeping or p >= _VERY_LARGE else "note",
            place=where,
            values={"layer": (layer.path if layer else "") or call.name, "share": _share(float(p))},
            expected=f"p = {round(1 - p, 6):g}" if p < 1 else "a probability below 1",
            actual=f"p = {p:g}",
            because=_reasons(float(p)),
            fixes=tuple(_fixes(subject, place, text, float(p))),
            also=(outer,) if outer and outer != where else (),
            module=layer.path if layer else "",
        )


def _written(subject: Subject, call: Call) -> tuple[Place | None, Place | None]:
    """The place of the layer or call, and of its probability as written."""
    layer = subject.layer(call)
    if layer is None:
        return call.place, argument_place(subject, call, "p")[0]
    for place in layer.constructed[:1]:
        written = subject.source_call(place)
        if written is not None:
            return place, layer.argument_places.get("p") or argument_written(written, "p", 0)
    return (layer.constructed[0] if layer.constructed else None), None


def _share(p: float) -> str:
    if p >= 1:
        return "everything: it hands on zeros while training"
    return f"{p * 100:g} % of what it gets and keeps {round((1 - p) * 100, 4):g} %"


def _reasons(p: float) -> tuple[str, ...]:
    if p >= 1:
        return ("p is the probability of dropping a value",)
    return (f"p is the probability of dropping a value; to keep {p * 100:g} % it is {round(1 - p, 6):g}",)


def _fixes(subject: Subject, place: Place | None, text: str, p: float) -> Iterator[Fix]:
    if place is None or p >= 1:
        return
    number = text.strip().replace(".", "", 1).isdigit()
    wanted = f"{round(1 - p, 6):g}" if number else f"1 - {bracketed(text)}"
    yield labelled(subject, [Edit(place, wanted)], means=f"keeps {p * 100:g} %", safe=False)


good = (
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self, keep_prob=0.6):
                super().__init__()
                self.layers = nn.Sequential(nn.Linear(4, 8), nn.Dropout(1 - keep_prob), nn.Dropout(0.5), nn.Linear(8, 2))

            def forward(self, x):
                return self.layers(x)
        """,
        "3,4",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Dropout(p=0.9), nn.Linear(8, 2))
        """,
        "3,4",
        at="0.9",
        fixed="net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Dropout(p=0.1), nn.Linear(8, 2))",
        entry="net",
    ),
    Bad(
        """
        import torch.nn.functional as F
        from torch import nn

        class Net(nn.Module):
            def __init__(self, keep_prob=0.7):
                super().__init__()
                self.keep_prob = keep_prob
                self.one = nn.Linear(4, 8)
                self.two = nn.Linear(8, 2)

            def forward(self, x):
                x = F.dropout(self.one(x).relu(), self.keep_prob, self.training)
                return self.two(x)
        """,
        "3,4",
        at="self.keep_prob, self.training",
        fixed="x = F.dropout(self.one(x).relu(), 1 - self.keep_prob, self.training)",
    ),
    Bad(
        """
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Dropout(1), nn.Linear(8, 2))
        """,
        "3,4",
        at="1), nn.Linear",
        entry="net",
    ),
)
