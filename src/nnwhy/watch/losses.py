"""Calls of loss functions: what is compared with what, and where the prediction came from."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import torch

from nnwhy.facts.place import Place
from nnwhy.facts.session import LossCall, Values
from nnwhy.watch.frames import Spot, user_frame
from nnwhy.watch.functions import TARGET_THIRD
from nnwhy.watch.history import Node, main_line
from nnwhy.watch.looking import readable, values_of
from nnwhy.watch.views import cut_from, scores_cut_anew

if TYPE_CHECKING:
    from nnwhy.watch.watching import Watch

_LOOKED_AT = 8
_SETTINGS = ("reduction", "ignore_index", "label_smoothing", "log_target", "log_input")


class Losses:
    """The loss calls of a session, in order."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self.calls: list[LossCall] = []
        self.nodes: list[Node] = []
        self.trained: set[int] = set()

    def call(self, name: str, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call the loss function, looked at before, so that one that raises is seen too."""
        watch = self._watch
        index = None
        with watch.aside:
            index = self._look(name, args, kwargs)
        result = function(*args, **kwargs)
        if index is not None and isinstance(result, torch.Tensor):
            with watch.aside:
                self._made(index, result)
        return result

    def _look(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> int | None:
        watch = self._watch
        prediction = args[0] if args else kwargs.get("input")
        place = 2 if name in TARGET_THIRD else 1
        target = args[place] if len(args) > place else kwargs.get("target")
        if not isinstance(prediction, torch.Tensor) or not isinstance(target, torch.Tensor):
            return None
        node = watch.seeing.node(name, args, kwargs)
        frame = user_frame(sys._getframe(3))
        node.spot = Spot(frame.f_code, frame.f_lasti) if frame else None
        before, after = watch.history.of(prediction), watch.history.of(target)
        full = len(self.calls) < _LOOKED_AT
        look = values_of if full else _bare
        self.calls.append(
            LossCall(
                function=name,
                step=watch.steps_done,
                place=node.spot.place if node.spot else None,
                prediction=look(prediction),
                target=look(target),
                value=None,
                history=tuple(step.made for step in main_line(before)),
                settings={key: value for key in _SETTINGS if _plain(value := kwargs.get(key))},
                from_network=before.network if before else False,
                prediction_place=_place(before),
                target_place=_place(after),
                cut_anew=scores_cut_anew(prediction),
                cut_from=_whole(target) if full else None,
            )
        )
        self.nodes.append(node)
        watch.order("loss", len(self.calls) - 1)
        return len(self.calls) - 1

    def _made(self, index: int, result: torch.Tensor) -> None:
        node = self.nodes[index]
        if node.requires and not result.requires_grad:
            node.cuts = True
            node.no_grad = not torch.is_grad_enabled()
        self._watch.history.keep(result, node)
        if result.numel() == 1 and readable(result) and index < 64:
            self.calls[index] = replace(self.calls[index], value=float(result.detach()))

    def facts(self) -> tuple[LossCall, ...]:
        """The calls, with those marked from which a backward pass went."""
        return tuple(replace(call, trained=index in self.trained) for index, call in enumerate(self.calls))


def _whole(labels: torch.Tensor) -> Values | None:
    whole = cut_from(labels)
    return values_of(whole) if whole is not None else None


def _bare(tensor: torch.Tensor) -> Values:
    return Values(tuple(tensor.shape), str(tensor.dtype).removeprefix("torch."), tensor.device.type)


def _place(node: Node | None) -> Place | None:
    return node.spot.place if node and node.spot else None


def _plain(value: Any) -> bool:
    return isinstance(value, int | float | str)
