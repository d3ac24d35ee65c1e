"""A pool pads by more than half its kernel.

## What it finds
`MaxPool` and `AvgPool` (and their functions) whose padding is larger than half the kernel.

## Why it matters
Some windows would lie in the padding alone; torch raises.

## Example
    nn.MaxPool2d(kernel_size=3, stride=2, padding=2)

## Use instead
    nn.MaxPool2d(kernel_size=3, stride=2, padding=1)

## When it is fine
Never: the call raises. `# nnwhy: ignore[pool-padding]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import labelled
from nnwhy.checks.basis.mending import shown_name
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.settings import call_setting, module_setting
from nnwhy.checks.basis.subject import Subject, integers
from nnwhy.checks.basis.ways import ways_to_set
from nnwhy.facts.finding import Finding, Fix


@check(
    name="pool-padding",
    severity="error",
    summary="A pool pads by more than half its kernel.",
    title="{layer} pads by {padding}: half of its kernel of {kernel} is the most",
)
def pool_padding(subject: Subject) -> Iterator[Finding]:
    for call, _ in subject.failed(*(f"{kind}_pool{rank}d" for kind in ("max", "avg") for rank in (1, 2, 3))):
        kernels, paddings = (
            integers(call.arguments.get("kernel_size")),
            integers(call.arguments.get("padding")),
        )
        if not kernels or not paddings:
            continue
        pairs = [
            (kernels[i % len(kernels)], paddings[i % len(paddings)])
            for i in range(max(len(kernels), len(paddings)))
        ]
        wide = next(((kernel, padding) for kernel, padding in pairs if padding > kernel // 2), None)
        if wide is None:
            continue
        kernel, padding = wide
        module = subject.layer(call)

        def fixes(name: str, value: int, call=call, module=module) -> list[Fix]:  # type: ignore[no-untyped-def]
            setting = module_setting(subject, module, name) if module else call_setting(subject, call, name)
            return [labelled(subject, way.edits) for way in ways_to_set(subject, setting, value)]

        found = [*fixes("padding", kernel // 2), *fixes("kernel_size", 2 * padding)]
        outer = subject.user_call(call).place
        yield Finding(
            check="pool-padding",
            severity="error",
            place=found[0].edits[0].place if found else outer,
            values={"layer": shown_name(module, call.name), "padding": padding, "kernel": kernel},
            expected=f"at most {kernel // 2}",
            actual=str(padding),
            fixes=tuple(found),
            also=(outer,) if outer else (),
            module=module.path if module else "",
            call=call.id,
        )


good = (
    Good(
        """
        from torch import nn

        net = nn.MaxPool2d(3, 2, padding=1)
        """,
        "2,3,8,8",
        entry="net",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        net = nn.Sequential(nn.MaxPool2d(3, 2, padding=2))
        """,
        "2,3,8,8",
        at="2)",
        fixed="net = nn.Sequential(nn.MaxPool2d(3, 2, padding=1))",
        entry="net",
    ),
)
