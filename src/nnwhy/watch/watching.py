"""A session while it grows: what the hooks see is turned into facts here, at once."""

from __future__ import annotations

import os
import threading
import time
import weakref
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import torch
from torch import nn

from nnwhy.facts.place import Place
from nnwhy.facts.session import (
    Act,
    Broadcast,
    NetworkSeen,
    Session,
)
from nnwhy.watch.constructed import Constructed
from nnwhy.watch.data import Data
from nnwhy.watch.doubts import shows_padding_only
from nnwhy.watch.finite import NotFiniteCalls
from nnwhy.watch.frames import Spot, spot
from nnwhy.watch.functions import DIVISIONS
from nnwhy.watch.history import History, Node, main_line
from nnwhy.watch.layers import Layers
from nnwhy.watch.looking import Look, given_tensors, tensors_in
from nnwhy.watch.losses import Losses
from nnwhy.watch.modes import seen_again, unseen
from nnwhy.watch.networks import alike_weights, is_network, misspelt, mode_layers, paddings
from nnwhy.watch.passes import Pass, Root
from nnwhy.watch.repeated import Repeated, flat_norms, repeated
from nnwhy.watch.schedulers import Schedulers
from nnwhy.watch.seeing import Seeing
from nnwhy.watch.training import Training
from nnwhy.watch.unnoticed import unnoticed
from nnwhy.watch.views import images_cut_anew

_LOOKED_AT = 12
_UNITS_COUNTED = 8
_MOST = 20_000
_REPEATED = 3
_ALWAYS = ("train", "eval", "step-in-eval", "ineffective")
_DEBUG = bool(os.environ.get("NNWHY_DEBUG"))


class Aside:
    """Our own doings inside the script: not watched themselves, and where they fail the script must not notice."""

    __slots__ = ("_watch", "failed")

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self.failed: BaseException | None = None

    def __enter__(self) -> None:
        self._watch.quiet += 1

    def __exit__(self, kind: Any, error: BaseException | None, traceback: Any) -> bool:
        self._watch.quiet -= 1
        if error is None or not isinstance(error, Exception):
            return False
        self.fail(error)
        return True

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call a function of ours, none of whose own calls is seen; None where it fails."""
        self._watch.quiet += 1
        try:
            with unseen():
                return function(*arguments)
        except Exception as error:
            self.fail(error)
        finally:
            self._watch.quiet -= 1

    def fail(self, error: Exception) -> None:
        """An error of our own: nothing is watched any longer."""
        self.failed = error
        self._watch.quiet += 1
        if _DEBUG:
            raise error


class Watch:
    """What has been seen so far. `quiet` above 0 means: look away (our own calls, backward passes, optimizer steps)."""

    def __init__(self) -> None:
        self.quiet = 0
        self.aside = Aside(self)
        self.layer = ""
        self.module: nn.Module | None = None
        self.forward = -1
        self.counts_units = False
        self.inputs: set[int] = set()
        self.memory = 0
        self.steps_done = 0
        self.steps_over = False
        self.thread = threading.get_ident()
        self.history = History()
        self.constructed = Constructed()
        self.roots: dict[int, Root] = {}
        self.repeated: dict[int, Repeated | None] = {}
        self.forwards: list[Pass] = []
        self.acts: list[tuple[str, int, Spot | None, str, int]] = []
        self.broadcasts: list[Broadcast] = []
        self.left: tuple[Node, ...] = ()
        self.off: list[Spot | None] = []
        self.seeing = Seeing(self)
        self.layers = Layers(self)
        self.losses = Losses(self)
        self.not_finite = NotFiniteCalls(self)
        self.training = Training(self)
        self.data = Data(self)
        self.schedulers = Schedulers(self)
        self._trained: set[int] = set()
        self._used: set[int] = set()
        self.fed: set[int] = set()
        self.after_forward: Callable[[], None] | None = None
        self.after_backward: Callable[[], None] = _nothing
        self._names: dict[int, str] = {}
        self._looks: list[tuple[weakref.ref[torch.Tensor], int, Look]] = []
        self._order: list[tuple[str, int]] = []
        self._begun = time.perf_counter()
        self._aside = 0

    @property
    def trained(self) -> set[int]:
        """The passes that a gradient went back through."""
        self.training.look_behind()
        return self._trained

    @property
    def used(self) -> set[int]:
        """The other passes that a loss was computed from."""
        self.training.look_behind()
        return self._used

    def was_trained(self, passes: set[int], used: set[int]) -> None:
        """A gradient went back through `passes`; the loss was computed from those `used`, too."""
        self._trained |= passes
        self._used |= used
        for index in passes:
            self.data.trained(self.forwards[index].loader)

    def order(self, kind: str, index: int) -> None:
        """Note that this event came next."""
        if len(self._order) < _MOST:
            self._order.append((kind, index))

    def act(self, kind: str, where: Spot | None, subject: str = "", number: int = 0) -> None:
        """Note that something was done."""
        if len(self.acts) >= _MOST or (self.steps_over and kind not in _ALWAYS):
            return
        self.acts.append((kind, self.steps_done, where, subject, number))
        self.order("act", len(self.acts) - 1)

    def gradients_off(self) -> Spot | None:
        """Where the script switched gradients off, by a `with` that has not ended."""
        return self.off[-1] if self.off and not torch.is_grad_enabled() else None

    def looking(self) -> bool:
        """Whether the caller is to be watched: the script's main thread, and not in a call of ours."""
        return not self.quiet and threading.get_ident() == self.thread

    def call_module(
        self, original: Callable[..., Any], module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Call `module`: an outermost network is a pass, a part of one gives its name to the calls inside."""
        if self.forward < 0:
            if not is_network(module):
                return original(module, *args, **kwargs)
            return self._pass(original, module, args, kwargs)
        if len(args) == 1 and not kwargs:
            result = self.layers.again(original, module, args)
            if result is not NotImplemented:
                return result
        outer, above = self.layer, self.module
        self.layer, self.module = self._names.get(id(module), outer), module
        try:
            return self.layers.call(original, module, args, kwargs)
        finally:
            self.layer, self.module = outer, above

    def _pass(
        self, original: Callable[..., Any], module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        names = self.aside.call(self._begins, module, args, kwargs)
        if names is None:
            return original(module, *args, **kwargs)
        index = len(self.forwards) - 1
        self._names, self.forward, self.layer, self.module = names, index, "", module
        try:
            result = self.layers.in_a_row(original, module, args, kwargs)
        finally:
            self.forward, self.layer, self.module = -1, "", None
        self.aside.call(self._ended, index, result)
        if self.after_forward is not None:
            with self.aside:
                self.after_forward()
        return result

    def _begins(self, module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[int, str]:
        root = self._root(module)
        gradients = torch.is_grad_enabled()
        key = (module.training, gradients)
        calls = root.calls[key] = root.calls.get(key, 0) + 1
        full = calls <= _LOOKED_AT
        self.counts_units = gradients and (full or not calls % _UNITS_COUNTED)
        given = given_tensors(args, kwargs)
        self.inputs, self.memory = set(map(id, given)), 0
        self._fed(root.seen.id, given)
        if calls == 1:
            root.look_again(module)
        inputs = tuple([Look(tensor, full) for tensor in given])
        self.forwards.append(
            Pass(
                root.seen.id, self.steps_done, module.training, gradients, spot(), full, inputs,
                root.active() if root.moody else (), self.data.current,
                cut_anew=images_cut_anew(given[0]) if given and full else (),
                alone=self.data.loader_of(given[0]) if given else None,
                scaled=self._scaled(given[0]) if given and full else None,
            )
        )  # fmt: skip
        self.order("forward", len(self.forwards) - 1)
        if gradients:
            self.not_finite.last_pass = (module, args, kwargs)
        return root.names

    def _scaled(self, given: torch.Tensor) -> Spot | None:
        """The last division that a pass's input comes from."""
        calls = main_line(self.history.of(given), most=6)
        return next((one.spot for one in calls if one.name in DIVISIONS), None)

    def _fed(self, network: int, given: list[torch.Tensor]) -> None:
        """The passes of other networks that these inputs were computed from."""
        for tensor in given:
            node = self.history.of(tensor)
            if node is not None and node.latest >= 0 and self.forwards[node.latest].network != network:
                self.fed.add(node.latest)

    def _ended(self, index: int, result: Any) -> None:
        outputs = [result] if isinstance(result, torch.Tensor) else list(tensors_in(result))
        for tensor in outputs:
            self._belongs(tensor, index)
        seen = self.forwards[index]
        self._looks.clear()
        seen.outputs = tuple([self.look(tensor, seen.full) for tensor in outputs[:8]])
        seen.memory = self.memory
        self.inputs = set()

    def look(self, tensor: torch.Tensor, full: bool) -> Look:
        """A look at `tensor`; of what a pass gave back one look is enough, as long as it is not changed."""
        if not full or tensor.is_inference():
            return Look(tensor, full)
        for known, version, look in self._looks:
            if known() is tensor and version == tensor._version:
                return look
        look = Look(tensor, full)
        self._looks.append((weakref.ref(tensor), tensor._version, look))
        return look

    def _belongs(self, tensor: torch.Tensor, index: int) -> None:
        """What a pass gives back belongs to it, also where its making was not seen (compiled or scripted networks)."""
        if self.history.of(tensor) is None:
            node = Node("network", (), None)
            node.latest = index
            node.forward, node.network, node.requires = index, True, tensor.requires_grad
            self.history.keep(tensor, node)

    def _root(self, module: nn.Module) -> Root:
        known = self.roots.get(id(module))
        if known is not None and known.module() is module:
            return known
        parameters = list(module.parameters())
        seen = NetworkSeen(
            id=len(self.roots),
            type=type(module).__name__,
            parameters=sum(parameter.numel() for parameter in parameters),
            trainable=sum(parameter.numel() for parameter in parameters if parameter.requires_grad),
            layers=mode_layers(module),
            alike=alike_weights(module),
            padding=paddings(module),
            constructed=self.constructed.places(module),
        )
        names = {id(part): path for path, part in module.named_modules()}
        root = Root(weakref.ref(module), seen, names)
        if known is not None:
            self._aside -= 1
            self.roots[self._aside] = known
        self.roots[id(module)] = root
        return root

    def attended(self, node: Node, mask: Any) -> None:
        """An attention layer was given a mask for what fills up short rows."""
        last = self.not_finite.last_pass
        if mask is None or last is None or self.forward < 0 or not self.forwards[self.forward].full:
            return
        padding = {number for root in self.roots.values() for number in root.seen.padding}
        with unseen():
            if shows_padding_only(mask, list(tensors_in(last[1:])), tuple(padding)):
                self.act("padding-shown", node.spot)

    def last_place(self) -> Place | None:
        """Where the last pass began."""
        where = self.forwards[-1].spot if self.forwards else None
        return where.place if where else None

    def repeat_last_pass(self) -> None:
        """Repeat the pass that is about to be trained, once for each network."""
        last = self.not_finite.last_pass
        if last is None or len(self.repeated) >= min(_REPEATED, len(self.roots)):
            return
        module, args, kwargs = last
        number = self._root(module).seen.id
        if number not in self.repeated:
            with seen_again(), unnoticed(module) as unhooked:
                again = repeated(module, args, kwargs, self.constructed.all())
                self.repeated[number] = None if again and again.trace.failures and unhooked else again
                with suppress(Exception):
                    self.losses.look_ahead(number, module, args, kwargs)

    def network_of(self, index: int) -> int:
        """The network that made a pass."""
        return self.forwards[index].network

    def networks(self) -> list[tuple[NetworkSeen, nn.Module]]:
        """The networks that are still there."""
        found = [(root.seen, root.module()) for root in self.roots.values()]
        return [(seen, module) for seen, module in found if module is not None]

    def _network(self, root: Root) -> NetworkSeen:
        """A network as it is now, with what its repeated pass showed."""
        module, again = root.module(), self.repeated.get(root.seen.id)
        if module is not None:
            root.seen = replace(root.seen, misspelt=misspelt(module))
        if again is not None:
            root.seen = replace(root.seen, flat_norms=flat_norms(again.trace))
        return root.seen

    def session(self, ended: str) -> Session:
        """The facts so far."""
        trained, used = self.trained, self.used
        forwards = tuple(
            one.fact(trained=index in trained, used=index in used, fed=index in self.fed)
            for index, one in enumerate(self.forwards)
        )
        return Session(
            networks=tuple(self._network(root) for root in self.roots.values()),
            forwards=forwards,
            losses=self.losses.facts(),
            broadcasts=tuple(self.broadcasts),
            backwards=tuple(one.fact() for one in self.training.backwards),
            steps=tuple(one.fact() for one in self.training.steps),
            optimizers=self.training.optimizers_seen(),
            acts=tuple(
                Act(kind, step, where.place if where else None, subject, number)
                for kind, step, where, subject, number in self.acts
            ),
            loaders=self.data.facts(),
            schedulers=self.schedulers.facts(),
            not_finite=tuple(self.not_finite.found),
            order=tuple(self._order),
            ended=ended,
            seconds=time.perf_counter() - self._begun,
        )


def _nothing() -> None:
    """Until somebody wants to know."""
