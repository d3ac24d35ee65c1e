"""A loss gets class numbers that the network has no scores for.

## What it finds
A cross-entropy on the network's scores with labels that the file draws or lists from a range that does not fit: up to the
number of classes or beyond (counted from 1, as a rule), or below 0.

## Why it matters
C scores are those of the classes 0 to C - 1. On the CPU torch raises "Target 12 is out of bounds"; on a GPU the kernel fails
with an assertion that names no label, and everything after it fails too.

## Example
    labels = torch.arange(1, 13)                    # 12 classes, counted from 1
    loss = criterion(net(x), labels)

## Use instead
    loss = criterion(net(x), labels - 1)

## When it is fine
Where `ignore_index` leaves such labels out. `# nnwhy: ignore[class-numbers]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html
- https://github.com/hszhao/semseg/issues/29
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import added_argument, bracketed, labelled
from nnwhy.checks.basis.loss_flow import AppliedLoss, applied_losses, chosen_call
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.settings import setting_of
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.targets import CLASS_LOSSES, wanted_target
from nnwhy.checks.basis.ways import ways_to_set
from nnwhy.checks.basis.written_calls import WrittenTensor
from nnwhy.checks.basis.written_shapes import written_tensor
from nnwhy.facts.expression import Argument
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.value import tensors_in


@check(
    name="class-numbers",
    severity="error",
    summary="A loss gets class numbers that the network has no scores for.",
    title="{name} gets classes up to {last}, and the network has scores for {classes} only",
)
def class_numbers(subject: Subject) -> Iterator[Finding]:
    for loss in applied_losses(subject):
        if loss.kind not in CLASS_LOSSES or loss.target is None:
            continue
        x, y = written_tensor(subject, loss.prediction), written_tensor(subject, loss.target)
        if x is not None and y is not None and wanted_target(loss.kind, x, y)[0] is None:
            yield from _missing(subject, loss, x, y)


def _missing(subject: Subject, loss: AppliedLoss, x: WrittenTensor, y: WrittenTensor) -> Iterator[Finding]:
    """Class numbers that are drawn up to more than the network has scores for, or below 0."""
    classes = x.shape[1] if len(x.shape) > 1 else 0
    given = (*loss.call.arguments, *(loss.made.arguments if loss.made is not None else ()))
    if any(argument.name == "ignore_index" or argument.starred for argument in given):
        return
    if (
        loss.kind in CLASS_LOSSES
        and y.least is not None
        and y.least < 0
        and y.dtype == "int64"
        and classes > 1
    ):
        yield _negative(subject, loss, y.least, classes)
        return
    if (
        loss.kind not in CLASS_LOSSES
        or y.below is None
        or classes in (0, 1)
        or y.below <= classes
        or y.dtype != "int64"
    ):
        return
    trace = subject.trace
    results = list(tensors_in(trace.result)) if trace is not None else []
    fixes: list[Fix] = []
    if len(results) == 1 and len(subject.shape(results[0])) > 1 and subject.shape(results[0])[1] == classes:
        root = subject.root(results[0], 1)
        argument = subject.derivations.size(root.tensor, root.axis).expression
        if isinstance(argument, Argument):
            ways = ways_to_set(subject, setting_of(subject, argument), y.below)
            fixes = [
                labelled(subject, way.edits, means=f"a score for each of {y.below} classes") for way in ways
            ]
    if loss.target is not None and y.least == 1 and y.below == classes + 1:
        text = f"{bracketed(subject.text(loss.target))} - 1"
        fixes.insert(0, labelled(subject, [Edit(loss.target, text)], means=f"classes 0 to {classes - 1}"))
    yield Finding(
        check="class-numbers",
        severity="error",
        place=fixes[0].edits[0].place if fixes else loss.target,
        values={"name": loss.kind, "last": y.below - 1, "classes": classes},
        expected=f"classes 0 to {classes - 1}",
        actual=f"classes {y.least or 0} to {y.below - 1}",
        because=(f"{classes} scores are those of classes 0 to {classes - 1}",),
        fixes=tuple(fixes),
        also=(loss.call.place,),
    )


def _negative(subject: Subject, loss: AppliedLoss, least: int, classes: int) -> Finding:
    """Labels below 0: `ignore_index` leaves them out, where that is what they stand for."""
    written = chosen_call(loss)
    edit = added_argument(written, f"ignore_index={least}")
    fix = labelled(subject, [edit], means=f"leaves the samples of class {least} out")
    advice = Fix(f"labels from 0 to {classes - 1}", means=f"a class of its own for what is now {least}")
    return Finding(
        check="class-numbers",
        severity="error",
        place=loss.target or loss.call.place,
        values={"name": loss.kind, "least": least, "last": classes - 1},
        title="{name} gets class {least}: classes go from 0 to {last}",
        expected=f"classes 0 to {classes - 1}",
        actual=f"class {least}",
        fixes=(fix, advice),
        also=(loss.call.place,),
    )


good = (
    Good(
        """
        import torch
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))

        def train():
            criterion = nn.CrossEntropyLoss(ignore_index=-1)
            labels = torch.tensor([2, 0, -1, 1])
            return criterion(net(torch.randn(4, 4)), labels)
        """,
        "4,4",
        entry="net",
    ),
)
bad = (
    Bad(
        """
        import torch
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))

        def train():
            x, y = torch.randn(32, 4), torch.randint(0, 10, (32,))
            return nn.functional.cross_entropy(net(x), y)
        """,
        "5,4",
        at="3))",
        fixed="net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 10))",
        entry="net",
    ),
    Bad(
        """
        import torch
        from torch import nn
        from torch.utils.data import DataLoader, TensorDataset

        net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))

        def train(model, loader, criterion=nn.CrossEntropyLoss()):
            for step, (x, y) in enumerate(loader):
                loss = criterion(model(x), y)

        def main():
            data = TensorDataset(torch.rand(60, 4), torch.arange(1, 4).repeat(20))
            train(net, DataLoader(data, batch_size=20))
        """,
        "5,4",
        at="y)\n\n",
        fixed="loss = criterion(model(x), y - 1)",
        entry="net",
    ),
    Bad(
        """
        import torch
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))

        def train():
            criterion = nn.CrossEntropyLoss()
            labels = torch.tensor([2, 0, -1, 1])
            return criterion(net(torch.randn(4, 4)), labels)
        """,
        "4,4",
        at="()\n",
        fixed="criterion = nn.CrossEntropyLoss(ignore_index=-1)",
        entry="net",
    ),
)
