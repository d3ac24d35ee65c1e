"""A batch norm in training gets a single value per channel.

## What it finds
A batch norm in training mode whose input has one number for each channel: a batch of one behind a linear layer or a pool
to 1×1. In a script it is the last, incomplete batch: 33 samples in batches of 16 leave one over, which is found from the
file where it shows both numbers, whatever the batch that was given.

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
from dataclasses import replace
from math import prod

from nnwhy.checks.basis.bindings import bindings
from nnwhy.checks.basis.editing import argument_written, labelled
from nnwhy.checks.basis.inserting import feeding_calls, input_specs
from nnwhy.checks.basis.mending import shown_name
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.words import shape_text
from nnwhy.checks.basis.written_batches import Cut, counted, cuts
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.trace import Call, Module
from nnwhy.facts.value import plain


@check(
    name="norm-batch-of-one",
    severity="error",
    summary="A batch norm in training gets a single value per channel.",
    title="{layer} is in training mode and gets {shape}: 1 value per channel, of which there is no variance",
)
def norm_batch_of_one(subject: Subject) -> Iterator[Finding]:
    seen = cuts(subject) if _norms(subject) else []
    chosen = _chosen(seen)
    left = any(cut.rest == 1 and cut.trained for cut in chosen)
    told = False
    for call in _norms(subject):
        x = subject.argument(call, "input")
        failed = call.failure is not None
        if x is None or prod(x.shape[2:]) != 1 or not ((failed and x.shape[0] == 1) or left) or told:
            continue
        told = left
        module = subject.layer(call)
        outer = subject.user_call(call).place
        constructed = module.constructed[0] if module and module.constructed else None
        place = chosen[0].call.place if chosen else constructed or outer
        yield Finding(
            check="norm-batch-of-one",
            severity="error",
            place=place,
            values={"layer": shown_name(module, call.name), "shape": shape_text((1, *x.shape[1:]))},
            expected="more than 1 value per channel",
            actual="1",
            because=(*_counting(subject, chosen), "to predict a single sample, call net.eval() first"),
            fixes=tuple(_fixes(subject, chosen, module, failed=failed)),
            also=tuple(other for other in (constructed, outer) if other and other != place),
            module=module.path if module else "",
            call=call.id if failed else None,
        )


def _norms(subject: Subject) -> list[Call]:
    """The batch norms in training mode, in the order of the pass."""
    found: list[Call] = []
    for call in subject.calls:
        x = subject.argument(call, "input") if call.name in ("batch_norm", "instance_norm") else None
        if (
            x is not None
            and call.kind == "function"
            and len(x.shape) > 1
            and plain(call.arguments.get("training", True))
        ):
            found.append(call)
    return found


def _chosen(seen: list[Cut]) -> list[Cut]:
    """The cuts that leave one sample over; else those of which that is not known, the trained ones before the others."""
    open_ones = [cut for cut in seen if cut.rest == 1 or cut.size == 1]
    open_ones = open_ones or [cut for cut in seen if cut.rest is None]
    return [cut for cut in open_ones if cut.trained] or open_ones


def _counting(subject: Subject, chosen: list[Cut]) -> Iterator[str]:
    for cut in chosen:
        counts = [count for count in (counted(subject.sources[cut.call.place.path], cut), cut.count) if count]
        for count in dict.fromkeys(counts):
            if cut.size and count % cut.size == 1 and cut.size > 1:
                full = f"{count // cut.size} full batch{'es' if count // cut.size != 1 else ''}"
                yield f"{count} samples in batches of {cut.size} are {full}, and 1 sample is left over"
        if cut.size == 1:
            yield "the batches have 1 sample each"
            return
    yield "the last batch of an epoch has what is left over; drop_last=True leaves it out"


def _fixes(subject: Subject, chosen: list[Cut], module: Module | None, *, failed: bool) -> Iterator[Fix]:
    specs = input_specs(subject, lambda shape: (2, *shape[1:])) if failed else ()
    for cut in chosen:
        size = argument_written(cut.call, "batch_size", 1) if cut.size == 1 else None
        edit, means = cut.without_rest, "leaves an incomplete last batch out"
        if size is not None:
            edit, means = Edit(size, "2"), "2 samples a batch, or more"
        fix = labelled(subject, [edit], means=means)
        yield replace(fix, inputs=specs)
    if chosen:
        return
    yield Fix(
        "net.eval() to predict, or at least 2 samples a batch", means="evaluation uses the running statistics"
    )
    for place in _single_samples(subject):
        fix = labelled(subject, [Edit(place, "2")], means="a batch of 2, or more")
        yield replace(fix, inputs=specs)
    written = subject.source_call(module.constructed[0] if module and module.constructed else None)
    if written is not None and len(written.arguments) == 1 and "BatchNorm" in written.function:
        features = written.arguments[0].text
        text = f"{written.function.rpartition('BatchNorm')[0]}GroupNorm(1, {features})"
        means = "normalises each sample by itself, so that one is enough; saved weights no longer fit"
        yield labelled(subject, [Edit(written.place, text)], means=means, safe=False)


def _single_samples(subject: Subject) -> Iterator[Place]:
    """The 1 of `torch.rand(1, 3, 224, 224)`, where the network is called on it."""
    for call in feeding_calls(subject):
        source = subject.sources[call.place.path]
        given = subject.source_call(call.arguments[0].place)
        if given is None:
            found = next(bindings(source, call.arguments[0].text, call.arguments[0].place), None)
            given = subject.source_call(found.place) if found is not None and not found.path else None
        if given is None or given.resolved not in ("torch.rand", "torch.randn", "torch.zeros", "torch.ones"):
            continue
        if len(given.arguments) > 1 and given.arguments[0].text == "1":
            yield given.arguments[0].place


good = (
    Good(
        """
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3))
        """,
        "2,4",
        entry="net",
    ),
    Good(
        """
        import torch
        from torch import nn
        from torch.utils.data import DataLoader, TensorDataset

        net = nn.Sequential(nn.Linear(4, 3, bias=False), nn.BatchNorm1d(3))

        def train():
            data = TensorDataset(torch.rand(34, 4))
            for (x,) in DataLoader(data, batch_size=16):
                net(x).sum().backward()
            net.eval()
            for (x,) in DataLoader(data, batch_size=1):
                net(x)
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
    Bad(
        """
        import torch
        from torch import nn
        from torch.utils.data import DataLoader, Dataset

        class Docs(Dataset):
            def __init__(self, vectors):
                self.vectors = vectors

            def __len__(self):
                return len(self.vectors)

            def __getitem__(self, i):
                return self.vectors[i], i % 3

        net = nn.Sequential(nn.Linear(4, 3, bias=False), nn.BatchNorm1d(3))

        def train():
            loader = DataLoader(Docs(torch.rand(33, 4)), batch_size=16)
            for x, y in loader:
                nn.functional.cross_entropy(net(x), y).backward()
        """,
        "2,4",
        at="DataLoader(Docs",
        fixed="loader = DataLoader(Docs(torch.rand(33, 4)), batch_size=16, drop_last=True)",
        entry="net",
    ),
    Bad(
        """
        import torch
        from torch import nn

        net = nn.Sequential(nn.Conv2d(3, 4, 3, bias=False), nn.AdaptiveAvgPool2d(1), nn.BatchNorm2d(4))

        def train(batch=4):
            images = torch.rand(9, 3, 8, 8)
            for part in images.split(4):
                net(part).sum().backward()
        """,
        "1,3,8,8",
        at="images.split(4)",
        fixed="for part in images[: len(images) // 4 * 4].split(4):",
        entry="net",
    ),
    Bad(
        """
        from torch import nn

        net = nn.Sequential(nn.Linear(4, 3, bias=False), nn.BatchNorm1d(3))
        """,
        "1,4",
        at="nn.BatchNorm1d(3)",
        fixed="net = nn.Sequential(nn.Linear(4, 3, bias=False), nn.GroupNorm(1, 3))",
        entry="net",
    ),
    Bad(
        """
        import torch
        from torch import nn
        from torch.utils.data import DataLoader, TensorDataset

        CONFIG = {"batch_size": 8, "images": 17}
        net = nn.Sequential(nn.Linear(4, 3, bias=False), nn.BatchNorm1d(3))

        def main():
            data = TensorDataset(torch.rand(CONFIG["images"], 4))
            settings = dict(batch_size=CONFIG["batch_size"], shuffle=True)
            for (x,) in DataLoader(data, **settings):
                net(x).sum().backward()
        """,
        "2,4",
        at="DataLoader(data, **settings)",
        fixed="for (x,) in DataLoader(data, **settings, drop_last=True):",
        entry="net",
    ),
    Bad(
        """
        import argparse

        import torch
        from torch import nn
        from torch.utils.data import DataLoader, TensorDataset

        CONFIG = {"data": {"images": 17}}
        net = nn.Sequential(nn.Linear(4, 3, bias=False), nn.BatchNorm1d(3))

        def main():
            parser = argparse.ArgumentParser()
            parser.add_argument("-b", "--batch-size", type=int, default=8)
            args = parser.parse_args()
            for (x,) in DataLoader(TensorDataset(torch.rand(CONFIG["data"]["images"], 4)), args.batch_size):
                net(x).sum().backward()
        """,
        "2,4",
        at="DataLoader(TensorDataset",
        fixed='for (x,) in DataLoader(TensorDataset(torch.rand(CONFIG["data"]["images"], 4)), args.batch_size, drop_last=True):',
        entry="net",
    ),
)
