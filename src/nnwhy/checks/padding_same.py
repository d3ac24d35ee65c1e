"""A convolution with a stride is told to pad to the same size.

## What it finds
`nn.Conv1d`, `nn.Conv2d` or `nn.Conv3d` with `padding="same"` and a stride above 1.

## Why it matters
torch refuses to build it: with a stride the result is smaller whatever the padding, so "the same size" has no meaning there.

## Example
    nn.Conv1d(1, 16, 50, stride=6, padding="same")

## Use instead
    nn.Conv1d(1, 16, 50, stride=6, padding=50 // 2)

The result is then ⌈size / stride⌉ long for an odd kernel, as Keras has it.

## When it is fine
Never: the constructor raises. `# nnwhy: ignore[padding-same]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv1d.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import argument_written, bracketed, labelled
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject, integers
from nnwhy.facts.finding import Edit, Finding
from nnwhy.facts.value import plain


@check(
    name="padding-same",
    severity="error",
    summary="A convolution with a stride is told to pad to the same size.",
    title="{layer} has padding='same' and a stride of {stride}: torch takes 'same' with a stride of 1 only",
)
def padding_same(subject: Subject) -> Iterator[Finding]:
    built = subject.construction
    call = subject.source_call(built.place) if built is not None else None
    if built is None or call is None or ".Conv" not in built.constructor:
        return
    strides = integers(built.arguments.get("stride"))
    if plain(built.arguments.get("padding")) != "same" or all(stride == 1 for stride in strides):
        return
    kernel, padding = argument_written(call, "kernel_size", 2), argument_written(call, "padding", 4)
    sizes = integers(built.arguments.get("kernel_size"))
    fixes = []
    if kernel is not None and padding is not None and len(set(sizes)) == 1:
        text = f"{bracketed(subject.text(kernel))} // 2"
        fixes.append(labelled(subject, [Edit(padding, text)], means="half the kernel at each end"))
    yield Finding(
        check="padding-same",
        severity="error",
        place=padding or call.place,
        values={"layer": call.function, "stride": max(strides)},
        expected="a stride of 1",
        actual=f"a stride of {max(strides)}",
        fixes=tuple(fixes),
        also=(call.place,),
    )


good = (
    Good(
        """
        from torch import nn

        net = nn.Sequential(nn.Conv1d(1, 4, 5, padding="same"), nn.Conv1d(4, 4, 5, stride=2, padding=2))
        """,
        "2,1,20",
        entry="net",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        def block(inside, outside, kernel, stride):
            return nn.Conv1d(inside, outside, kernel, stride=stride, padding="same")

        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.body = nn.Sequential(block(1, 4, 9, 1), nn.ReLU(), block(4, 4, 9, 3))

            def forward(self, x):
                return self.body(x)
        """,
        "2,1,30",
        at='"same"',
        fixed="return nn.Conv1d(inside, outside, kernel, stride=stride, padding=kernel // 2)",
    ),
)
