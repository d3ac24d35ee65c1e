"""The function mode of a watched script: each call becomes a node, losses and doubtful results are looked at."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import torch
from torch.overrides import TorchFunctionMode

from nnwhy.facts.session import Broadcast
from nnwhy.watch import functions
from nnwhy.watch.doubts import of_itself
from nnwhy.watch.frames import Spot, user_frame
from nnwhy.watch.history import Node, main_line
from nnwhy.watch.modes import unseen
from nnwhy.watch.passes import Activated

if TYPE_CHECKING:
    from nnwhy.watch.watching import Watch

_NONE: dict[str, Any] = {}
_ROWS = (tuple, list)
_COPIED = 2**14
"""Bytes up to which copying a tensor costs less than its largest values do."""
_LAST = frozenset({"softmax", "log_softmax", "sigmoid", "relu", "dropout", "tanh", "logsigmoid"})


class Seeing(TorchFunctionMode):
    """Sees every torch function that the script's main thread calls. `calls` counts them."""

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self._watch = watch
        self.calls = 0
        self._names: dict[Any, str] = {}

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or _NONE
        watch = self._watch
        if watch.quiet:
            return func(*args, **kwargs)
        try:
            name = self._names[func]
        except KeyError:
            name = self._names[func] = functions.name_of(func)
        except TypeError:
            name = functions.name_of(func)
        if not name:
            return func(*args, **kwargs)
        self.calls += 1
        if name in functions.LOSSES:
            return watch.losses.call(name, func, args, kwargs)
        result = func(*args, **kwargs)
        with watch.aside:
            self._see(name, args, kwargs, result)
        return result

    def _see(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], result: Any) -> None:
        watch = self._watch
        if name in functions.RANDOM:
            return
        node = self.node(name, args, kwargs)
        if watch.forward >= 0:
            if watch.inputs and any(id(argument) in watch.inputs for argument in args):
                self.read(name, result)
            if name in _LAST and type(watch.module).__module__.startswith("torch.nn."):
                node.constructed = watch.constructed.spot(watch.module)
        if name in functions.SPECIAL:
            self._special(name, node, args, kwargs, result)
        if isinstance(result, torch.Tensor):
            self._settle(node, result)
            watch.history.keep(result, node)
        elif isinstance(result, _ROWS):
            given = [item for item in result if isinstance(item, torch.Tensor)]
            apart = node.requires and any(item.requires_grad for item in given)
            for item in given:
                own = node if item.requires_grad or not apart else node.copy()
                self._settle(own, item)
                watch.history.keep(item, own)

    def read(self, name: str, result: Any) -> None:
        """An input of the pass is taken; through a change of shape or type it stays the input."""
        watch = self._watch
        if name in functions.RESHAPES and isinstance(result, torch.Tensor):
            watch.inputs.add(id(result))
        elif len(readers := watch.forwards[watch.forward].readers) < 6:
            readers.append(name)

    def node(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Node:
        """A node for a call that runs now; its parents are what is known of its tensor arguments."""
        watch = self._watch
        of = watch.history.of
        parents: list[Node] = []
        requires = network = False
        for argument in (*args, *kwargs.values()):
            if isinstance(argument, torch.Tensor):
                requires = requires or argument.requires_grad
                found = of(argument)
                if found is not None:
                    parents.append(found)
            elif isinstance(argument, _ROWS):
                for item in argument:
                    if isinstance(item, torch.Tensor):
                        requires = requires or item.requires_grad
                        found = of(item)
                        if found is not None:
                            parents.append(found)
        frame = user_frame(sys._getframe(3))
        node = Node(name, tuple(parents), Spot(frame.f_code, frame.f_lasti) if frame is not None else None)
        node.layer = watch.layer
        node.forward = watch.forward
        node.latest = watch.forward
        for parent in parents:
            network = network or parent.network
            node.latest = max(node.latest, parent.latest)
        node.network = network or watch.forward >= 0
        node.requires = requires
        return node

    def _settle(self, node: Node, result: torch.Tensor) -> None:
        if result.requires_grad:
            self._watch.memory += result.nbytes
        if node.requires and not result.requires_grad:
            node.cuts = True
            node.no_grad = not torch.is_grad_enabled()
            node.off = self._watch.gradients_off()

    def _special(
        self, name: str, node: Node, args: tuple[Any, ...], kwargs: dict[str, Any], result: Any
    ) -> None:
        watch = self._watch
        if name in ("softmax", "log_softmax"):
            axis = kwargs.get("dim", args[1] if len(args) > 1 else None)
            node.axis = axis if isinstance(axis, int) else None
        elif name == "normalize" and args and args[0].dim() == 2:
            node.axis = kwargs.get("dim", args[2] if len(args) > 2 else 1)
        elif name == "multi_head_attention_forward":
            watch.attended(node, kwargs.get("key_padding_mask"))
        elif name in functions.RECTIFIERS:
            self.rectified(name, node, result)
        elif name in functions.SUMS:
            self._met(node, args)
            self._summed(node, args, result)
        elif name in functions.DIFFERENCES or name in functions.COMPARISONS:
            self._met(node, args)
            self._compared(name, node, args, result)
        elif name in functions.LEAVES_TORCH:
            if node.network and args and args[0].numel() == 1 and name in ("item", "__float__", "tolist"):
                node.value = float(result if not isinstance(result, list) else args[0])
                watch.left = (*watch.left[-3:], node)
            elif node.network and args:
                watch.left = (*watch.left[-3:], node)
                watch.act("left", node.spot, name, node.latest)
        elif name in functions.FROM_OUTSIDE:
            self._came_in(node, args, result)
        elif name in functions.SENDS and watch.forward < 0 and args:
            watch.data.sent(args[0], node.spot)
        elif name in functions.RECURRENT:
            self._carried(args)
        elif name == "__setitem__" and args:
            watch.history.keep(args[0], node)
        if name in functions.MOVES and of_itself(name, args, kwargs):
            *_, first = main_line(node)
            watch.act("itself", first.spot or node.spot, name)
        if name in functions.DOUBTFUL and watch.forward < 0 and isinstance(result, torch.Tensor):
            watch.not_finite.after(node, args, result)

    def _carried(self, args: tuple[Any, ...]) -> None:
        """A recurrent layer begins with a state that an earlier pass left, one that is trained already."""
        watch = self._watch
        states = [
            one for given in args[1:3] for one in (given if isinstance(given, tuple | list) else (given,))
        ]
        for state in states:
            last = watch.history.of(state) if isinstance(state, torch.Tensor) else None
            for one in main_line(last):
                if one.forward != watch.forward and one.forward in watch.trained:
                    watch.act("carried", last.spot if last else None, number=watch.forward)
                    return

    def rectified(self, name: str, node: Node, result: torch.Tensor) -> None:
        """Which units gave zero for the whole batch."""
        watch = self._watch
        if watch.forward < 0 or not watch.counts_units or result.dim() < 2 or result.numel() > 8_000_000:
            return
        seen = watch.forwards[watch.forward].activations
        if len(seen) > 200 or result.shape[0] < 8 or not result.is_floating_point():
            return
        dimensions = result.dim()
        axis = 1 if dimensions != 3 else 2
        with unseen():
            if result.nbytes <= _COPIED:
                seen.append(Activated(node.layer, name, result.detach().clone(), axis, node.spot))
            else:
                most = result.detach().amax(dim=[index for index in range(dimensions) if index != axis])
                seen.append(Activated(node.layer, name, most, 0, node.spot))

    def _met(self, node: Node, args: tuple[Any, ...]) -> None:
        """Outside of the networks, a column of results (N, 1) and several a row (N, K): each row's one goes with all of its K."""
        if self._watch.forward >= 0 or len(args) < 2:
            return
        if not all(isinstance(argument, torch.Tensor) and argument.dim() == 2 for argument in args[:2]):
            return
        (rows, left), (others, right) = args[0].shape, args[1].shape
        if rows == others and left != right and 1 in (left, right):
            node.wide = 0 if right == 1 else 1

    def _summed(self, node: Node, args: tuple[Any, ...], result: Any) -> None:
        """A running sum that holds on to the graphs of passes from which the gradient went back already."""
        watch = self._watch
        if (
            not isinstance(result, torch.Tensor)
            or result.dim()
            or not result.requires_grad
            or len(node.parents) < 2
        ):
            return
        if not all(isinstance(argument, torch.Tensor) and argument.requires_grad for argument in args[:2]):
            return
        left, right = node.parents[0], node.parents[1]
        if left.name not in functions.SUMS or left.spot is None or left.spot != node.spot:
            return
        if left.latest < right.latest and left.latest in watch.trained:
            watch.act("sum", node.spot, number=watch.steps_done)

    def _compared(self, name: str, node: Node, args: tuple[Any, ...], result: Any) -> None:
        """A column against a row: (N, 1) and (N) make (N, N)."""
        if len(args) < 2 or not all(isinstance(argument, torch.Tensor) for argument in args[:2]):
            return
        left, right = tuple(args[0].shape), tuple(args[1].shape)
        if sorted((len(left), len(right))) != [1, 2] or max(left[0], right[0]) < 2 or left[0] != right[0]:
            return
        if (left if len(left) == 2 else right)[1] != 1:
            return
        of = self._watch.history.of
        sides = [found.network if (found := of(argument)) else False for argument in args[:2]]
        if sides[0] == sides[1]:
            return
        self._watch.broadcasts.append(
            Broadcast(
                name.strip("_"), left, right, tuple(result.shape), node.spot.place if node.spot else None
            )
        )

    def _came_in(self, node: Node, args: tuple[Any, ...], result: Any) -> None:
        """`torch.tensor(loss.item())`: the number is followed back to where it left torch."""
        if node.parents or not args or not isinstance(result, torch.Tensor) or result.numel() != 1:
            return
        if not result.is_floating_point():
            return
        number = float(result)
        for past in reversed(self._watch.left):
            if past.value is not None and abs(past.value - number) <= 1e-6 * max(1.0, abs(number)):
                self._watch.training.look_behind()
                node.parents = (past,)
                node.network = True
                past.cuts = True
                return
