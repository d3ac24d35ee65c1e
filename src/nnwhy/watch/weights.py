"""The parameters around one optimizer step: their gradients, their size, by how much the step changed them.

Of small networks they are copied, and the numbers worked out when somebody asks: on tensors that small, one copy of all costs
less than one number of each. Of larger ones the numbers are taken at once.
"""

from __future__ import annotations

import math
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn
from torch.nn.parameter import is_lazy

from nnwhy.facts.session import NetworkSeen, ParameterState
from nnwhy.watch.constructed import Constructed
from nnwhy.watch.frames import Spot
from nnwhy.watch.looking import readable, root_mean_square

_foreach_copy: Any = torch._foreach_copy_  # type: ignore[attr-defined]
_SAMPLE = 256
_MOST_PARAMETERS = 2000
_COPIED = 200_000
"""Numbers of a network up to which copies are made."""

_SETS = 9
"""So many sets of copies are made room for at once: three for each of three steps."""


@dataclass(slots=True)
class Known:
    """A parameter, by its name in its network; of one that is in an optimizer only the name is "" and the network None."""

    name: str
    shape: tuple[int, ...]
    network: int | None
    parameter: weakref.ref[torch.Tensor]
    part: weakref.ref[nn.Module] | None
    key: str
    readable: bool

    def get(self) -> torch.Tensor | None:
        """The parameter, None where it is gone or another is in its place."""
        found = self.parameter()
        part = self.part() if self.part is not None else None
        if part is not None and part._parameters.get(self.key) is not found:
            return None
        return found


@dataclass(slots=True)
class _Table:
    """The parameters that a step of one optimizer is about, each with the number of the optimizer that holds it.

    `looked_at` is what it was made from; `mine` are the indices of those that the optimizer holds. `small`: all are copied;
    `room` are sets of tensors for that.
    """

    looked_at: tuple[int, ...]
    known: tuple[Known, ...]
    owners: tuple[int | None, ...]
    mine: tuple[int, ...]
    small: bool
    room: list[list[torch.Tensor]] = field(default_factory=list[list[torch.Tensor]])

    def alive(self) -> list[torch.Tensor] | None:
        """The parameters; None where one is gone or replaced."""
        found: list[torch.Tensor] = []
        for known in self.known:
            parameter = known.get()
            if parameter is None:
                return None
            found.append(parameter)
        return found

    def take_room(self, parameters: list[torch.Tensor]) -> list[torch.Tensor]:
        """Tensors of our own like `parameters`, which are those of the table."""
        if not self.room:
            self.room = [[torch.empty_like(one) for one in parameters] for _ in range(_SETS)]
        return self.room.pop()


@dataclass(slots=True)
class Step:
    """The parameters before and after one step. Those that `table` says are small as copies, of others the numbers.

    `before` and `weights` are as long as the table; so are `gradients`, None where there is none.
    """

    table: _Table
    before: list[torch.Tensor | None]
    trainable: list[bool]
    weights: Sequence[torch.Tensor | float]
    gradients: Sequence[torch.Tensor | float | None]
    changed: list[float | None]
    spots: dict[int, Spot]

    def facts(self) -> tuple[ParameterState, ...]:
        """The parameters as facts."""
        return tuple(self._fact(index) for index in range(len(self.table.known)))

    def _fact(self, index: int) -> ParameterState:
        known = self.table.known[index]
        weight, before, changed = self.weights[index], self.before[index], self.changed[index]
        if before is not None and isinstance(weight, torch.Tensor):
            changed = root_mean_square(weight - before)
        gradient = self.gradients[index]
        spot = self.spots.get(index)
        return ParameterState(
            known.name,
            known.shape,
            self.trainable[index],
            self.table.owners[index],
            _size(gradient) if isinstance(gradient, torch.Tensor) else gradient,
            _size(weight) if isinstance(weight, torch.Tensor) else weight,
            changed,
            known.network,
            spot.place if spot else None,
        )


_Networks = list[tuple[NetworkSeen, nn.Module]]
_UnderWay = tuple[_Table, list[torch.Tensor], list[torch.Tensor | None]]


class Weights:
    """The parameters of all networks and optimizers of a session."""

    def __init__(self, constructed: Constructed) -> None:
        self._constructed = constructed
        self._tables: dict[int, _Table] = {}
        self._under_way: dict[int, _UnderWay] = {}

    def before(self, number: int, optimizers: dict[int, Any], networks: _Networks) -> None:
        """What the optimizer of that number is about to change. `optimizers`: all there are."""
        table, alive = self._looked_up(number, optimizers, networks)
        before: list[torch.Tensor | None] = [None] * len(alive)
        with torch.no_grad():
            if table.small and table.mine:
                room = table.take_room(alive)
                _foreach_copy([room[i] for i in table.mine], [alive[i] for i in table.mine])
                for index in table.mine:
                    before[index] = room[index] if alive[index].requires_grad else None
            else:
                for index in table.mine:
                    parameter = alive[index]
                    if parameter.requires_grad and table.known[index].readable:
                        before[index] = parameter.detach().reshape(-1)[:_SAMPLE].clone()
        self._under_way[number] = table, alive, before

    def after(self, number: int) -> Step | None:
        """The parameters of all networks and of the optimizer of that number, once each, after its step."""
        under_way = self._under_way.pop(number, None)
        if under_way is None:
            return None
        table, alive, before = under_way
        gradients = [parameter.grad for parameter in alive]
        trainable = [parameter.requires_grad for parameter in alive]
        spots: dict[int, Spot] = {}
        if any(one is None for one in gradients):
            spots = dict(self._spots(table, gradients))
        with torch.no_grad():
            if table.small and all(one is None or one.layout is torch.strided for one in gradients):
                return Step(
                    table, before, trainable, *_copied(table, alive, gradients), [None] * len(alive), spots
                )
            changed = [
                None
                if old is None
                else root_mean_square(now.detach().reshape(-1)[: old.numel()] - old.reshape(-1))
                for now, old in zip(alive, before, strict=True)
            ]
            sizes = [None if one is None else _size(one) for one in gradients]
            weights = [root_mean_square(parameter) for parameter in alive]
        return Step(table, [None] * len(alive), trainable, weights, sizes, changed, spots)

    def _looked_up(
        self, number: int, optimizers: dict[int, Any], networks: _Networks
    ) -> tuple[_Table, list[torch.Tensor]]:
        looked_at = (
            *[seen.id for seen, _ in networks],
            -1,
            *[len(group["params"]) for one in optimizers.values() for group in one.param_groups],
        )
        table = self._tables.get(number)
        alive = table.alive() if table is not None and table.looked_at == looked_at else None
        if table is None or alive is None:
            table, alive = _table(looked_at, number, optimizers, networks)
            self._tables[number] = table
        return table, alive

    def _spots(self, table: _Table, gradients: list[torch.Tensor | None]) -> Iterator[tuple[int, Spot]]:
        """Where layers without a gradient were constructed."""
        for index, (known, gradient) in enumerate(zip(table.known, gradients, strict=True)):
            if gradient is None and known.part is not None:
                spot = self._constructed.spot(known.part())
                if spot is not None:
                    yield index, spot


def _copied(
    table: _Table, parameters: list[torch.Tensor], gradients: list[torch.Tensor | None]
) -> tuple[list[torch.Tensor], list[torch.Tensor | None]]:
    weights, room = table.take_room(parameters), table.take_room(parameters)
    _foreach_copy(weights, parameters)
    there = [index for index, gradient in enumerate(gradients) if gradient is not None]
    if there:
        _foreach_copy([room[index] for index in there], [gradients[index] for index in there])
    copies = [None if gradient is None else room[index] for index, gradient in enumerate(gradients)]
    return weights, copies


def _table(
    looked_at: tuple[int, ...], number: int, optimizers: dict[int, Any], networks: _Networks
) -> tuple[_Table, list[torch.Tensor]]:
    owners: dict[int, int] = {}
    for other, optimizer in optimizers.items():
        for parameter in parameters_of(optimizer):
            owners.setdefault(id(parameter), other)
    found = list(_all_of(networks, optimizers.get(number)))
    known = tuple([one for one, _ in found])
    held = tuple([number if one.network is None else owners.get(id(parameter)) for one, parameter in found])
    its_own = set(map(id, parameters_of(optimizers.get(number))))
    mine = tuple([index for index, (_, parameter) in enumerate(found) if id(parameter) in its_own])
    small = (
        bool(known)
        and all(one.readable for one in known)
        and sum(math.prod(one.shape) for one in known) <= _COPIED
    )
    return _Table(looked_at, known, held, mine, small), [parameter for _, parameter in found]


def parameters_of(optimizer: Any) -> Iterator[torch.Tensor]:
    """What an optimizer holds."""
    for group in getattr(optimizer, "param_groups", ()):
        yield from group["params"]


def _all_of(networks: _Networks, optimizer: Any) -> Iterator[tuple[Known, torch.Tensor]]:
    told: set[int] = set()
    for seen, module in networks:
        for path, part in module.named_modules():
            for name, parameter in part._parameters.items():
                if parameter is not None and id(parameter) not in told and len(told) < _MOST_PARAMETERS:
                    told.add(id(parameter))
                    full = f"{path}.{name}" if path else name
                    yield _known(full, parameter, seen.id, weakref.ref(part), name), parameter
    for parameter in parameters_of(optimizer):
        if id(parameter) not in told and len(told) < _MOST_PARAMETERS:
            told.add(id(parameter))
            yield _known("", parameter, None, None, ""), parameter


def _known(
    name: str, parameter: torch.Tensor, network: int | None, part: weakref.ref[nn.Module] | None, key: str
) -> Known:
    shape = () if is_lazy(parameter) else tuple(parameter.shape)
    return Known(name, shape, network, weakref.ref(parameter), part, key, bool(shape) and readable(parameter))


def _size(gradient: torch.Tensor) -> float:
    return root_mean_square(gradient.coalesce().values() if gradient.is_sparse else gradient)
