"""A softmax runs over the wrong axis.

## What it finds
A softmax over an axis of length 1, which is always 1.0; over the batch, so that the samples of a batch share one unit of
probability; and one without `dim`, which torch guesses (with a warning) by the number of axes.

## Why it matters
Softmax makes the numbers along one axis sum to 1. Over a single number that is 1.0 whatever the number; over the batch, a
sample's probabilities depend on which others are with it. Without `dim`, three axes mean axis 0: the batch.

## Example
    weights = F.softmax(self.score(h), dim=1)       # (seq * batch, 1): always 1.0

## Use instead
    weights = F.softmax(self.score(h), dim=0)

## When it is fine
Where the axis is meant. `# nnwhy: ignore[softmax-axis]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.softmax.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import added_argument, labelled
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.settings import argument_place
from nnwhy.checks.basis.subject import Subject, integer
from nnwhy.checks.basis.words import shape_text
from nnwhy.facts.expression import Argument, Constant
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.trace import Call, Tensor

_SOFTMAX = ("softmax", "log_softmax", "softmin")


@check(
    name="softmax-axis",
    severity="warning",
    summary="A softmax runs over the wrong axis.",
    title="{name} over axis {dim} of {shape}: {effect}",
)
def softmax_axis(subject: Subject) -> Iterator[Finding]:
    seen = subject.evaluated
    told: set[object] = set()
    mixing = subject.mixing_call
    for call in seen.calls:
        x = seen.argument(call, "input")
        if call.name not in _SOFTMAX or call.kind != "function" or x is None or not x.shape:
            continue
        place = _place(seen, call)
        if place in told or not seen.owned(place):
            continue
        given = integer(call.arguments.get("dim"))
        dim = (given if given is not None else _guessed(x)) % len(x.shape)
        own = seen.root(x.id, dim).tensor in seen.inputs()
        batch = own and call is mixing and not (subject.mixing and subject.mixing.other_axis)
        if x.shape[dim] == 1 and _always(seen, x, dim):
            effect = "one number alone is always 1.0" if call.name != "log_softmax" else "one number alone is always 0.0"
            wanted = _other(x, dim)
        elif batch:
            effect = "the samples of the batch share one unit of probability"
            wanted = len(x.shape) - 1
        elif given is None:
            effect = f"no dim was given; torch guesses {dim} and warns"
            wanted = dim if dim else len(x.shape) - 1
        else:
            continue
        told.add(place)
        severe = given is not None or dim == 0
        fixes = tuple(_fixes(seen, call, wanted, given is None, len(x.shape)))
        yield Finding(
            check="softmax-axis",
            severity="warning" if severe else "note",
            place=place,
            values={"name": call.name, "dim": dim, "shape": shape_text(x.shape), "effect": effect},
            expected=f"dim={wanted}",
            actual=f"dim={dim}",
            derivations=(seen.derivations.of(x.id, dim),),
            fixes=fixes,
        )


def _place(subject: Subject, call: Call):  # type: ignore[no-untyped-def]
    layer = subject.layer(call)
    return layer.constructed[0] if layer is not None and layer.constructed else call.place


def _guessed(x: Tensor) -> int:
    """torch's own guess: 0 for 0, 1 and 3 axes, else 1."""
    return 0 if len(x.shape) in (0, 1, 3) else 1


def _always(subject: Subject, x: Tensor, dim: int) -> bool:
    """Whether the axis has one number whatever the input is: a layer makes just one."""
    root = subject.root(x.id, dim)
    expression = subject.derivations.size(root.tensor, root.axis).expression
    return isinstance(expression, Argument | Constant) and root.tensor not in subject.inputs()


def _other(x: Tensor, dim: int) -> int:
    """The axis that was meant: the one before, where the scores of the positions stand."""
    return dim - 1 if dim > 0 else len(x.shape) - 1


def _fixes(subject: Subject, call: Call, wanted: int, implicit: bool, rank: int) -> Iterator[Fix]:
    layer = subject.layer(call)
    means = f"runs over axis {wanted}"
    if layer is not None:
        place = layer.argument_places.get("dim")
        written = subject.source_call(layer.constructed[0] if layer.constructed else None)
    else:
        place, _ = argument_place(subject, call, "dim")
        written = subject.source_call(call.place)
    if place is not None:
        yield labelled(subject, [Edit(place, str(wanted))], means=means, safe=False)
    elif written is not None and implicit:
        yield labelled(subject, [added_argument(written, f"dim={wanted}")], means=means, safe=wanted == 1 and rank in (2, 4))


good = (
    Good(
        """
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 3), nn.Softmax(dim=1))
        """,
        "5,4",
        entry="net",
    ),
)
bad = (
    Bad(
        """
        import torch.nn.functional as F
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.score = nn.Linear(4, 1)

            def forward(self, x):
                weights = F.softmax(self.score(x), dim=2)
                return (weights * x).sum(1)
        """,
        "3,6,4",
        at="F.softmax(self.score(x), dim=2)",
        fixed="weights = F.softmax(self.score(x), dim=1)",
    ),
    Bad(
        """
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 3), nn.Softmax(dim=0))
        """,
        "5,4",
        at="nn.Softmax(dim=0)",
        fixed="net = nn.Sequential(nn.Linear(4, 3), nn.Softmax(dim=1))",
        entry="net",
    ),
    Bad(
        """
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 3), nn.Softmax())
        """,
        "3,5,4",
        at="nn.Softmax()",
        fixed="net = nn.Sequential(nn.Linear(4, 3), nn.Softmax(dim=2))",
        entry="net",
    ),
)
