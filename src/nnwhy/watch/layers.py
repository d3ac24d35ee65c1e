"""Layers of torch that make one call each. Once that was seen, the function mode need not be asked about them again.

Asking it costs as much as a small layer; what it would have seen is known from the layer's first call in the same mode.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch._C import _len_torch_function_stack

from nnwhy.watch import functions
from nnwhy.watch.frames import Spot, spot
from nnwhy.watch.history import Node
from nnwhy.watch.modes import unseen

if TYPE_CHECKING:
    from nnwhy.watch.watching import Watch

_module: Any = torch.nn.modules.module
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

    def holds(self, module: nn.Module) -> bool:
        """Whether the layer is the same still, in the same mode, and nobody else looks at its call."""
        return (
            self.training is module.training
            and self.module() is module
            and not (module._forward_hooks or module._forward_pre_hooks)
        )


def _plain(module: nn.Module) -> bool:
    """Whether calling a module is calling what its class says, and nothing before or after."""
    hooks = (
        module._forward_hooks
        or module._forward_pre_hooks
        or module._backward_hooks
        or module._backward_pre_hooks
    )
    return not hooks and module._compiled_call_impl is None and "forward" not in vars(module)


class Layers:
    """What is known of the layers of the networks."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self.aside = watch.aside
        self.history = watch.history
        self._known: dict[int, _Known] = {}
        self._containers: set[int] = set()

    def again(self, original: Callable[..., Any], module: nn.Module, args: tuple[Any, ...]) -> Any:
        """Call a layer whose one call is known; NotImplemented, and nothing is called, where it is not."""
        known = self._known.get(id(module))
        if known is None or type(args[0]) not in _PLAIN or not known.holds(module):
            return NotImplemented
        if _len_torch_function_stack() != 1:
            return NotImplemented
        given: torch.Tensor = args[0]
        with unseen():
            if known.dimensions != given.dim():
                return NotImplemented
            result = original(module, given)
            with self.aside:
                node = self.see(known, module, given, result, self.history.of(given), spot(2))
                self.history.keep(result, node)
        return result

    def call(
        self, original: Callable[..., Any], module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Call a part of a network, and find out whether it makes one call only."""
        if kwargs or len(args) != 1 or type(args[0]) not in _PLAIN:
            return original(module, *args, **kwargs)
        if id(module) in self._containers:
            return self.in_a_row(original, module, args, kwargs)
        given: torch.Tensor = args[0]
        seeing = self._watch.seeing
        before = seeing.calls
        result = original(module, given)
        calls = seeing.calls - before
        with self.aside, unseen():
            known = self._learned(module, given, result) if calls == 1 else None
            if known is not None:
                self._known[id(module)] = known
            elif not type(module).__module__.startswith(_INSIDE) or module._modules:
                self._containers.add(id(module))
        return result

    def in_a_row(
        self, original: Callable[..., Any], module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Call a container. Where it is a `Sequential` of layers whose one call is known, its layers are called here, as it would
        call them: nobody else gets what they hand on, so that only the last result is remembered."""
        row = self._row(module, args[0]) if len(args) == 1 and not kwargs else None
        if row is None:
            return original(module, *args, **kwargs)
        watch, history, where = self._watch, self.history, spot(2)
        value: torch.Tensor = args[0]
        made, last = history.of(value), row[-1][1]
        watch.quiet += 1
        try:
            with unseen():
                for known, part in row:
                    result = original(part, value)
                    try:
                        made = self.see(known, part, value, result, made, where)
                        if result is value or part is last:
                            history.keep(result, made)
                    except Exception as error:
                        self.aside.fail(error)
                    value = result
        finally:
            watch.quiet -= 1
        return value

    def _row(self, module: nn.Module, given: Any) -> list[tuple[_Known, nn.Module]] | None:
        """A container's layers, each with what is known of it, where calling one after the other is all that the container does."""
        if type(module) is not nn.Sequential or type(given) not in _PLAIN or _len_torch_function_stack() != 1:
            return None
        if not _plain(module) or _module._has_any_global_hook() or torch._C._get_tracing_state():
            return None
        row: list[tuple[_Known, nn.Module]] = []
        of = self._known.get
        for part in module._modules.values():
            known = of(id(part))
            if known is None or not known.holds(part):
                return None
            row.append((known, part))
        with unseen():
            return row if row and row[0][0].dimensions == given.dim() else None

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

    def see(
        self,
        known: _Known,
        module: nn.Module,
        given: torch.Tensor,
        result: torch.Tensor,
        parent: Node | None,
        where: Spot | None,
    ) -> Node:
        """What the function mode would have seen; `parent` made what the layer was given."""
        watch = self._watch
        node = Node(known.name, () if parent is None else (parent,), where)
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
        return node
