"""Backward passes and optimizer steps: which gradients there are, whose they are, what a step changes."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import torch

from nnwhy.facts.place import Place
from nnwhy.facts.session import Backward, OptimizerSeen, OptimizerStep, ParameterState
from nnwhy.watch.frames import Spot, here
from nnwhy.watch.history import Node, ancestors, main_line
from nnwhy.watch.looking import readable, root_mean_square

if TYPE_CHECKING:
    from nnwhy.watch.watching import Watch

_SAMPLE = 256
_MOST_PARAMETERS = 2000
_STEPS_IN_DETAIL = 6


@dataclass
class _Live:
    """An optimizer while it lives."""

    optimizer: weakref.ref[Any]
    seen: OptimizerSeen
    steps: int = 0
    backwards: int = 0
    asked: int = 0
    cleared: bool = True
    erased: bool = False
    before: dict[int, torch.Tensor] = field(default_factory=dict[int, torch.Tensor])


class Training:
    """Everything about gradients in a session."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self.backwards: list[Backward] = []
        self.steps: list[OptimizerStep] = []
        self.live: dict[int, _Live] = {}
        self.last_loss: Node | None = None
        self._losses: list[tuple[weakref.ref[Any], Spot | None]] = []
        self._weights: dict[int, torch.Tensor] = {}
        self._gone: list[OptimizerSeen] = []
        self._places: dict[Place | None, int] = {}

    def optimizer_made(self, optimizer: Any, where: Spot | None) -> None:
        """An optimizer was constructed."""
        self._live(optimizer, where.place if where else None)

    def before_backward(self, roots: Any) -> None:
        """Look at the loss and at what is left of older gradients."""
        watch = self._watch
        loss = roots[0] if isinstance(roots, tuple | list) and roots else roots
        if not isinstance(loss, torch.Tensor):
            return
        node = watch.history.of(loss)
        value = float(loss.detach()) if loss.numel() == 1 and readable(loss) else None
        cuts: list[Node] = []
        networks: set[int] = set()
        self.last_loss = node
        watch.repeat_last_pass()
        watch.trained_before = frozenset(watch.trained)
        if node is not None:
            reached, others, cuts = watch.passes_behind(node)
            watch.trained |= reached
            watch.used |= others
            networks = {watch.forwards[index].network for index in reached}
            for index in reached:
                watch.data.trained(watch.forwards[index].loader)
            self._trained_losses(node)
        stale: list[int] = []
        for live in self.live.values():
            live.backwards += 1
            live.asked += 1
            if live.steps and not live.cleared:
                if self._holds_gradients(live):
                    stale.append(live.seen.id)
                else:
                    live.cleared = True
        if value is not None and value - value != 0:
            watch.not_finite.explain(loss)
        self.backwards.append(
            Backward(
                step=watch.steps_done,
                place=here(2),
                value=value,
                shape=tuple(loss.shape),
                history=tuple(one.made for one in main_line(node)),
                cuts=tuple(one.made for one in cuts[:12]),
                stale=tuple(stale),
                networks=tuple(sorted(networks)),
                moved=self._moved(),
            )
        )
        watch.order("backward", len(self.backwards) - 1)
        if loss.dim() == 0:
            self._losses.append((weakref.ref(loss), node.spot if node else None))

    def _moved(self) -> bool:
        """Whether any weight is another than at the last backward pass, by whatever way it was changed."""
        now: dict[int, torch.Tensor] = {}
        with torch.no_grad():
            for _, module in self._watch.networks():
                for parameter in list(module.parameters())[:6]:
                    if readable(parameter):
                        now[id(parameter)] = parameter.detach().reshape(-1)[:16].clone()
        before, self._weights = self._weights, now
        return any(key in before and not torch.equal(before[key], value) for key, value in now.items())

    def cleared(self, kind: str, subject: Any, where: Spot | None) -> None:
        """`zero_grad` of an optimizer or a module was called."""
        watch = self._watch
        watch.act("zero_grad", where, type(subject).__name__, number=id(subject) % 10**9)

    def before_step(self, optimizer: Any, closure: bool) -> None:
        """What the parameters are before an optimizer changes them."""
        live = self._live(optimizer, None)
        live.erased = False
        if closure:
            live.backwards = -1
        elif live.backwards > 0:
            live.erased = not self._holds_gradients(live)
        if live.steps < _STEPS_IN_DETAIL:
            with torch.no_grad():
                for parameter in _parameters(optimizer):
                    if (
                        parameter.requires_grad
                        and len(live.before) < _MOST_PARAMETERS
                        and readable(parameter)
                    ):
                        live.before[id(parameter)] = parameter.detach().reshape(-1)[:_SAMPLE].clone()

    def after_step(self, optimizer: Any, where: Place | None) -> None:
        """A step was made."""
        watch = self._watch
        live = self._live(optimizer, None)
        live.steps += 1
        watch.steps_done += 1
        self.steps.append(
            OptimizerStep(
                optimizer=live.seen.id,
                number=live.steps,
                place=where,
                backwards=live.backwards,
                rates=tuple(
                    float(group["lr"]) for group in optimizer.param_groups if _is_number(group.get("lr"))
                ),
                parameters=tuple(self._states(live)) if live.steps <= _STEPS_IN_DETAIL else (),
                erased=live.erased,
                cleared=live.cleared or live.steps == 1 or live.asked == 0,
            )
        )
        watch.order("step", len(self.steps) - 1)
        alive = [where for loss, where in self._losses[-100:] if where is not None and loss() is not None]
        if alive and (count := alive.count(alive[-1])) >= 3:
            watch.act("kept", alive[-1], number=count - 1)
        live.before.clear()
        live.backwards = live.asked = 0
        live.cleared = False
        watch.not_finite.let_go()

    def optimizers_seen(self) -> tuple[OptimizerSeen, ...]:
        """The optimizers, each with what is strange about what it holds."""
        found: list[OptimizerSeen] = list(self._gone)
        known = {id(p) for _, module in self._watch.networks() for p in module.parameters()}
        for live in self.live.values():
            optimizer = live.optimizer()
            if optimizer is None:
                found.append(live.seen)
                continue
            held = list(_parameters(optimizer))
            found.append(
                replace(
                    live.seen,
                    parameters=len(held),
                    frozen=sum(not parameter.requires_grad for parameter in held),
                    strange=sum(id(parameter) not in known for parameter in held) if known else 0,
                    made=self._places.get(live.seen.place, 1),
                    rate=next(
                        (float(g["lr"]) for g in optimizer.param_groups if _is_number(g.get("lr"))), None
                    ),
                )
            )
        return tuple(found)

    def _live(self, optimizer: Any, place: Place | None) -> _Live:
        known = self.live.get(id(optimizer))
        if known is not None and known.optimizer() is optimizer:
            return known
        if known is not None:
            self._gone.append(known.seen)
        if place is not None:
            self._places[place] = self._places.get(place, 0) + 1
        held = list(_parameters(optimizer))
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
        gradients = [p.grad for p in _parameters(optimizer) if p.grad is not None and not p.grad.is_sparse]
        gradients = [gradient for gradient in gradients if readable(gradient)][:16]
        return any(bool(gradient.any()) for gradient in gradients)

    def _states(self, live: _Live) -> Iterator[ParameterState]:
        """The trainable parameters of all networks and of this optimizer, once each."""
        owners: dict[int, int] = {}
        for other in self.live.values():
            optimizer = other.optimizer()
            for parameter in _parameters(optimizer) if optimizer is not None else ():
                owners.setdefault(id(parameter), other.seen.id)
        told: set[int] = set()
        for seen, module in self._watch.networks():
            for path, part in module.named_modules():
                for name, parameter in part.named_parameters(recurse=False):
                    if id(parameter) in told or len(told) >= _MOST_PARAMETERS:
                        continue
                    told.add(id(parameter))
                    state = self._state(
                        f"{path}.{name}" if path else name,
                        parameter,
                        owners.get(id(parameter)),
                        live,
                        seen.id,
                    )
                    if state.gradient is None:
                        where = self._watch.constructed.spot(part)
                        state = replace(state, place=where.place if where else None)
                    yield state
        optimizer = live.optimizer()
        for parameter in _parameters(optimizer) if optimizer is not None else ():
            if id(parameter) not in told and len(told) < _MOST_PARAMETERS:
                told.add(id(parameter))
                yield self._state("", parameter, live.seen.id, live, None)

    def _state(
        self, name: str, parameter: torch.Tensor, owner: int | None, live: _Live, network: int | None
    ) -> ParameterState:
        gradient = parameter.grad
        before = live.before.get(id(parameter))
        changed = None
        if before is not None:
            with torch.no_grad():
                changed = root_mean_square(parameter.detach().reshape(-1)[:_SAMPLE] - before)
        dense = gradient.coalesce().values() if gradient is not None and gradient.is_sparse else gradient
        return ParameterState(
            name,
            tuple(parameter.shape),
            parameter.requires_grad,
            owner,
            root_mean_square(dense) if dense is not None else None,
            root_mean_square(parameter),
            changed,
            network,
        )

    def _trained_losses(self, node: Node) -> None:
        losses = self._watch.losses
        behind = {id(one) for one in ancestors(node)}
        for index, one in enumerate(losses.nodes):
            if id(one) in behind:
                losses.trained.add(index)


def _parameters(optimizer: Any) -> Iterator[torch.Tensor]:
    for group in getattr(optimizer, "param_groups", ()):
        yield from group["params"]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) or (isinstance(value, torch.Tensor) and value.numel() == 1)
