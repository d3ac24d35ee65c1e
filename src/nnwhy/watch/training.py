"""Backward passes and optimizer steps: which gradients there are, whose they are, what a step changes."""

from __future__ import annotations

import weakref
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import torch

from nnwhy.facts.place import Place
from nnwhy.facts.session import Backward, OptimizerSeen, OptimizerStep
from nnwhy.watch import divergence, weights
from nnwhy.watch.advantages import with_gradient
from nnwhy.watch.doubts import doubts
from nnwhy.watch.frames import Spot, spot
from nnwhy.watch.history import Node, ancestors, behind, main_line
from nnwhy.watch.looking import readable
from nnwhy.watch.weights import Weights, parameters_of

if TYPE_CHECKING:
    from nnwhy.watch.watching import Watch

_STEPS_IN_DETAIL = 6
_GRADIENTS = 16
_LOOKED_THROUGH = 2
_ROWS = (tuple, list)
_NUMBERS = (int, float)
_LOSSES_KEPT = 100
_LOSSES_ALIVE = 3
"""So many losses of one place that are alive at once, the last among them, are kept by the script."""


@dataclass
class _Live:
    """An optimizer while it lives. `cleared`: its gradients were gone at a backward pass since its last step; `emptied`: it has
    dropped them and no backward pass was since."""

    optimizer: weakref.ref[Any]
    seen: OptimizerSeen
    steps: int = 0
    backwards: int = 0
    asked: int = 0
    cleared: bool = True
    emptied: bool = False
    erased: bool = False


@dataclass(slots=True)
class Back:
    """One backward pass; see the fact of it, `Backward`. `node` made the loss; `cuts` lie between the networks and it."""

    step: int
    spot: Spot | None
    value: float | None
    shape: tuple[int, ...]
    node: Node | None
    stale: tuple[int, ...]
    moved: bool
    cuts: Sequence[Node] = ()
    passes: Set[int] = frozenset()
    networks: tuple[int, ...] = ()

    def fact(self) -> Backward:
        """The backward pass as a fact."""
        return Backward(
            self.step, self.spot.place if self.spot else None, self.value, self.shape,
            tuple(one.made for one in main_line(self.node)),
            tuple(one.made for one in self.cuts[:12]),
            self.stale, self.networks, self.moved,
        )  # fmt: skip


@dataclass(slots=True)
class Step:
    """One step of an optimizer; see the fact of it, `OptimizerStep`."""

    optimizer: int
    number: int
    spot: Spot | None
    backwards: int
    rates: tuple[float, ...]
    weights: weights.Step | None
    erased: bool
    cleared: bool

    def fact(self) -> OptimizerStep:
        """The step as a fact."""
        return OptimizerStep(
            self.optimizer, self.number, self.spot.place if self.spot else None, self.backwards, self.rates,
            self.weights.facts() if self.weights is not None else (), self.erased, self.cleared,
        )  # fmt: skip


class Training:
    """Everything about gradients in a session."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self.backwards: list[Back] = []
        self.steps: list[Step] = []
        self.live: dict[int, _Live] = {}
        self.last_loss: Node | None = None
        self._looked_behind = 0
        self._losses: list[tuple[weakref.ref[Any], Spot]] = []
        self._weights = Weights(watch.constructed)
        self._first_weights: dict[int, torch.Tensor] = {}
        self._gone: list[OptimizerSeen] = []
        self._places: dict[Place | None, int] = {}

    def optimizer_made(self, optimizer: Any, where: Spot | None) -> None:
        """An optimizer was constructed."""
        self._live(optimizer, where.place if where else None)

    def before_backward(self, roots: Any) -> None:
        """Look at the loss and at what is left of older gradients."""
        watch = self._watch
        loss = roots[0] if isinstance(roots, _ROWS) and roots else roots
        if not isinstance(loss, torch.Tensor):
            return
        node = watch.history.of(loss)
        value = watch.losses.value_of(node)
        if value is None and loss.numel() == 1 and readable(loss):
            value = float(loss.item())
        self.last_loss = node
        watch.repeat_last_pass()
        if node is not None and len(self.backwards) < _STEPS_IN_DETAIL:
            calls = ancestors(node)
            for kind, call in doubts(calls, watch.left, watch.network_of):
                watch.act(kind, call.spot, call.name, max(call.loss, 0))
            for product, factor, critic in with_gradient(calls):
                watch.act("advantage", product.spot, str(watch.network_of(critic)), factor)
            if len(self.backwards) < _LOOKED_THROUGH and divergence.falls_without_bound(loss):
                turned = divergence.written(node)
                watch.act("turned", turned.spot if turned is not None else None)
        stale: list[int] = []
        for live in self.live.values():
            live.backwards += 1
            live.asked += 1
            if live.steps and not live.cleared:
                live.cleared = live.emptied or not self._holds_gradients(live)
                if not live.cleared:
                    stale.append(live.seen.id)
            live.emptied = False
        if value is not None and value - value != 0:
            watch.not_finite.explain(loss)
        self.backwards.append(
            Back(
                watch.steps_done,
                spot(2),
                value,
                tuple(loss.shape),
                node,
                tuple(stale),
                not watch.steps_done and self._moved(),
            )
        )
        watch.order("backward", len(self.backwards) - 1)
        if loss.dim() == 0 and node is not None and node.spot is not None:
            self._losses.append((weakref.ref(loss), node.spot))

    def look_behind(self) -> None:
        """Of the backward passes since the last time: which passes, losses and loaders were trained. It is asked for when somebody
        wants to know, since looking at many at once costs less than at one between two steps."""
        watch = self._watch
        for back in self.backwards[self._looked_behind :]:
            if back.node is None:
                continue
            found = behind(back.node)
            watch.was_trained(found.reached, found.passes - found.reached)
            watch.losses.trained |= found.losses
            back.cuts, back.passes = found.cuts, found.reached
            back.networks = tuple(sorted({watch.network_of(index) for index in found.reached}))
        self._looked_behind = len(self.backwards)

    def trained_before_last(self) -> set[int]:
        """The passes that a gradient had gone back through before the last backward pass."""
        self.look_behind()
        return set[int]().union(*(back.passes for back in self.backwards[:-1]))

    def _moved(self) -> bool:
        """Whether any weight is another than at the last backward pass, by whatever way it was changed; of interest
        as long as no optimizer makes a step."""
        now: dict[int, torch.Tensor] = {}
        with torch.no_grad():
            for _, module in self._watch.networks():
                for parameter in list(module.parameters())[:6]:
                    if readable(parameter):
                        now[id(parameter)] = parameter.detach().reshape(-1)[:16].clone()
        before, self._first_weights = self._first_weights, now
        return any(key in before and not torch.equal(before[key], value) for key, value in now.items())

    def emptied(self, optimizer: Any) -> None:
        """An optimizer has dropped all its gradients: the next backward pass need not look for them."""
        known = self.live.get(id(optimizer))
        if known is not None and known.optimizer() is optimizer:
            known.emptied = True

    def before_step(self, optimizer: Any, closure: bool) -> None:
        """What the parameters are before an optimizer changes them."""
        watch = self._watch
        live = self._live(optimizer, None)
        live.erased = False
        if closure:
            live.backwards = -1
        elif live.backwards > 0 and live.steps < _STEPS_IN_DETAIL:
            live.erased = not self._holds_gradients(live)
        if live.steps < _STEPS_IN_DETAIL:
            found = [(other.seen.id, other.optimizer()) for other in self.live.values()]
            optimizers = {number: held for number, held in found if held is not None}
            self._weights.before(live.seen.id, optimizers, watch.networks())

    def after_step(self, optimizer: Any, where: Spot | None) -> None:
        """A step was made."""
        watch = self._watch
        live = self._live(optimizer, None)
        live.steps += 1
        watch.steps_done += 1
        self.steps.append(
            Step(
                live.seen.id,
                live.steps,
                where,
                live.backwards,
                tuple(
                    [float(group["lr"]) for group in optimizer.param_groups if _is_number(group.get("lr"))]
                ),
                self._weights.after(live.seen.id),
                live.erased,
                live.cleared or live.steps == 1 or live.asked == 0,
            )
        )
        watch.order("step", len(self.steps) - 1)
        for root in watch.roots.values():
            if root.seen.alike:
                root.after_step()
        if len(self._losses) >= _LOSSES_ALIVE:
            self._losses = alive = [pair for pair in self._losses if pair[0]() is not None][-_LOSSES_KEPT:]
            *others, last = [where for _, where in alive] or [None]
            if (count := others.count(last)) >= _LOSSES_ALIVE - 1:
                watch.act("kept", last, number=count)
        live.backwards = live.asked = 0
        live.cleared = False
        watch.not_finite.last_pass = None

    def all_made(self, steps: int) -> bool:
        """Whether every optimizer that makes steps has made so many."""
        for live in self.live.values():
            if 0 < live.steps < steps:
                return False
        return self._watch.steps_done > 0

    def optimizers_seen(self) -> tuple[OptimizerSeen, ...]:
        """The optimizers, each with what is strange about what it holds."""
        found: list[OptimizerSeen] = list(self._gone)
        known = {id(p) for _, module in self._watch.networks() for p in module.parameters()}
        holders: dict[frozenset[int], int] = {}
        for live in self.live.values():
            optimizer = live.optimizer()
            if optimizer is None:
                found.append(live.seen)
                continue
            held = list(parameters_of(optimizer))
            first = holders.setdefault(frozenset([id(one) for one in held]), live.seen.id)
            found.append(
                replace(
                    live.seen,
                    parameters=len(held),
                    frozen=sum(not parameter.requires_grad for parameter in held),
                    strange=sum(id(parameter) not in known for parameter in held) if known else 0,
                    twin=first if first != live.seen.id else None,
                    made=self._places.get(live.seen.place, 1),
                    rate=next(
                        (float(g["lr"]) for g in optimizer.param_groups if _is_number(g.get("lr"))), None
                    ),
                )
            )
        return tuple(found)

    def number_of(self, optimizer: Any) -> int | None:
        """The id of an optimizer that was seen."""
        known = self.live.get(id(optimizer))
        return known.seen.id if known is not None and known.optimizer() is optimizer else None

    def _live(self, optimizer: Any, place: Place | None) -> _Live:
        known = self.live.get(id(optimizer))
        if known is not None and known.optimizer() is optimizer:
            return known
        if known is not None:
            self._gone.append(known.seen)
        if place is not None:
            self._places[place] = self._places.get(place, 0) + 1
        held = list(parameters_of(optimizer))
        number = len(self.live) + len(self._gone)
        seen = OptimizerSeen(number, type(optimizer).__name__, place, len(held))
        live = _Live(weakref.ref(optimizer), seen)
        self.live[id(optimizer)] = live
        return live

    def _holds_gradients(self, live: _Live) -> bool:
        """Whether any of its parameters has a gradient other than zero."""
        optimizer = live.optimizer()
        if optimizer is None:
            return False
        looked_at = 0
        for parameter in parameters_of(optimizer):
            gradient = parameter.grad
            if gradient is not None and looked_at < _GRADIENTS and readable(gradient):
                looked_at += 1
                if int(torch.count_nonzero(gradient)):
                    return True
        return False


def _is_number(value: Any) -> bool:
    return isinstance(value, _NUMBERS) or (isinstance(value, torch.Tensor) and value.numel() == 1)
