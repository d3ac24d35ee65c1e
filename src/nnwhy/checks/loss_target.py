"""A loss gets a target that does not fit its prediction.

## What it finds
Losses recorded in the pass, or applied to the network's result by the file on tensors whose shapes it shows, whose target has another shape, kind or number of samples than the loss takes: class indices
with an axis too many for cross-entropy, classes that the network has no output for, a single output for cross-entropy, a target without its channel axis for BCE, a batch that a view has changed.

## Why it matters
The call raises, and the message blames the loss. Cross-entropy takes (N, C, …) scores with (N, …) class indices; BCE and MSE
want the same shape for both.

## Example
    loss = F.cross_entropy(self.fc(x), y)       # y is (N, 1)

## Use instead
    loss = F.cross_entropy(self.fc(x), y.squeeze(1))

## When it is fine
Never: the call raises. `# nnwhy: ignore[loss-target]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.averaged import AVERAGED, averaged_positions
from nnwhy.checks.basis.editing import bracketed, labelled
from nnwhy.checks.basis.loss_flow import AppliedLoss, applied_losses, chosen_call, kind_of, loss_of_network
from nnwhy.checks.basis.reduced_targets import needless_reduction
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.resulting import fixes_for_result, sizes_of_result
from nnwhy.checks.basis.settings import argument_place, setting_of
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.targets import CLASS_LOSSES, changed_target, classes_last, wanted_target
from nnwhy.checks.basis.ways import ways_to_set
from nnwhy.checks.basis.words import shape_text
from nnwhy.checks.basis.written_calls import WrittenTensor
from nnwhy.checks.basis.written_shapes import written_tensor
from nnwhy.facts.expression import Argument
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.trace import Call, Tensor
from nnwhy.facts.value import tensors_in

_ALIKE = ("binary_cross_entropy", "binary_cross_entropy_with_logits")


@check(
    name="loss-target",
    severity="error",
    summary="A loss gets a target that does not fit its prediction.",
    title="{name} of {prediction} gets a target of {target}: it takes {wanted}",
)
def loss_target(subject: Subject) -> Iterator[Finding]:
    yield from _recorded(subject)
    yield from _written(subject)
    yield from _one_class(subject)


def _one_class(subject: Subject) -> Iterator[Finding]:
    """Cross-entropy over a single score: softmax over one number is 1, so the loss is always 0."""
    loss = loss_of_network(subject)
    results = (
        list(tensors_in(subject.trace.result))
        if subject.trace is not None and not subject.trace.failures
        else []
    )
    if (
        loss is None
        or kind_of(loss) != "cross_entropy"
        or len(results) != 1
        or subject.shape(results[0])[1:] != (1,)
    ):
        return
    if isinstance(loss, AppliedLoss) and (loss.steps or loss.maker != "network"):
        return
    root = subject.root(results[0], 1)
    argument = subject.derivations.size(root.tensor, root.axis).expression
    if not isinstance(argument, Argument):
        return
    setting, call = setting_of(subject, argument), chosen_call(loss)
    advice = Fix(
        "BCEWithLogitsLoss on net(x).squeeze(1) and float targets", means="one score that says yes or no"
    )
    ways = [
        labelled(subject, way.edits, means="a score for each class", safe=False)
        for way in ways_to_set(subject, setting, 2)
    ]
    yield Finding(
        check="loss-target",
        severity="warning",
        place=setting.place or call.place,
        values={
            "name": call.function.rpartition(".")[2],
            "prediction": shape_text(subject.shape(results[0])),
        },
        title="{name} of {prediction}: with a single class the loss is always 0",
        expected="a score for each class",
        actual="1",
        because=("softmax over one number is 1 whatever the number; nothing is learned, and nothing fails",),
        fixes=(*ways, advice),
        also=(call.place,),
    )


def _written(subject: Subject) -> Iterator[Finding]:
    """Losses that the file applies to the network's result, where it shows the shapes of both."""
    for loss in applied_losses(subject):
        if loss.kind not in (*CLASS_LOSSES, *_ALIKE) or loss.target is None:
            continue
        x, y = written_tensor(subject, loss.prediction), written_tensor(subject, loss.target)
        if x is None or y is None or not x.dtype.startswith(("float", "bfloat")):
            continue
        wanted, method = wanted_target(loss.kind, x, y)
        if wanted is None:
            continue
        place, means = loss.target, "the target as the loss takes it"
        axes = [
            a
            for a in range(2, len(x.shape))
            if x.shape[a] == 1 and (x.shape[0], *x.shape[2:a], *x.shape[a + 1 :]) == y.shape
        ]
        if loss.kind in CLASS_LOSSES and axes:
            place, method = loss.prediction, f".squeeze({axes[0]})"
            fitting = shape_text(x.shape[: axes[0]] + x.shape[axes[0] + 1 :])
            means = f"scores of {fitting} fit a target of {shape_text(y.shape)}"
        last = classes_last(loss.kind, x, y)
        if last is not None:
            place, method = loss.prediction, last[1]
            wanted = means = _moved_classes(last[0], y.shape)
        averaged = averaged_positions(subject, loss.kind, x, y) if not method else ""
        if averaged:
            place, method, means = loss.prediction, averaged, AVERAGED
        edits = [Edit(place, changed_target(subject.text(place), method))] if method else []
        whole = list(_unreduced(subject, loss.kind, x, loss.target)) if not method else []
        place = whole[0].edits[0].place if whole else place
        result = loss.kind in _ALIKE and loss.maker == "network"
        lacking = next((a for a in range(len(x.shape)) if method.startswith(f".unsqueeze({a})")), None)
        yield Finding(
            check="loss-target",
            severity="error",
            place=place,
            values={
                "name": loss.kind,
                "prediction": shape_text(x.shape),
                "target": f"{shape_text(y.shape)} {y.dtype}",
                "wanted": wanted,
            },
            expected=wanted,
            actual=f"{shape_text(y.shape)} {y.dtype}",
            because=("the target lacks the channel axis",) if lacking == 1 and len(x.shape) > 2 else (),
            derivations=tuple(
                subject.derivations.of(root.tensor, root.axis)
                for root, _ in (sizes_of_result(subject, y.shape) if result else ())
            ),
            fixes=(
                *((labelled(subject, edits, means=means),) if edits else ()),
                *whole,
                *(fixes_for_result(subject, y.shape) if result else ()),
            ),
            also=(loss.call.place,),
        )


def _moved_classes(scores: tuple[int, ...], labels: tuple[int, ...]) -> str:
    return (
        f"scores of {shape_text(scores)}, the classes in axis 1, with class indices of {shape_text(labels)}"
    )


def _recorded(subject: Subject) -> Iterator[Finding]:
    for call, _ in subject.failed(*CLASS_LOSSES, *_ALIKE):
        x, y = subject.argument(call, "input"), subject.argument(call, "target")
        if x is None or y is None:
            continue
        wanted, method = wanted_target(call.name, x, y)
        if wanted is None:
            continue
        last = classes_last(call.name, x, y)
        if last is not None:
            wanted = _moved_classes(last[0], y.shape)
        averaged = averaged_positions(subject, call.name, x, y) if not method and last is None else ""
        changed, name = (
            (last[1], "input") if last else (averaged, "input") if averaged else (method, "target")
        )
        means = AVERAGED if averaged else ""
        fixes = (
            list(_fixes(subject, call, changed, name, means)) if changed
            else list(_unreduced(subject, call.name, x, _given(subject, call, "target")))
        )  # fmt: skip
        outer = subject.user_call(call).place
        yield Finding(
            check="loss-target",
            severity="error",
            place=fixes[0].edits[0].place if fixes else outer,
            values={
                "name": call.name, "prediction": shape_text(x.shape), "target": f"{shape_text(y.shape)} {y.dtype}", "wanted": wanted,
            },
            expected=wanted,
            actual=f"{shape_text(y.shape)} {y.dtype}",
            derivations=(subject.derivations.of(x.id, 0),) if x.shape and y.shape and x.shape[0] != y.shape[0] else (),
            fixes=tuple(fixes),
            also=(outer,) if outer else (),
            call=call.id,
        )  # fmt: skip


def _given(subject: Subject, call: Call, name: str) -> Place | None:
    """Where the user's call of a loss is given its "input" or "target"."""
    outer = subject.user_call(call)
    place, _ = argument_place(subject, call if outer.id == call.id else outer, name)
    if place is None:
        written = subject.source_call(outer.place)
        positional = [argument for argument in written.arguments if not argument.name] if written else []
        index = ("input", "target").index(name)
        place = positional[index].place if len(positional) > index else None
    return place


def _fixes(subject: Subject, call: Call, method: str, name: str, means: str = "") -> Iterator[Fix]:
    place = _given(subject, call, name)
    if place is not None:
        yield labelled(
            subject,
            [Edit(place, bracketed(subject.text(place)) + method)],
            means=means or f"the {'target' if name == 'target' else 'prediction'} as the loss takes it",
        )


def _unreduced(subject: Subject, kind: str, x: Tensor | WrittenTensor, target: Place | None) -> Iterator[Fix]:
    """The target without the call that takes an axis from it, where it fits without."""
    taken = needless_reduction(subject, kind, x, target) if target is not None else None
    if taken is not None:
        edits = [Edit(taken[0].place, subject.text(taken[1]))]
        yield labelled(subject, edits, means="the target as it is before this call")


good = (
    Good(
        """
        import torch.nn.functional as F
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = nn.Linear(4, 3)

            def forward(self, x, y):
                return F.cross_entropy(self.fc(x), y)
        """,
        ("5,4", "5:int64"),
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
                self.fc = nn.Linear(4, 3)

            def forward(self, x, y):
                return F.cross_entropy(self.fc(x), y)
        """,
        ("5,4", "5,1:int64"),
        at="y)",
        nth=1,
        fixed="return F.cross_entropy(self.fc(x), y.squeeze(1))",
    ),
    Bad(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.seg = nn.Conv2d(1, 3, 1)
                self.edge = nn.Conv2d(1, 1, 1)

            def forward(self, x):
                return self.seg(x), self.edge(x).sigmoid()

        def step(model, x, labels, edges):
            seg, edge = model(x)
            return nn.CrossEntropyLoss()(seg, labels) + nn.BCELoss()(edge, edges)

        def main():
            labels = torch.randint(0, 3, (2, 8, 8))
            return step(Net(), torch.rand(2, 1, 8, 8), labels, labels.float())
        """,
        "2,1,8,8",
        at="edges)\n",
        fixed="return nn.CrossEntropyLoss()(seg, labels) + nn.BCELoss()(edge, edges.unsqueeze(1))",
    ),
    Bad(
        """
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 1))
        criterion = nn.CrossEntropyLoss()

        def train(loader):
            for x, y in loader:
                criterion(net(x), y).backward()
        """,
        "5,4",
        at="1))",
        fixed="net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))",
        entry="net",
    ),
    Bad(
        """
        import torch
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))

        class Learner:
            def __init__(self, model):
                self.model = model
                self.loss = nn.CrossEntropyLoss()

            def fit(self, xs, ys):
                for x, y in zip(xs.split(16), ys.split(16)):
                    self.loss(self.model(x), y.unsqueeze(1).float()).backward()

        def main():
            labels = torch.tensor([i % 3 for i in range(32)])
            Learner(net).fit(torch.rand(32, 4), labels)
        """,
        "5,4",
        at="y.unsqueeze(1).float()",
        fixed="self.loss(self.model(x), y.long()).backward()",
        entry="net",
    ),
    Bad(
        """
        import torch
        import torch.nn.functional as F
        from torch import nn

        net = nn.Sequential(nn.Conv2d(3, 5, 1))

        def train():
            labels = torch.randint(0, 5, (2, 8, 8))
            wanted = F.one_hot(labels, 5).float()
            return F.cross_entropy(net(torch.rand(2, 3, 8, 8)), wanted)
        """,
        "2,3,8,8",
        at="wanted)",
        fixed="return F.cross_entropy(net(torch.rand(2, 3, 8, 8)), wanted.movedim(-1, 1))",
        entry="net",
    ),
    Bad(
        """
        import torch
        from torch import nn

        net = nn.Sequential(nn.Embedding(20, 8), nn.Linear(8, 20))

        def train():
            data = torch.randint(0, 20, (8, 13))
            scores = net(data[:, :-1])
            return nn.CrossEntropyLoss()(scores, data[:, 1:])
        """,
        "8,12:int64",
        at="scores, data",
        fixed="return nn.CrossEntropyLoss()(scores.transpose(1, 2), data[:, 1:])",
        entry="net",
    ),
    Bad(
        """
        import torch
        from torch import nn

        net = nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 3))

        def main():
            kinds = torch.randint(0, 3, (4,))
            return nn.CrossEntropyLoss()(net(torch.rand(4, 10, 6)), kinds)
        """,
        "4,10,6",
        at="net(",
        fixed="return nn.CrossEntropyLoss()(net(torch.rand(4, 10, 6)).mean(1), kinds)",
        entry="net",
    ),
)
