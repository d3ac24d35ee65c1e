"""Crashes where a network, or a loss, was handed tensors of two devices."""

from __future__ import annotations

from types import FrameType
from typing import Any

import torch
from torch import nn

from nnwhy.checks.training.basis.watched import advice
from nnwhy.facts.finding import Finding
from nnwhy.facts.place import Place
from nnwhy.facts.session import LossCall
from nnwhy.watch.frames import Spot, user_frame
from nnwhy.watch.looking import tensors_in


def network_and_input(
    module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any], frames: list[FrameType]
) -> tuple[Finding, ...]:
    """The finding where all weights are on one device and an input is on another; () otherwise."""
    weights = {parameter.device.type for parameter in module.parameters()}
    strays = [tensor for tensor in tensors_in((args, kwargs)) if tensor.dim()]
    others = {tensor.device.type for tensor in strays} - weights
    if len(weights) != 1 or not others:
        return ()
    caller = next(
        (frame for frame in frames if user_frame(frame) is frame and _calls(frame, frames, module)), None
    )
    place = Spot(caller.f_code, caller.f_lasti).place if caller is not None else None
    what = type(module).__name__
    return _finding(place, f"the weights of {what}", weights.pop(), f"the input of {what}", others.pop())


def in_loss(loss: LossCall) -> tuple[Finding, ...]:
    """The finding where a loss compares tensors of two devices; () otherwise."""
    one, other = loss.prediction.device, loss.target.device
    if one == other:
        return ()
    return _finding(loss.place, "the prediction", one, "the target", other)


def _calls(frame: FrameType, frames: list[FrameType], module: nn.Module) -> bool:
    """Whether `frame` is the one that called the module."""
    position = frames.index(frame)
    inner = frames[position + 1] if position + 1 < len(frames) else None
    return inner is not None and inner.f_locals.get("self") is module


def _finding(place: Place | None, one: str, there: str, other: str, here: str) -> tuple[Finding, ...]:
    return (
        Finding(
            "device-mismatch", "error", place, {"one": one, "there": there, "other": other, "here": here},
            expected=there, actual=here,
            because=("One call needs all its tensors on one device.",),
            fixes=(advice(f".to({torch.device(there).type!r}) on {other}, as on each batch: x.to(device)"),),
            title="{one} {verb} on {there}, {other} is on {here}".replace("{verb}", "are" if one.startswith("the weights") else "is"),
        ),
    )  # fmt: skip
