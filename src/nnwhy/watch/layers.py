"""Layers of torch that make one call each. Once that was seen, the function mode need not be asked about them again.

Asking it costs as much as a small layer; what it would have seen is known from the layer's first call in the same mode.
"""

from __future__ import annotations

import sys
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch._C import _len_torch_function_stack

from nnwhy.watch import functions
from nnwhy.watch.frames import Spot, user_frame
from nnwhy.watch.history import Node
from nnwhy.watch.modes import unseen

if TYPE_CHECKING:
    from nnwhy.watch.watching import Watch

_PLAIN = (torch.Tensor, nn.Parameter)
_INSIDE = torch.nn.modules.__name__ + "."
_KNOWN_BY_LOOKS = functions.RECTIFIERS | {"softmax", "log_softmax"}
_OTHERS = functions.SPECIAL - _KNOWN_BY_LOOKS


@dataclass(slots=True)
class _Known:
    """The one call that a layer makes, for inputs of so many dimensions, in this mode."""

    module: weakref.ref[nn.Module]
    training: bool
    dimensions: int
    name: str
    axis: int | None
    constructed: Spot | None
    path: str


class Layers:
    """What is known of the layers of the networks."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._known: dict[int, _Known] = {}
        self._containers: set[int] = set()

    def again(self, original: Callable[..., Any], module: nn.Module, args: tuple[Any, ...]) -> Any:
        """Call a layer whose one call is known; NotImplemented, and nothing is called, where it is not."""
        known = self._known.get(id(module))
        if known is None or type(args[0]) not in _PLAIN:
            return NotImplemented
        if known.training is not module.training or known.module() is not module:
            return NotImplemented
        if module._forward_hooks or module._forward_pre_hooks or _len_torch_function_stack() != 1:
            return NotImplemented
        given: torch.Tensor = args[0]
        with unseen():
            if known.dimensions != given.dim():
                return NotImplemented
            result = original(module, given)
            with self._watch.aside:
                self._see(known, module, given, result)
        return result

    def call(
        self, original: Callable[..., Any], module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Call a part of a network, and find out whether it makes one call only."""
        if kwargs or len(args) != 1 or type(args[0]) not in _PLAIN or id(module) in self._containers:
            return original(module, *args, **kwargs)
        given: torch.Tensor = args[0]
        seeing = self._watch.seeing
        before = seeing.calls
        result = original(module, given)
        calls = seeing.calls - before
        with self._watch.aside, unseen():
            known = self._learned(module, given, result) if calls == 1 else None
            if known is not None:
                self._known[id(module)] = known
            elif not type(module).__module__.startswith(_INSIDE) or module._modules:
                self._containers.add(id(module))
        return result

    def _learned(self, module: nn.Module, given: torch.Tensor, result: Any) -> _Known | None:
        if not type(module).__module__.startswith(_INSIDE) or module._modules or type(result) not in _PLAIN:
            return None
        if module._forward_hooks or module._forward_pre_hooks or _len_torch_function_stack() != 1:
            return None
        held = [*module._parameters.values(), *module._buffers.values()]
        if any(tensor is not None and type(tensor) not in _PLAIN for tensor in held):
            return None
        of = self._watch.history.of
        node, parent = of(result), of(given)
        if (
            node is None
            or (node is parent and result is not given)
            or node.name in functions.LOSSES
            or node.name in _OTHERS
        ):
            return None
        if any(tensor is not None and of(tensor) is not None for tensor in held):
            return None
        return _Known(
            weakref.ref(module),
            module.training,
            given.dim(),
            node.name,
            node.axis,
            node.constructed,
            node.layer,
        )

    def _see(self, known: _Known, module: nn.Module, given: torch.Tensor, result: Any) -> None:
        """What the function mode would have seen."""
        watch = self._watch
        if type(result) not in _PLAIN:
            return
        parent = watch.history.of(given)
        frame = user_frame(sys._getframe(3))
        node = Node(
            known.name,
            () if parent is None else (parent,),
            Spot(frame.f_code, frame.f_lasti) if frame is not None else None,
        )
        node.layer = known.path
        node.forward = node.latest = watch.forward
        node.network = True
        node.axis = known.axis
        node.constructed = known.constructed
        if id(given) in watch.inputs:
            watch.seeing.read(known.name, result)
        if known.name in functions.RECTIFIERS:
            watch.seeing.rectified(known.name, node, result)
        if result.requires_grad:
            node.requires = True
            watch.memory += result.nbytes
        else:
            node.requires = given.requires_grad or any(
                parameter is not None and parameter.requires_grad for parameter in module._parameters.values()
            )
            if node.requires:
                node.cuts = True
                node.no_grad = not torch.is_grad_enabled()
                node.off = watch.gradients_off()
        watch.history.keep(result, node)
