"""Failed convolutions: what kind of input they got instead of (batch, channels, …)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from nnwhy.checks.basis.subject import Subject, integer
from nnwhy.facts.expression import Argument, Size
from nnwhy.facts.trace import Call, Tensor

CONVOLUTIONS = tuple(f"conv{rank}d" for rank in (1, 2, 3)) + tuple(
    f"conv_transpose{rank}d" for rank in (1, 2, 3)
)
Layout = Literal["channels", "no batch", "no channel", "neither", "channels last", "too many axes", "kernel"]


@dataclass(frozen=True, slots=True)
class FailedConvolution:
    """A convolution that failed on its shapes. `channels` is what it is built for; `rank` counts its spatial axes."""

    call: Call
    x: Tensor
    channels: int
    rank: int
    layout: Layout


def failed_convolutions(subject: Subject) -> Iterator[FailedConvolution]:
    """The failed convolutions whose shapes say why."""
    for call, _ in subject.failed(*CONVOLUTIONS):
        x, weight = subject.argument(call, "input"), subject.argument(call, "weight")
        if x is None or weight is None or len(weight.shape) < 3:
            continue
        groups = integer(call.arguments.get("groups")) or 1
        transposed = call.name.startswith("conv_transpose")
        channels = weight.shape[0] if transposed else weight.shape[1] * groups
        rank = len(weight.shape) - 2
        layout = _layout(x.shape, channels, rank, subject.trace is not None and x.origin.kind == "input")
        if layout == "channels last" and _stand_second(subject, x, rank):
            layout = "channels"  # that the last axis is as long is chance
        if layout is not None:
            yield FailedConvolution(call, x, channels, rank, layout)


def _stand_second(subject: Subject, x: Tensor, rank: int) -> bool:
    """Whether the axis where channels belong holds those that a layer before made."""
    root = subject.root(x.id, len(x.shape) - rank - 1)
    expression = subject.derivations.size(root.tensor, root.axis).expression
    made = isinstance(expression, Argument) and expression.name in ("out_channels", "num_features")
    if made or len(x.shape) != rank + 2 or x.origin.kind == "input":
        return made
    if root.tensor in subject.inputs():
        return _taken_as_channels(subject, root)
    return subject.derivations.axes.name(root.tensor, root.axis) == "channels"


def _taken_as_channels(subject: Subject, root: Size) -> bool:
    """Whether some layer is content with an axis of the input as its channels."""
    return any(
        pair.argument in ("in_channels", "num_features")
        and pair.value == root.value
        and subject.root(pair.tensor, pair.axis) == root
        for pair in subject.consumers
    )


def _layout(shape: tuple[int, ...], channels: int, rank: int, direct: bool) -> Layout | None:
    if len(shape) == rank + 2:
        if shape[1] == channels:
            return "kernel"
        return (
            "channels last"
            if (shape[-1] == channels and channels != 1) or _picture(shape, channels)
            else "channels"
        )
    if len(shape) == rank + 1:
        if shape[0] == channels:
            return "kernel"
        if channels == 1:
            return "no channel"
        return "channels last" if shape[-1] == channels else ("no channel" if direct else "channels")
    if len(shape) == rank:
        return "neither"
    return "too many axes" if len(shape) > rank + 2 else None


def _picture(shape: tuple[int, ...], channels: int) -> bool:
    """(N, H, W, 1) into one channel."""
    return channels == 1 and shape[-1] == 1 and len(shape) == 4 and shape[1] > 4
