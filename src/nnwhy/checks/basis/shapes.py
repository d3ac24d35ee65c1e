"""Failed calls as disagreements between shapes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import Literal

from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.expression import Size
from nnwhy.facts.trace import Call

Layout = Literal["unflattened", "unpooled", "unbatched", "axes", "one row"]


@dataclass(frozen=True, slots=True)
class LinearMismatch:
    """A failed linear call: its input's last axis is `size`, its weight wants `wanted`."""

    call: Call
    tensor: int
    shape: tuple[int, ...]
    size: Size
    wanted: int


def mismatched_linears(subject: Subject) -> Iterator[LinearMismatch]:
    """The failed linear calls whose features disagree."""
    for call, _ in subject.failed("linear"):
        x, weight = subject.argument(call, "input"), subject.argument(call, "weight")
        if x is None or weight is None or not x.shape or x.shape[-1] == weight.shape[-1]:
            continue
        axis = len(x.shape) - 1
        yield LinearMismatch(call, x.id, x.shape, Size(x.id, axis, x.shape[axis]), weight.shape[-1])


def wrong_layout(subject: Subject, linear: LinearMismatch) -> Layout | None:
    """Where the numbers are right and their arrangement is not: another check tells it.

    "unflattened": each sample has just as many numbers as the layer wants. "unpooled": its channels are as many.
    "unbatched": the whole tensor is one sample. "one row": the batch was flattened as well. "axes": another axis is as long as the layer wants.
    """
    shape = linear.shape
    several = len(shape) == 1 and shape[0] > linear.wanted and shape[0] % linear.wanted == 0
    if several and flattening(subject, linear) is not None:
        return "one row"
    if len(shape) > 2 and linear.wanted > 1:
        if prod(shape[1:]) == linear.wanted:
            return "unflattened"
        if len(shape) > 3 and prod(shape[2:]) == linear.wanted:
            return "unflattened"
        if linear.wanted in shape[1:-1]:
            return "unpooled" if len(shape) >= 4 and shape[1] == linear.wanted else "axes"
        if prod(shape) == linear.wanted:
            return "unbatched"
    if (
        len(shape) == 2
        and prod(shape) == linear.wanted
        and shape[0] > 1
        and (without_batch(subject, linear.tensor) or (shape[0] > 2 and is_input(subject, linear.tensor)))
    ):
        return "unbatched"
    if len(shape) == 1 and prod(shape) == linear.wanted:
        return "unbatched"
    return None


def is_input(subject: Subject, tensor: int) -> bool:
    """Whether a tensor's sizes are those of an input, which nothing but activations has gone through."""
    roots = [subject.root(tensor, axis) for axis in range(len(subject.shape(tensor)))]
    inputs = subject.inputs()
    return all(root.tensor in inputs and root.axis == axis for axis, root in enumerate(roots))


def without_batch(subject: Subject, tensor: int) -> bool:
    """Whether the first axis of a tensor is a layer's channels: the sample came without an axis for the batch."""
    step = subject.derivations.of(tensor, 0).steps[0]
    names = {step.axis_name} | {step.about.rpartition(".")[2]}
    return bool(names & {"channels", "out_channels", "num_features"}) or step.kind == "argument"


def flattening(subject: Subject, linear: LinearMismatch) -> Call | None:
    """The call that made one row of a batch whose samples each hold what the layer takes."""
    tensor = linear.tensor
    for _ in range(6):
        maker = subject.maker(tensor)
        if maker is None or not maker.inputs:
            return None
        if maker.name in ("flatten", "view", "reshape", "ravel"):
            before = subject.shape(maker.inputs[0])
            if len(subject.shape(tensor)) != 1 or len(before) < 2:
                return None
            batch, *sample = before
            return maker if batch > 1 and prod(sample) == linear.wanted else None
        tensor = maker.inputs[0]
    return None
