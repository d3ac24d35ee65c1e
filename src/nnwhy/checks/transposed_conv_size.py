"""A transposed convolution is asked for more output padding than its stride leaves open.

## What it finds
A transposed convolution whose `output_padding` is not smaller than its stride or its dilation.

## Why it matters
A stride of s maps s input sizes of a convolution to one output size; `output_padding` says which of them the way back means,
and so lies between 0 and s − 1. Anything else raises, but only when the layer is called.

## Example
    nn.ConvTranspose2d(16, 8, 3, output_padding=1)              # stride 1

## Use instead
    nn.ConvTranspose2d(16, 8, 3, stride=2, output_padding=1)

## When it is fine
Never: the call raises. `# nnwhy: ignore[transposed-conv-size]` silences it.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html
- https://arxiv.org/abs/1603.07285
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import labelled
from nnwhy.checks.basis.mending import shown_name
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.settings import Setting, call_setting, module_setting
from nnwhy.checks.basis.subject import Subject, integers
from nnwhy.checks.basis.ways import ways_to_set
from nnwhy.facts.finding import Finding, Fix
from nnwhy.facts.trace import Call


@check(
    name="transposed-conv-size",
    severity="error",
    summary="A transposed convolution is asked for more output padding than its stride leaves open.",
    title="{layer} has an output padding of {actual}, and its stride of {stride} leaves room for {most} at most",
)
def transposed_conv_size(subject: Subject) -> Iterator[Finding]:
    for call, _ in subject.failed("conv_transpose1d", "conv_transpose2d", "conv_transpose3d"):
        rank = int(call.name[-2])
        padding, stride, dilation = (_spread(call, name, rank, default) for name, default in _ARGUMENTS)
        axis = next((i for i in range(rank) if padding[i] >= max(stride[i], dilation[i])), None)
        if axis is None:
            continue
        module = subject.layer(call)
        setting = _setting(subject, call, "output_padding", axis)
        outer = subject.user_call(call).place
        yield Finding(
            check="transposed-conv-size",
            severity="error",
            place=setting.place or (module.constructed[0] if module and module.constructed else outer),
            values={
                "layer": shown_name(module, call.name), "actual": padding[axis], "stride": stride[axis],
                "most": max(stride[axis], dilation[axis]) - 1,
            },
            expected=f"at most {max(stride[axis], dilation[axis]) - 1}",
            actual=str(padding[axis]),
            because=("it only chooses between the sizes that a convolution of this stride maps to one",),
            fixes=tuple(_fixes(subject, call, axis, padding[axis], max(stride[axis], dilation[axis]) - 1)),
            also=(outer,) if outer else (),
            module=module.path if module else "",
            call=call.id,
        )  # fmt: skip


_ARGUMENTS = (("output_padding", 0), ("stride", 1), ("dilation", 1))


def _spread(call: Call, name: str, rank: int, default: int) -> tuple[int, ...]:
    found = integers(call.arguments.get(name)) or (default,)
    return found if len(found) == rank else found[:1] * rank


def _setting(subject: Subject, call: Call, name: str, axis: int) -> Setting:
    module = subject.layer(call)
    return module_setting(subject, module, name, axis) if module else call_setting(subject, call, name, axis)


def _fixes(subject: Subject, call: Call, axis: int, padding: int, most: int) -> Iterator[Fix]:
    for way in ways_to_set(subject, _setting(subject, call, "output_padding", axis), most):
        yield labelled(subject, way.edits, means="as much as the stride leaves open")
    for way in ways_to_set(subject, _setting(subject, call, "stride", axis), padding + 1):
        yield labelled(
            subject, way.edits, means=f"makes the result about {padding + 1} times as large", safe=False
        )


good = (
    Good(
        """
        from torch import nn

        net = nn.ConvTranspose2d(4, 2, 3, stride=2, padding=1, output_padding=1)
        """,
        "2,4,5,5",
        entry="net",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        net = nn.Sequential(nn.ConvTranspose2d(4, 2, 3, stride=2, padding=1, output_padding=2), nn.ReLU())
        """,
        "2,4,5,5",
        at="2), nn.ReLU",
        fixed="net = nn.Sequential(nn.ConvTranspose2d(4, 2, 3, stride=2, padding=1, output_padding=1), nn.ReLU())",
        entry="net",
    ),
)
