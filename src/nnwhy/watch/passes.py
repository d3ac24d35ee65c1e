"""What is noted of networks and their passes while they run; the facts are made of it when somebody asks."""

from __future__ import annotations

import weakref
from dataclasses import dataclass, field, replace

import torch
from torch import nn

from nnwhy.facts.session import Activation, Forward, ModeLayer, NetworkSeen
from nnwhy.watch.frames import Spot
from nnwhy.watch.looking import Look
from nnwhy.watch.networks import alike_weights, mode_layers


@dataclass
class Root:
    """A live network: a weak reference, its facts, and the names of its parts.

    `moody` are those of its layers that depend on the mode.
    """

    module: weakref.ref[nn.Module]
    seen: NetworkSeen
    names: dict[int, str]
    calls: dict[tuple[bool, bool], int] = field(default_factory=dict[tuple[bool, bool], int])
    moody: list[tuple[weakref.ref[nn.Module], ModeLayer]] = field(
        default_factory=list[tuple[weakref.ref[nn.Module], ModeLayer]]
    )

    def after_step(self) -> None:
        """Of the weights whose rows were alike, those that a step has made different are told no longer."""
        module = self.module()
        if module is not None:
            now = alike_weights(module)
            self.seen = replace(self.seen, alike=tuple(name for name in self.seen.alike if name in now))

    def look_again(self, module: nn.Module) -> None:
        """Find the layers that depend on the mode; some may have been replaced since."""
        parts = dict(module.named_modules())
        self.moody = [(weakref.ref(parts[layer.path]), layer) for layer in mode_layers(module)]

    def active(self) -> tuple[ModeLayer, ...]:
        """The layers that depend on the mode and are in training mode now."""
        found: list[ModeLayer] = []
        for reference, layer in self.moody:
            part = reference()
            if part is not None and part.training:
                found.append(layer if layer.training else replace(layer, training=True))
        return tuple(found)


@dataclass(slots=True)
class Activated:
    """What a rectifier gave, or of each of its units the largest value, in a tensor of our own; `axis` is that of the units."""

    layer: str
    function: str
    values: torch.Tensor
    axis: int
    spot: Spot | None

    def fact(self) -> Activation:
        """The number of units that were zero for the whole batch."""
        with torch.no_grad(), torch._C.DisableTorchFunction():
            others = [index for index in range(self.values.dim()) if index != self.axis]
            most = self.values.amax(dim=others) if others else self.values
            dead = int((most <= 0).sum())
        place = self.spot.place if self.spot else None
        return Activation(self.layer, self.function, int(most.numel()), dead, place)


@dataclass(slots=True)
class Pass:
    """One call of a network; see the fact of it, `Forward`."""

    network: int
    step: int
    training: bool
    gradients: bool
    spot: Spot | None
    full: bool
    inputs: tuple[Look, ...]
    active: tuple[ModeLayer, ...]
    loader: int | None
    outputs: tuple[Look, ...] = ()
    activations: list[Activated] = field(default_factory=list[Activated])
    readers: list[str] = field(default_factory=list[str])
    memory: int = 0
    cut_anew: tuple[int, ...] = ()
    alone: int | None = None
    scaled: Spot | None = None

    def fact(self, *, trained: bool, used: bool, fed: bool) -> Forward:
        """The pass as a fact."""
        return Forward(
            self.network, self.step, self.training, self.gradients,
            self.spot.place if self.spot else None,
            tuple(look.values for look in self.inputs),
            tuple(look.values for look in self.outputs),
            self.active,
            tuple(one.fact() for one in self.activations),
            trained, used, self.loader, tuple(self.readers), self.memory, fed=fed, cut_anew=self.cut_anew,
            scaled=self.scaled.place if self.scaled else None,
        )  # fmt: skip
