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

from nnwhy.checks.basis.fits import fits_for
from nnwhy.checks.basis.inserting import in_front
from nnwhy.checks.basis.mending import Demand, mended, shown_name
from nnwhy.checks.basis.pooled import pooling_fixes
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.settings import module_setting
from nnwhy.checks.basis.shapes import mismatched_linears, wrong_layout
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Finding


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
        demand = Demand(setting, linear.size, linear.wanted)
        fixes = [*pooling_fixes(subject, linear.size, linear.wanted), *mended(subject, demand)]
        if layout == "axes":
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
            derivations=(subject.derivations.of(linear.size.tensor, linear.size.axis),),
            fits=fits_for(subject, linear.size, linear.wanted),
            fixes=tuple(fixes),
            also=(place,) if (place := subject.user_call(linear.call).place) else (),
            module=module.path if module else "",
            call=linear.call.id,
        )


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
)
