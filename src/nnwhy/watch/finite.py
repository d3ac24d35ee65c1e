"""Where the first infinity or not-a-number came from."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import torch
from torch.overrides import TorchFunctionMode

from nnwhy.facts.session import NotFinite, Values
from nnwhy.watch.frames import spot
from nnwhy.watch.functions import name_of
from nnwhy.watch.history import Node
from nnwhy.watch.looking import readable, tensors_in, values_of
from nnwhy.watch.modes import seen_again
from nnwhy.watch.unnoticed import unnoticed

if TYPE_CHECKING:
    from nnwhy.watch.watching import Watch


class NotFiniteCalls:
    """The calls that made values which are not finite; only the first is of interest. `last_pass` is the one to repeat, should its
    loss not be finite; it is let go of with the next step."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self.found: list[NotFinite] = []
        self.last_pass: tuple[Any, tuple[Any, ...], dict[str, Any]] | None = None

    def after(self, node: Node, args: tuple[Any, ...], result: torch.Tensor) -> None:
        """Look at the result of a doubtful call outside the networks."""
        if self.found or not node.network or not _broken(result):
            return
        given = [argument for argument in args if isinstance(argument, torch.Tensor)]
        if any(_broken(argument) for argument in given):
            return
        self._add(node.name, node.spot.place if node.spot else None, node.layer, given)

    def explain(self, loss: Any) -> None:
        """A loss is not finite: the pass is repeated, each call looked at."""
        if self.found or not isinstance(loss, torch.Tensor) or not _broken(loss) or self.last_pass is None:
            return
        module, args, kwargs = self.last_pass
        for tensor in tensors_in((args, kwargs)):
            if tensor.is_floating_point() and _broken(tensor):
                self._add("input", self._watch.last_place(), "", [tensor], "the data has them already")
                return
        for name, parameter in module.named_parameters():
            if _broken(parameter):
                self._add("weights", None, name, [parameter], "the last step made them so")
                return
        from nnwhy.trace.untouched import untouched

        search = _Search(self._add)
        try:
            with untouched(module), unnoticed(module), torch.no_grad(), seen_again(), search:
                module(*args, **kwargs)
        except Exception:
            return

    def _add(self, name: str, place: Any, layer: str, given: list[torch.Tensor], reason: str = "") -> None:
        cause: Values | None = values_of(_telling(name, given)) if given else None
        self.found.append(NotFinite(name, place, layer, cause, self._watch.steps_done, reason))


class _Search(TorchFunctionMode):
    """Stops looking at the first call that turns finite values into others."""

    def __init__(self, add: Callable[..., None]) -> None:
        super().__init__()
        self._add = add
        self._done = False

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        result = func(*args, **(kwargs or {}))
        name = name_of(func)
        if self._done or not name or not isinstance(result, torch.Tensor):
            return result
        if result.is_floating_point() and _broken(result):
            given = [argument for argument in args if isinstance(argument, torch.Tensor)]
            if _undefined(result):
                self._done = not any(_undefined(argument) for argument in given)
            else:
                self._done = name not in _MASKS and not any(_broken(argument) for argument in given)
            if self._done:
                where = spot(1)
                self._add(name, where.place if where else None, "", given)
        return result


_MASKS = frozenset(
    {"masked_fill", "masked_fill_", "where", "full", "full_like", "tensor", "triu", "tril", "__setitem__"}
)
"""An infinity from these is meant: it masks."""


def _undefined(tensor: torch.Tensor) -> bool:
    return _broken(tensor) and bool(torch.isnan(tensor.detach()).any())


def _broken(tensor: torch.Tensor) -> bool:
    if not tensor.is_floating_point() or not readable(tensor):
        return False
    with torch.no_grad(), torch._C.DisableTorchFunction():
        return not bool(torch.isfinite(tensor.detach()).all())


def _telling(name: str, given: list[torch.Tensor]) -> torch.Tensor:
    """The argument that made it happen: of a division the divisor."""
    return given[1] if "div" in name and len(given) > 1 else given[0]
