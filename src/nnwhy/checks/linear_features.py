"""A linear layer is built for another number of features than the one it gets.

## What it finds
A `Linear` (or `F.linear`) whose `in_features` is not the size of its input's last axis.

## Why it matters
The pass stops there: a matrix of `in_features` columns can only multiply rows of just as many numbers. Behind a flatten
that number is channels × height × width, and so depends on the size of the picture and on every layer before it.

## Example
    self.conv = nn.Conv2d(1, 8, 3)
    self.fc = nn.Linear(1024, 10)
    ...
    return self.fc(self.conv(x).flatten(1))     # (N, 1, 28, 28) gives 8 × 26 × 26 = 5408

## Use instead
The number that arrives, written so that a reader can follow it: `nn.Linear(8 * 26 * 26, 10)`. `nn.LazyLinear(10)` takes
it from the first input; `nn.AdaptiveAvgPool2d(6)` before the flatten makes it independent of the picture's size.

## When it is fine
Never: the call raises. `# nnwhy: ignore[linear-features]` on the line of the layer silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html
- https://discuss.pytorch.org/t/124172
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from nnwhy.checks.basis.before_linear import (
    cut_across,
    flattened_sample,
    joined_along_batch,
    squeezed_in_vain,
)
from nnwhy.checks.basis.editing import labelled
from nnwhy.checks.basis.fits import fits_for
from nnwhy.checks.basis.inserting import in_front
from nnwhy.checks.basis.mending import Demand, mended, shown_name
from nnwhy.checks.basis.pooled import pooling
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.settings import Setting, call_setting, module_setting
from nnwhy.checks.basis.shapes import LinearMismatch, mismatched_linears, wrong_layout
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.ways import ways_to_set
from nnwhy.checks.basis.words import times
from nnwhy.facts.expression import Size
from nnwhy.facts.finding import Finding, Fix
from nnwhy.facts.trace import Module


@check(
    name="linear-features",
    severity="error",
    summary="A linear layer is built for another number of features than it gets.",
    title="{layer} is built for {expected} features and gets {actual}",
)
def linear_features(subject: Subject) -> Iterator[Finding]:
    for linear in mismatched_linears(subject):
        layout = wrong_layout(subject, linear)
        if layout is not None and layout != "axes":
            continue
        module = subject.layer(linear.call)
        setting = module_setting(subject, module, "in_features") if module else None
        sample = flattened_sample(subject, linear)
        if sample is not None:
            yield _as_one_row(subject, linear, setting, module, sample)
            continue
        demand = Demand(setting, linear.size, linear.wanted)
        fixes = mended(subject, demand)
        pooled = pooling(subject, linear.size, linear.wanted)
        if pooled is not None:
            fixes = [pooled.fix, *fixes] if pooled.whole else [*fixes[:1], pooled.fix, *fixes[1:]]
        fixes = [*joined_along_batch(subject, linear), *_cut_otherwise(subject, linear), *fixes]
        vain = squeezed_in_vain(subject, linear)
        if vain is not None:
            fixes = [*vain[1], *fixes]
        elif layout == "axes":
            axis = linear.shape.index(linear.wanted, 1)
            last = len(linear.shape) - 1
            means = f"the axis of {linear.wanted} goes last"
            fixes = [*in_front(subject, linear.call, f".transpose({axis}, {last})", "", means=means), *fixes]
        yield Finding(
            check="linear-features",
            severity="error",
            place=setting.place if setting and setting.place else subject.user_call(linear.call).place,
            values={
                "layer": shown_name(module, "F.linear"),
                "expected": linear.wanted,
                "actual": linear.size.value,
            },
            expected=str(linear.wanted),
            actual=str(linear.size.value),
            because=_because(vain[0]) if vain else (),
            derivations=(subject.derivations.of(linear.size.tensor, linear.size.axis),),
            fits=fits_for(subject, linear.size, linear.wanted),
            fixes=tuple(fixes),
            also=(place,) if (place := subject.user_call(linear.call).place) else (),
            module=module.path if module else "",
            call=linear.call.id,
        )


def _because(size: Size) -> tuple[str, ...]:
    return (
        f"the squeeze of axis {size.axis} takes nothing away: it is {size.value} long, and only an axis of 1 goes",
    )


def _cut_otherwise(subject: Subject, linear: LinearMismatch) -> list[Fix]:
    """Another number in the view that cut rows across the samples."""
    call = cut_across(subject, linear)
    if call is None:
        return []
    setting = call_setting(subject, call, "shape", 1)
    means = "one row for each sample"
    return [
        labelled(subject, way.edits, means=means) for way in ways_to_set(subject, setting, linear.wanted)[:1]
    ]


def _as_one_row(
    subject: Subject,
    linear: LinearMismatch,
    setting: Setting | None,
    module: Module | None,
    sample: tuple[int, ...],
) -> Finding:
    """The input lacks a batch axis, which `missing-batch-axis` tells: what the layer would get with it."""
    actual = prod(sample)
    ways = (
        ways_to_set(subject, setting, actual, factors=sample, hints=set(sample))
        if setting is not None
        else []
    )
    outer = subject.user_call(linear.call).place
    return Finding(
        check="linear-features",
        severity="error",
        place=setting.place if setting and setting.place else outer,
        values={
            "layer": shown_name(module, "F.linear"), "expected": linear.wanted, "actual": actual,
        },
        expected=str(linear.wanted),
        actual=str(actual),
        because=(f"one sample flattened is {times(sample)} = {actual}",),
        derivations=(subject.derivations.of(linear.size.tensor, linear.size.axis),),
        fixes=tuple(labelled(subject, way.edits) for way in ways),
        also=(outer,) if outer else (),
        module=module.path if module else "",
        call=linear.call.id,
    )  # fmt: skip


good = (
    Good(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(1, 8, 3)
                self.fc = nn.Linear(8 * 26 * 26, 10)

            def forward(self, x):
                return self.fc(self.conv(x).flatten(1))
        """,
        "2,1,28,28",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(1, 8, 3)
                self.fc = nn.Linear(8 * 6 * 6, 10)

            def forward(self, x):
                return self.fc(self.conv(x).flatten(1))
        """,
        "2,1,28,28",
        at="8 * 6 * 6",
        fixed="self.fc = nn.Linear(8 * 26 * 26, 10)",
    ),
    Bad(
        """
        from torch import nn

        HIDDEN = 64
        net = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(HIDDEN, 4))
        """,
        "2,16",
        at="64",
        fixed="HIDDEN = 32",
        entry="net",
    ),
    Bad(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.one = nn.Linear(3, 8)
                self.other = nn.Linear(3, 8)
                self.fc = nn.Linear(16, 2)

            def forward(self, x):
                return self.fc(torch.cat((self.one(x), self.other(x)), 0))
        """,
        "5,3",
        at="0)",
        fixed="return self.fc(torch.cat((self.one(x), self.other(x)), 1))",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv1d(4, 6, 3)
                self.fc = nn.Linear(6, 2)

            def forward(self, x):
                return self.fc(self.conv(x).squeeze(2))
        """,
        "5,4,4",
        at="3)",
        fixed="self.conv = nn.Conv1d(4, 6, 4)",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(3, 8, 3)
                self.fc = nn.Linear(8 * 6 * 6, 2)

            def forward(self, x):
                return self.fc(self.conv(x).view(-1, 144))
        """,
        "5,3,8,8",
        at="144",
        fixed="return self.fc(self.conv(x).view(-1, 288))",
    ),
    Bad(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(1, 4, 3)
                self.fc = nn.Linear(4, 2)

            def forward(self, x):
                return self.fc(self.conv(x).flatten(1))

        def main():
            return Net()(torch.rand(1, 8, 8))
        """,
        "1,8,8",
        at="4, 2",
        fixed="self.fc = nn.Linear(144, 2)",
    ),
    Bad(
        """
        import torch
        from torch import nn

        class Net(nn.Module):
            def __init__(self, width=8, classes=4):
                super().__init__()
                self.kinds = nn.Embedding(classes, classes)
                sizes = [width * 2, 16, 1]
                self.net = nn.Sequential(*[nn.Linear(sizes[i], sizes[i + 1]) for i in range(2)])

            def forward(self, x):
                kind = x.argmax(1) % 4
                return self.net(torch.cat([x, self.kinds(kind)], dim=1))
        """,
        "5,16",
        at="width * 2",
        fixed="sizes = [width * 2 + classes, 16, 1]",
    ),
)
