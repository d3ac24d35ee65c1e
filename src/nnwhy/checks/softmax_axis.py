"""A softmax runs over the wrong axis.

## What it finds
A softmax over an axis of length 1, which is always 1.0; over the batch, so that the samples of a batch share one unit of
probability; over another axis of attention scores than the one that the following product sums over; and one without `dim`,
which torch guesses (with a warning) by the number of axes.

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

from nnwhy.checks.basis.axis_names import axes_in_words
from nnwhy.checks.basis.editing import added_argument, after, bracketed, labelled
from nnwhy.checks.basis.endings import behind, ending
from nnwhy.checks.basis.following import next_call, summed_axis
from nnwhy.checks.basis.inserting import first_argument
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.settings import argument_place
from nnwhy.checks.basis.subject import Subject, integer
from nnwhy.checks.basis.words import shape_text
from nnwhy.facts.expression import Argument, Constant, Size, leaves
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.trace import Call, Tensor
from nnwhy.facts.value import tensors_in

_SCALING = ("mul", "div", "true_divide", "add", "sub", "masked_fill", "masked_fill_", "where", "clamp")
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
        batch = (
            call is mixing and _of_batch(seen, x, dim) and not (subject.mixing and subject.mixing.other_axis)
        )
        summed = summed_axis(seen, call)
        if x.shape[dim] == 1 and _always(seen, x, dim):
            effect = (
                "one number alone is always 1.0"
                if call.name != "log_softmax"
                else "one number alone is always 0.0"
            )
            wanted = summed if summed is not None and x.shape[summed] > 1 else _other(x, dim)
        elif batch:
            effect = "the samples of the batch share one unit of probability"
            wanted = summed if summed is not None and summed != dim else len(x.shape) - 1
        elif _weighs(seen, call, x) and dim != len(x.shape) - 1:
            effect = "the product that follows sums over the last axis, and there the weights do not sum to 1"
            wanted = len(x.shape) - 1
        elif given is None:
            effect = f"no dim was given; torch guesses {dim} and warns"
            wanted = dim if dim else len(x.shape) - 1
        else:
            continue
        told.add(place)
        severe = given is not None or dim == 0 or wanted != dim
        fixes = [*_fixes(seen, call, wanted, given is None, len(x.shape))]
        if x.shape[dim] == 1:
            fixes = [*_single(seen, call), *fixes, *_taken_apart(seen, call, x)]
        yield Finding(
            check="softmax-axis",
            severity="warning" if severe else "note",
            place=place,
            values={"name": call.name, "dim": dim, "shape": shape_text(x.shape), "effect": effect},
            expected=f"dim={wanted}",
            actual=f"dim={dim}",
            because=axes_in_words(seen, x),
            derivations=(seen.derivations.of(x.id, dim),),
            fixes=tuple(fixes),
        )


def _place(subject: Subject, call: Call) -> Place | None:
    layer = subject.layer(call)
    return layer.constructed[0] if layer is not None and layer.constructed else call.place


def _guessed(x: Tensor) -> int:
    """torch's own guess: 0 for 0, 1 and 3 axes, else 1."""
    return 0 if len(x.shape) in (0, 1, 3) else 1


def _always(subject: Subject, x: Tensor, dim: int) -> bool:
    """Whether the axis has one number whatever the input is: a layer makes just one, or a parameter has a single column."""
    root = subject.root(x.id, dim)
    if subject.trace is not None and subject.trace.tensors[root.tensor].origin.kind == "parameter":
        return True
    expression = subject.derivations.size(root.tensor, root.axis).expression
    return isinstance(expression, Argument | Constant) and root.tensor not in subject.inputs()


def _weighs(subject: Subject, call: Call, x: Tensor) -> bool:
    """Whether these are attention weights: scores from a matrix product, whose softmax multiplies values from the left."""
    scores = [maker.name for maker in behind(subject, x.id) if maker.name not in _SCALING]
    following = next_call(subject, call, ("dropout", "to", "type_as"))
    return (
        len(x.shape) > 2
        and scores[:1] in (["matmul"], ["bmm"])
        and following is not None
        and following.name in ("matmul", "bmm")
    )


def _of_batch(subject: Subject, x: Tensor, dim: int) -> bool:
    """Whether the size of an axis comes from an input's first one, by itself or with others folded in."""
    root = subject.root(x.id, dim)
    if root.tensor in subject.inputs():
        return True
    size = subject.derivations.closed(x.id, dim)
    return size is not None and any(
        isinstance(leaf, Size) and leaf.axis == 0 and leaf.tensor in subject.inputs() for leaf in leaves(size)
    )


def _single(subject: Subject, call: Call) -> Iterator[Fix]:
    """A sigmoid in place of the softmax at the end of a network with a single score."""
    if not any(path[0].id == call.id for path in ending(subject)) or call.name != "softmax":
        return
    layer, outer = subject.layer(call), subject.user_call(call)
    means = "one score that says yes or no"
    written = subject.source_call(layer.constructed[0] if layer and layer.constructed else None)
    if written is not None and written.resolved.endswith(".Softmax"):
        prefix = written.function.rpartition(".")[0]
        yield labelled(
            subject,
            [Edit(written.place, f"{prefix + '.' if prefix else ''}Sigmoid()")],
            means=means,
            safe=False,
        )
        return
    argument = first_argument(subject, outer)
    written = subject.source_call(outer.place)
    if (
        layer is None
        and argument is not None
        and written is not None
        and written.resolved.startswith("torch.")
    ):
        text = f"{bracketed(subject.text(argument))}.sigmoid()"
        yield labelled(subject, [Edit(written.place, text)], means=means, safe=False)


def _taken_apart(subject: Subject, call: Call, x: Tensor) -> Iterator[Fix]:
    """Rows that stand for (positions, batch) are taken apart for the softmax, which runs over the positions only."""
    trace, written = subject.trace, subject.source_call(call.place)
    argument, place = first_argument(subject, call), argument_place(subject, call, "dim")[0]
    if (
        trace is None
        or written is None
        or argument is None
        or place is None
        or subject.layer(call) is not None
        or len(x.shape) != 2
    ):
        return
    if (
        written.receiver is not None and not written.resolved.startswith("torch.")
    ) or written.scope != f"{trace.root}.forward":
        return
    rows = subject.derivations.closed(x.id, 0)
    axes = (
        sorted({(leaf.tensor, leaf.axis) for leaf in leaves(rows) if isinstance(leaf, Size)})
        if rows is not None
        else []
    )
    named = [given.name for given in trace.inputs if axes and list(tensors_in(given.value)) == [axes[0][0]]]
    if len(axes) != 2 or [axis for _, axis in axes] != [0, 1] or axes[0][0] != axes[1][0] or not named:
        return
    if subject.shape(axes[0][0])[0] * subject.shape(axes[0][0])[1] != x.shape[0]:
        return
    for axis in (0, 1):
        edits = [
            Edit(argument, f"{bracketed(subject.text(argument))}.unflatten(0, {named[0]}.shape[:2])"),
            Edit(place, str(axis)),
            Edit(after(written.place), ".flatten(0, 1)"),
        ]
        yield labelled(subject, edits, means=f"dim={axis}: over the positions of each sample", safe=False)


def _other(x: Tensor, dim: int) -> int:
    """The axis that was meant: the nearest one of several entries that is not the batch, where the scores of the positions stand."""
    near = sorted(
        (axis for axis in range(1, len(x.shape)) if axis != dim and x.shape[axis] > 1),
        key=lambda a: (abs(a - dim), a),
    )
    return near[0] if near else dim - 1 if dim > 0 else len(x.shape) - 1


def _fixes(subject: Subject, call: Call, wanted: int, implicit: bool, rank: int) -> Iterator[Fix]:
    layer = subject.layer(call)
    means = f"runs over axis {wanted}{', the last (dim=-1)' if wanted == rank - 1 else ''}"
    if layer is not None:
        place = layer.argument_places.get("dim")
        written = subject.source_call(layer.constructed[0] if layer.constructed else None)
    else:
        place, _ = argument_place(subject, call, "dim")
        written = subject.source_call(call.place)
    if place is not None and subject.text(place) == "0" and wanted == rank - 1:
        means = f"the last axis, here {wanted}: over the same numbers for one sample without a batch"
        yield labelled(subject, [Edit(place, "-1")], means=means, safe=False)
    elif place is not None:
        yield labelled(subject, [Edit(place, str(wanted))], means=means, safe=False)
    elif written is not None and implicit:
        yield labelled(
            subject,
            [added_argument(written, f"dim={wanted}")],
            means=means,
            safe=wanted == 1 and rank in (2, 4),
        )


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
        fixed="net = nn.Sequential(nn.Linear(4, 3), nn.Softmax(dim=-1))",
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
    Bad(
        """
        import torch
        import torch.nn.functional as F
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.qkv = nn.Linear(8, 24)
                self.drop = nn.Dropout(0.1)

            def forward(self, x):
                q, k, v = self.qkv(x).chunk(3, dim=-1)
                weights = F.softmax(q @ k.transpose(1, 2) / 8**0.5, dim=1)
                return self.drop(weights) @ v
        """,
        "3,5,8",
        at="F.softmax(",
        fixed="weights = F.softmax(q @ k.transpose(1, 2) / 8**0.5, dim=2)",
    ),
    Bad(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(8, 1)

            def forward(self, x):
                return torch.softmax(self.fc(x), dim=1)
        """,
        "3,8",
        at="torch.softmax(self.fc(x), dim=1)",
        fixed="return self.fc(x).sigmoid()",
    ),
    Bad(
        """
        import torch
        import torch.nn.functional as F
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.embed = nn.Embedding(40, 8)
                self.gru = nn.GRU(8, 8)
                self.score = nn.Linear(8, 1)

            def forward(self, tokens):
                seq, batch = tokens.size()
                states = self.gru(self.embed(tokens))[0].view(seq * batch, -1)
                weights = F.softmax(self.score(states), dim=1)
                return (weights * states).view(seq, batch, -1).sum(0)
        """,
        "6,2:int64",
        at="F.softmax(self.score(states), dim=1)",
        fixed="weights = F.softmax(self.score(states).unflatten(0, tokens.shape[:2]), dim=0).flatten(0, 1)",
    ),
    Bad(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.branches = nn.ModuleList([nn.Linear(4, 6), nn.Linear(4, 6)])
                self.scores = nn.ModuleList([nn.Linear(4, 6), nn.Linear(4, 6)])
                self.softmax = nn.Softmax(dim=1)

            def forward(self, x):
                weights = torch.stack([score(x) for score in self.scores])
                return (self.softmax(weights) * torch.stack([branch(x) for branch in self.branches])).sum(0)
        """,
        "3,4",
        at="nn.Softmax(dim=1)",
        fixed="self.softmax = nn.Softmax(dim=0)",
    ),
    Bad(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.softmax = nn.Softmax(dim=0)

            def forward(self, queries, keys):
                batch, length, _ = queries.size()
                scores = torch.bmm(queries, keys.transpose(1, 2)).view(batch * length, -1)
                return torch.bmm(self.softmax(scores).view(batch, length, -1), keys)
        """,
        ("3,2,4", "3,5,4"),
        at="nn.Softmax(dim=0)",
        fixed="self.softmax = nn.Softmax(dim=-1)",
    ),
)
