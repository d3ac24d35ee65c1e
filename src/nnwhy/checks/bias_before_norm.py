"""A bias is added right before a norm takes it away.

## What it finds
A convolution or linear layer with a bias whose result goes straight into a batch norm or instance norm. A note.

## Why it matters
The norm subtracts the mean of each channel, and the bias with it: it has no effect, gets no useful gradient, and costs
memory and time. The norm's own shift takes its place.

## Example
    nn.Conv2d(3, 16, 3), nn.BatchNorm2d(16)

## Use instead
    nn.Conv2d(3, 16, 3, bias=False), nn.BatchNorm2d(16)

## When it is fine
Always: nothing is wrong, only superfluous; and weights saved with the bias fit only a layer that has one.
`# nnwhy: ignore[bias-before-norm]` silences it.

## References
- https://arxiv.org/abs/1502.03167
- https://docs.pytorch.org/tutorials/recipes/recipes/tuning_guide.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.basis.editing import added_argument, labelled
from nnwhy.checks.basis.following import next_call, place_of_step
from nnwhy.checks.basis.registry import Bad, Good, check
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.trace import Call, Module

_WITH_BIAS = (
    "linear",
    "conv1d",
    "conv2d",
    "conv3d",
    "conv_transpose1d",
    "conv_transpose2d",
    "conv_transpose3d",
)


@check(
    name="bias-before-norm",
    severity="note",
    summary="A bias is added right before a norm takes it away.",
    title="the bias of {layer} has no effect: {norm} subtracts it again",
)
def bias_before_norm(subject: Subject) -> Iterator[Finding]:
    told: set[object] = set()
    for call in subject.calls:
        if call.kind != "function" or call.name not in _WITH_BIAS or subject.argument(call, "bias") is None:
            continue
        layer = subject.layer(call)
        norm = next_call(subject, call)
        if (
            layer is None
            or norm is None
            or norm.name not in ("batch_norm", "instance_norm")
            or not _whole(subject, call, norm)
        ):
            continue
        place = place_of_step(subject, call)
        if place in told or not subject.owned(place):
            continue
        told.add(place)
        behind = subject.layer(norm)
        norm_place = place_of_step(subject, norm)
        yield Finding(
            check="bias-before-norm",
            severity="note",
            place=place,
            values={"layer": layer.path or layer.type, "norm": (behind.path if behind else "") or norm.name},
            fixes=tuple(_fixes(subject, layer)),
            also=(norm_place,) if norm_place else (),
            module=layer.path,
        )


def _whole(subject: Subject, call: Call, norm: Call) -> bool:
    """Whether the norm's channels are those of the bias, and it uses the statistics of the data."""
    shape = subject.shape(norm.inputs[0])
    bias = subject.argument(call, "bias")
    statistics = norm.arguments.get("training", norm.arguments.get("use_input_stats", True))
    return (
        bool(statistics)
        and bias is not None
        and len(shape) > 1
        and shape[1] == bias.shape[0]
        and (call.name != "linear" or len(shape) == 2)
    )


def _fixes(subject: Subject, layer: Module) -> Iterator[Fix]:
    written = subject.source_call(layer.constructed[0])
    if written is None or not written.resolved.startswith("torch."):
        return
    place = layer.argument_places.get("bias")
    edit = Edit(place, "False") if place is not None else added_argument(written, "bias=False")
    yield labelled(subject, [edit], means="no bias; saved weights with one no longer fit", safe=False)


good = (
    Good(
        """
        from torch import nn

        net = nn.Sequential(nn.Conv2d(1, 4, 3, bias=False), nn.BatchNorm2d(4), nn.Conv2d(4, 4, 3), nn.ReLU(), nn.BatchNorm2d(4))
        """,
        "2,1,8,8",
        entry="net",
    ),
)
bad = (
    Bad(
        """
        from torch import nn

        net = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU())
        """,
        "2,1,8,8",
        at="nn.Conv2d(1, 4, 3)",
        fixed="net = nn.Sequential(nn.Conv2d(1, 4, 3, bias=False), nn.BatchNorm2d(4), nn.ReLU())",
        entry="net",
    ),
)
