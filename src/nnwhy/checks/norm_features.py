"""A norm layer is built for another number of features than it gets.

## What it finds
`BatchNorm`, `InstanceNorm`, `GroupNorm`, `LayerNorm` and `RMSNorm` whose number of features is not the size of the axis that
they normalise, and a `BatchNorm1d` that meets (batch, length, features): it takes the second axis for the features.

## Why it matters
The pass stops there, but for an `InstanceNorm1d` without parameters, which normalises another axis and says so in a warning only. On (batch, length, features), giving the layer the length would only hide the mistake: it would
normalise each position over all features.

## Example
    nn.Sequential(nn.Conv2d(3, 16, 3), nn.BatchNorm2d(32))

## Use instead
    nn.Sequential(nn.Conv2d(3, 16, 3), nn.BatchNorm2d(16))

## When it is fine
Never, as far as known. `# nnwhy: ignore[norm-features]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm1d.html
- https://docs.pytorch.org/docs/stable/generated/torch.nn.LayerNorm.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import labelled
from nnwhy.checks.basis.inserting import around
from nnwhy.checks.basis.mending import Demand, mended, producer_stands_alone, shown_name
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.settings import module_setting
from nnwhy.checks.basis.subject import Subject, integers
from nnwhy.checks.basis.words import shape_text
from nnwhy.facts.expression import Size
from nnwhy.facts.finding import Finding, Fix
from nnwhy.facts.trace import Call, Module

_NORMS = ("batch_norm", "instance_norm", "group_norm", "layer_norm", "rms_norm")
_ARGUMENT = {"GroupNorm": "num_channels", "LayerNorm": "normalized_shape", "RMSNorm": "normalized_shape"}


@check(
    name="norm-features",
    severity="error",
    summary="A norm layer is built for another number of features than it gets.",
    title="{layer} is built for {expected} features and gets {actual}",
)
def norm_features(subject: Subject) -> Iterator[Finding]:
    yield from _unheeded(subject)
    for call, _ in subject.failed(*_NORMS):
        x = subject.argument(call, "input")
        module = subject.layer(call)
        if x is None or module is None:
            continue
        axes = [
            (wanted, axis, index)
            for wanted, axis, index in _wanted(module, call, x.shape)
            if x.shape[axis] != wanted
        ]
        if not axes:
            continue
        wanted, axis, index = axes[0]
        size = Size(x.id, axis, x.shape[axis])
        name = _ARGUMENT.get(module.type, "num_features")
        setting = module_setting(subject, module, name, index)
        demand = Demand(setting, size, wanted)
        last = module.type == "BatchNorm1d" and len(x.shape) == 3 and x.shape[2] == wanted
        fixes = (
            [*_features_last(subject, call), *mended(subject, demand)] if last else mended(subject, demand)
        )
        outer = subject.user_call(call).place
        place = setting.place or outer
        if last:
            place = outer
        elif producer_stands_alone(subject, demand) and fixes and fixes[0].edits:
            place = fixes[0].edits[0].place
        yield Finding(
            check="norm-features",
            severity="error",
            place=place,
            values={"layer": shown_name(module, call.name), "expected": wanted, "actual": size.value},
            expected=str(wanted),
            actual=str(size.value),
            because=(
                f"BatchNorm1d takes axis 1 of {shape_text(x.shape)} for the features; the {wanted} features are in axis 2",
            ) if last else (),
            derivations=(subject.derivations.of(size.tensor, size.axis),),
            fixes=tuple(fixes),
            also=(outer,) if outer else (),
            module=module.path,
            call=call.id,
        )  # fmt: skip


def _unheeded(subject: Subject) -> Iterator[Finding]:
    """An `InstanceNorm` without parameters, which never looks at its number of features: it takes whatever axis stands in their place."""
    for call in subject.calls:
        x, module = subject.argument(call, "input"), subject.layer(call)
        if call.name != "instance_norm" or call.failure is not None or x is None or module is None:
            continue
        wanted = integers(module.arguments.get("num_features"))
        axis = len(x.shape) - 2
        if module.type != "InstanceNorm1d" or len(wanted) != 1 or axis < 0 or x.shape[axis] == wanted[0]:
            continue
        if x.shape[-1] != wanted[0]:
            continue
        outer = subject.user_call(call).place
        turned = around(subject, call, ".transpose(-2, -1)", ".transpose(-2, -1)")
        means = "the features stand where the layer looks for them, and go back behind it"
        yield Finding(
            check="norm-features",
            severity="warning",
            place=outer,
            values={
                "layer": shown_name(module, call.name),
                "expected": wanted[0],
                "actual": x.shape[axis],
                "shape": shape_text(x.shape),
            },
            title="{layer} is built for {expected} features and takes the axis of {actual} in {shape} for them",
            expected=str(wanted[0]),
            actual=str(x.shape[axis]),
            because=(
                f"InstanceNorm1d reads (batch, features, length); the {wanted[0]} features stand last, "
                f"so each of {x.shape[axis]} positions is normalised over its features",
            ),
            derivations=(subject.derivations.of(x.id, axis),),
            fixes=(labelled(subject, [turned], means=means),) if turned is not None else (),
            module=module.path,
            call=call.id,
        )


def _wanted(module: Module, call: Call, shape: tuple[int, ...]) -> Iterator[tuple[int, int, int | None]]:
    """Pairs of a wanted number and the axis that should have it."""
    given = integers(module.arguments.get(_ARGUMENT.get(module.type, "num_features")))
    if call.name in ("layer_norm", "rms_norm"):
        for index, number in enumerate(given):
            axis = len(shape) - len(given) + index
            if axis >= 0:
                yield number, axis, index if len(given) > 1 else None
    elif given and len(shape) > 1:
        yield given[0], 1, None


def _features_last(subject: Subject, call: Call) -> list[Fix]:
    """(batch, length, features): all positions of all samples as one long batch, or features moved to axis 1 and back."""
    found: list[Fix] = []
    merged = around(subject, call, ".flatten(0, 1)", ".unflatten(0, {x}.shape[:2])")
    turned = around(subject, call, ".transpose(1, 2)", ".transpose(1, 2)")
    if merged is not None:
        found.append(
            labelled(subject, [merged], means="every position of every sample is one row of features")
        )
    if turned is not None:
        found.append(
            labelled(
                subject, [turned], means="the features stand in axis 1 for the layer, and go back behind it"
            )
        )
    return found


good = (
    Good(
        """
        from torch import nn

        net = nn.Sequential(nn.Conv2d(3, 16, 3), nn.BatchNorm2d(16), nn.GroupNorm(4, 16))
        """,
        "2,3,8,8",
        entry="net",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        net = nn.Sequential(nn.Conv2d(3, 16, 3), nn.BatchNorm2d(32), nn.Conv2d(16, 8, 3))
        """,
        "2,3,8,8",
        at="32",
        fixed="net = nn.Sequential(nn.Conv2d(3, 16, 3), nn.BatchNorm2d(16), nn.Conv2d(16, 8, 3))",
        entry="net",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.norm = nn.BatchNorm1d(64)

            def forward(self, x):
                return self.norm(x)
        """,
        "2,10,64",
        at="self.norm(x)",
        fixed="return self.norm(x.flatten(0, 1)).unflatten(0, x.shape[:2])",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.norm = nn.InstanceNorm1d(64)

            def forward(self, x):
                return self.norm(x)
        """,
        "2,10,64",
        at="self.norm(x)",
        fixed="return self.norm(x.transpose(-2, -1)).transpose(-2, -1)",
    ),
    Bad(
        """
        from torch import nn

        net = nn.Sequential(nn.Conv2d(3, 80, 3), nn.BatchNorm2d(8), nn.Conv2d(8, 16, 3))
        """,
        "2,3,16,16",
        at="80",
        fixed="net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.Conv2d(8, 16, 3))",
        entry="net",
    ),
)
