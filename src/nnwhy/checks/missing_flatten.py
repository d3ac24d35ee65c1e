"""A linear layer gets a map that nothing has flattened.

## What it finds
A `Linear` whose `in_features` is not the last axis of its input, but exactly what each sample holds in all its axes
together, or exactly its number of channels (a global pool is missing).

## Why it matters
A linear layer works on the last axis alone and takes every other one for a batch. torch's message names that last axis
("448x7 and 3136x512"), as if `in_features` were wrong; the number is right, a step is missing.

## Example
    nn.Sequential(nn.Conv2d(3, 64, 3), nn.ReLU(), nn.Linear(64 * 30 * 30, 10))

## Use instead
    nn.Sequential(nn.Conv2d(3, 64, 3), nn.ReLU(), nn.Flatten(), nn.Linear(64 * 30 * 30, 10))

## When it is fine
Never: the call raises. `# nnwhy: ignore[missing-flatten]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.Flatten.html
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from nnwhy.checks.basis.editing import bracketed
from nnwhy.checks.basis.inserting import fed_otherwise, in_front, input_specs
from nnwhy.checks.basis.mending import shown_name
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.settings import module_setting
from nnwhy.checks.basis.shapes import LinearMismatch, mismatched_linears, wrong_layout
from nnwhy.checks.basis.subject import Subject
from nnwhy.checks.basis.words import shape_text
from nnwhy.facts.finding import Finding, Fix


@check(
    name="missing-flatten",
    severity="error",
    summary="A linear layer gets a map that nothing has flattened or pooled.",
    title="{layer} takes {expected} features, and nothing makes one row of them: it gets {shape}",
)
def missing_flatten(subject: Subject) -> Iterator[Finding]:
    for linear in mismatched_linears(subject):
        layout = wrong_layout(subject, linear)
        if layout not in ("unflattened", "unpooled"):
            continue
        module = subject.layer(linear.call)
        setting = module_setting(subject, module, "in_features") if module else None
        constructed = module.constructed[0] if module and module.constructed else None
        outer = subject.user_call(linear.call).place
        inside = layout == "unflattened"
        numbers = " × ".join(str(size) for size in linear.shape[1:])
        yield Finding(
            check="missing-flatten",
            severity="error",
            place=(setting.place if setting else None) or constructed or outer,
            values={"layer": shown_name(module, "F.linear"), "expected": linear.wanted, "shape": shape_text(linear.shape)},
            expected=f"(…, {linear.wanted})",
            actual=shape_text(linear.shape),
            because=(
                f"{numbers} = {prod(linear.shape[1:])}: one sample flattened is what the layer takes"
                if inside
                else f"{linear.wanted} is the number of channels: a pool over {' × '.join(map(str, linear.shape[2:]))} is missing",
                f"as it is, the layer takes it for {prod(linear.shape[:-1])} rows of {linear.shape[-1]}",
            ),
            fixes=tuple(_fixes(subject, linear, inside)),
            also=(outer,) if outer else (),
            module=module.path if module else "",
            call=linear.call.id,
        )  # fmt: skip


def _fixes(subject: Subject, linear: LinearMismatch, flatten: bool) -> list[Fix]:
    rank = len(linear.shape)
    if flatten and prod(linear.shape[1:]) == linear.wanted:
        means = "all axes but the batch become one"
        fixes = in_front(subject, linear.call, ".flatten(1)", "Flatten()", means=means)
        if linear.tensor in subject.inputs():
            specs = input_specs(subject, lambda shape: (shape[0], prod(shape[1:])))
            fixes += fed_otherwise(subject, lambda text: f"{bracketed(text)}.flatten(1)", specs, means=means)
        return fixes
    if flatten:
        return in_front(
            subject, linear.call, ".flatten(2)", "Flatten(2)", means="all axes behind the second become one"
        )
    axes = ", ".join(str(axis) for axis in range(2, rank))
    pool = f"AdaptiveAvgPool{rank - 2}d(1)"
    prefix = "nn." if _has_prefix(subject, linear) else ""
    return in_front(
        subject, linear.call, f".mean(({axes}))", f"{pool}, {prefix}Flatten()",
        means="the mean over each map: one number a channel",
    )  # fmt: skip


def _has_prefix(subject: Subject, linear: LinearMismatch) -> bool:
    module = subject.layer(linear.call)
    call = subject.source_call(module.constructed[0]) if module and module.constructed else None
    return call is not None and call.function.startswith("nn.")


good = (
    Good(
        """
        from torch import nn

        net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Flatten(), nn.Linear(4 * 6 * 6, 10))
        """,
        "2,3,8,8",
        entry="net",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Linear(4 * 6 * 6, 10))
        """,
        "2,3,8,8",
        at="4 * 6 * 6",
        fixed="net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 6 * 6, 10))",
        entry="net",
    ),
    Bad(
        """
        from torch import nn

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.conv = nn.Conv2d(3, 16, 3)
                self.head = nn.Linear(16, 10)

            def forward(self, x):
                return self.head(self.conv(x))
        """,
        "2,3,8,8",
        at="self.conv(x)",
        fixed="return self.head(self.conv(x).mean((2, 3)))",
    ),
)
