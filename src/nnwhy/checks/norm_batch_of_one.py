"""A batch norm in training gets a single value per channel.

## What it finds
A batch norm in training mode whose input has one number for each channel: a batch of one behind a linear layer or a pool
to 1×1. In a script it is the last, incomplete batch: 33 samples in batches of 16 leave one over.

## Why it matters
There is nothing to take a variance of; torch raises. It happens once an epoch, at its end.

## Example
    loader = DataLoader(data, batch_size=16, shuffle=True)          # 33 samples

## Use instead
    loader = DataLoader(data, batch_size=16, shuffle=True, drop_last=True)

and `net.eval()` where a single sample is predicted.

## When it is fine
Never: the call raises. `# nnwhy: ignore[norm-batch-of-one]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm1d.html
- https://github.com/pytorch/pytorch/issues/4534
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import added_argument, labelled
from nnwhy.checks.basis.inserting import input_specs
from nnwhy.checks.basis.mending import shown_name
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.words import shape_text
from nnwhy.facts.finding import Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceCall
from nnwhy.facts.value import plain


@check(
    name="norm-batch-of-one",
    severity="error",
    summary="A batch norm in training gets a single value per channel.",
    title="{layer} is in training mode and gets {shape}: 1 value per channel, of which there is no variance",
)
def norm_batch_of_one(subject: Subject) -> Iterator[Finding]:
    for call, _ in subject.failed("batch_norm", "instance_norm"):
        x = subject.argument(call, "input")
        if x is None or len(x.shape) < 2 or not plain(call.arguments.get("training", True)):
            continue
        values = 1
        for axis, size in enumerate(x.shape):
            values *= size if axis != 1 else 1
        if values != 1:
            continue
        module = subject.layer(call)
        fixes = _fixes(subject)
        outer = subject.user_call(call).place
        constructed = module.constructed[0] if module and module.constructed else None
        yield Finding(
            check="norm-batch-of-one",
            severity="error",
            place=_loader(subject) or constructed or outer,
            values={"layer": shown_name(module, call.name), "shape": shape_text(x.shape)},
            expected="more than 1 value per channel",
            actual="1",
            because=(
                "the last batch of an epoch has what is left over; drop_last=True leaves it out",
                "to predict a single sample, call net.eval() first",
            ),
            fixes=tuple(fixes),
            also=tuple(place for place in (constructed, outer) if place),
            module=module.path if module else "",
            call=call.id,
        )


def _loaders(subject: Subject) -> Iterator[SourceCall]:
    """The file's data loaders that keep an incomplete last batch."""
    for source in subject.sources.values():
        for call in source.calls:
            told = any(a.name in ("drop_last", "batch_sampler") or a.starred for a in call.arguments)
            if call.function.rpartition(".")[2] == "DataLoader" and not told:
                yield call


def _loader(subject: Subject) -> Place | None:
    return next((call.place for call in _loaders(subject)), None)


def _fixes(subject: Subject) -> list[Fix]:
    found: list[Fix] = []
    specs = input_specs(subject, lambda shape: (2, *shape[1:]))
    for call in _loaders(subject):
        fix = labelled(
            subject, [added_argument(call, "drop_last=True")], means="leaves an incomplete last batch out"
        )
        found.append(Fix(fix.label, fix.edits, fix.means, fix.safe, None, specs))
    return found or [
        Fix(
            "net.eval() to predict, or at least 2 samples a batch",
            means="evaluation uses the running statistics",
        )
    ]


good = (
    Good(
        """
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3))
        """,
        "2,4",
        entry="net",
    ),
)
bad = (
    Bad(
        """
        from torch import nn
        from torch.utils.data import DataLoader

        net = nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3))

        def train(data):
            return DataLoader(data, batch_size=16)
        """,
        "1,4",
        at="batch_size=16",
        fixed="return DataLoader(data, batch_size=16, drop_last=True)",
        entry="net",
    ),
)
