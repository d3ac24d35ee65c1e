"""The data of a session: how a DataLoader is set up, and what its first batches look like."""

from __future__ import annotations

import inspect
import random
import sys
import weakref
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import torch

from nnwhy.facts.place import Place
from nnwhy.facts.session import LoaderSeen, Values
from nnwhy.watch.frames import Spot, here
from nnwhy.watch.history import Node
from nnwhy.watch.looking import values_of
from nnwhy.watch.rows import Rows, rows_of
from nnwhy.watch.stored import Stored, drawn_by, innermost
from nnwhy.watch.views import one_sample

if TYPE_CHECKING:
    from nnwhy.watch.watching import Watch

_LABEL_NAMES = ("labels", "label", "targets", "target", "y")
_BATCHES = 4
_SENT = 1000
_COMPARED = 24
_SENDER = 4
"""So many frames above ours is the call that sends: the function mode lies between."""


class Data:
    """The DataLoaders of a session. `current` is the one that gave the last batch."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self.current: int | None = None
        self._constructed: dict[int, tuple[weakref.ref[Any], Spot | None]] = {}
        self._picked: dict[int, tuple[weakref.ref[Any], Spot | None]] = {}
        self._rows: list[Rows | None] = []
        self._loaders: dict[int, tuple[weakref.ref[Any], int]] = {}
        self._stored: dict[int, Stored] = {}
        self._iterators: dict[int, tuple[weakref.ref[Any], int]] = {}
        self._seen: list[LoaderSeen] = []
        self._batches: dict[int, tuple[weakref.ref[torch.Tensor], int]] = {}
        self._sent: dict[int, weakref.ref[torch.Tensor]] = {}
        self._sources: dict[int, tuple[Node | None, ...]] = {}
        self._places: dict[int, tuple[weakref.ref[torch.Tensor], Node | None]] = {}

    def constructed(self, loader: Any, where: Spot | None) -> None:
        """A DataLoader was made."""
        self._constructed[id(loader)] = (weakref.ref(loader), where)

    def picked(self, part: Any, where: Spot | None) -> None:
        """Some samples of a data set were picked as one of their own."""
        self._picked[id(part)] = (weakref.ref(part), where)

    def iterated(self, loader: Any, iterator: Any) -> None:
        """A pass over a DataLoader begins."""
        known = self._loaders.get(id(loader))
        if known is None or known[0]() is not loader:
            index = len(self._seen)
            self._seen.append(self._describe(loader, index))
            of = self._watch.history.of
            self._sources[index] = tuple([of(tensor) for tensor in _tensors(loader.dataset)])
            self._loaders[id(loader)] = (weakref.ref(loader), index)
            if not loader.num_workers and index < _COMPARED:
                self._stored[index] = Stored(loader.dataset)
        else:
            index = known[1]
        self._iterators[id(iterator)] = (weakref.ref(iterator), index)

    def batch(self, iterator: Any, batch: Any) -> None:
        """An iterator gave a batch."""
        known = self._iterators.get(id(iterator))
        if known is None or known[0]() is not iterator:
            return
        index = known[1]
        self.current = index
        seen = self._seen[index]
        labels = seen.labels
        if seen.batches < _BATCHES:
            found = _labels(batch)
            if found is not None:
                labels = (*labels, found)
            self._remember(index, batch)
        if (stored := self._stored.pop(index, None)) is not None:
            seen = replace(seen, changed=stored.changed())
        same = seen.same + (seen.batches < _BATCHES and one_sample(batch))
        self._seen[index] = replace(seen, batches=seen.batches + 1, labels=labels, same=same)

    def _remember(self, index: int, batch: Any) -> None:
        """Which tensors are a batch themselves, and which were picked from tensors whose making is known."""
        if isinstance(batch, torch.Tensor):
            self._batches[id(batch)] = (weakref.ref(batch), index)
        nodes = self._sources.get(index, ())
        if isinstance(batch, tuple | list) and len(batch) == len(nodes):
            for tensor, node in zip(batch, nodes, strict=True):
                if isinstance(tensor, torch.Tensor):
                    self._places[id(tensor)] = (weakref.ref(tensor), node)

    def sent(self, tensor: torch.Tensor, where: Spot | None) -> None:
        """A tensor is sent to a device or type outside the networks; of interest is one that was so in an earlier step, by the
        script itself."""
        if where is None or sys._getframe(_SENDER).f_code is not where.code:
            return
        known = self._sent.get(id(tensor))
        if known is None or known() is not tensor:
            if len(self._sent) < _SENT:
                self._sent[id(tensor)] = weakref.ref(tensor)
            return
        self._watch.act("constant", where, str(tuple(tensor.shape)), id(tensor) % 10**9)

    def loader_of(self, tensor: torch.Tensor) -> int | None:
        """The loader that gave `tensor` as a whole batch."""
        found = self._batches.get(id(tensor))
        return found[1] if found is not None and found[0]() is tensor else None

    def history_of(self, tensor: torch.Tensor) -> Node | None:
        """What made `tensor`, or what made the tensor of a data set that it was picked from."""
        found = self._places.get(id(tensor))
        if found is not None and found[0]() is tensor:
            return found[1]
        return self._watch.history.of(tensor)

    def trained(self, index: int | None) -> None:
        """A loss of this loader's data was trained."""
        if index is not None and not self._seen[index].trained:
            self._seen[index] = replace(self._seen[index], trained=True)

    def facts(self) -> tuple[LoaderSeen, ...]:
        """The loaders that were iterated."""
        return tuple(self._seen)

    def _describe(self, loader: Any, index: int) -> LoaderSeen:
        made = self._constructed.get(id(loader))
        constructed = made[1].place if made and made[0]() is loader and made[1] else None
        dataset = loader.dataset
        rows = rows_of(loader) if index < _COMPARED else None
        common = [
            (number, shared)
            for number, one in enumerate(self._rows)
            if rows and one and (shared := one.common(rows))
        ]
        self._rows.append(rows)
        part = self._picked.get(id(dataset))
        return LoaderSeen(
            id=index,
            place=here(3),
            constructed=constructed,
            length=_length(dataset),
            batch=loader.batch_size,
            sampler=type(loader.sampler).__name__,
            drop_last=bool(loader.drop_last),
            workers=int(loader.num_workers),
            transforms=_transforms(dataset),
            generators=_generators(dataset),
            seeded=_seeded(loader.worker_init_fn),
            iterable=isinstance(dataset, torch.utils.data.IterableDataset),
            generator=getattr(loader.sampler, "generator", None) is not None,
            picked=part[1].place if part and part[0]() is dataset and part[1] else None,
            common=tuple(common),
            drawn=drawn_by(dataset),
        )


def _tensors(dataset: Any) -> tuple[torch.Tensor, ...]:
    """The tensors of a `TensorDataset`, also of one that only some samples are taken of."""
    dataset = innermost(dataset)
    return dataset.tensors if isinstance(dataset, torch.utils.data.TensorDataset) else ()


def _length(dataset: Any) -> int | None:
    try:
        return len(dataset)
    except (TypeError, NotImplementedError, AttributeError):
        return None


def _transforms(dataset: Any, depth: int = 4) -> tuple[str, ...]:
    """The names of the transforms that a data set applies, also of one that is wrapped in another."""
    found: list[str] = []
    while dataset is not None and depth:
        for name in ("transform", "transforms", "augment", "augmentation"):
            found += _transform_names(getattr(dataset, name, None))
        dataset = getattr(dataset, "dataset", None)
        depth -= 1
    return tuple(dict.fromkeys(found))


def _transform_names(transform: Any, depth: int = 4) -> list[str]:
    if transform is None or depth == 0:
        return []
    inner = getattr(transform, "transforms", None)
    if isinstance(transform, list | tuple):
        inner = transform
    if isinstance(inner, list | tuple):
        return [name for one in inner for name in _transform_names(one, depth - 1)]
    if isinstance(transform, str | int | float):
        return []
    name = getattr(transform, "__name__", None)
    return [name if isinstance(name, str) else type(transform).__name__]


def _generators(dataset: Any) -> tuple[str, ...]:
    """Attributes that are random generators: every worker process starts with an equal copy."""
    try:
        held = vars(dataset)
    except TypeError:
        return ()
    found: list[str] = []
    for name, value in held.items():
        kind = f"{type(value).__module__}.{type(value).__name__}"
        if isinstance(value, random.Random) or kind in (
            "numpy.random._generator.Generator", "numpy.random.mtrand.RandomState",
        ):  # fmt: skip
            found.append(name)
    return tuple(found)


def _seeded(function: Any) -> str:
    """The source of a `worker_init_fn`; "" where there is none, or its source is not to be had."""
    if function is None:
        return ""
    try:
        return inspect.getsource(function)
    except (OSError, TypeError):
        return ""


def _labels(batch: Any) -> Values | None:
    """The labels of a batch: the second of two, or what is called so."""
    found: Any = None
    if isinstance(batch, Mapping):
        found = next((batch[name] for name in _LABEL_NAMES if name in batch), None)
    elif isinstance(batch, tuple | list) and len(batch) == 2:
        found = batch[1]
    if (
        not isinstance(found, torch.Tensor)
        or found.is_floating_point()
        or found.dim() not in (1, 2)
        or not found.numel()
    ):
        return None
    return values_of(found)


def place_of_loader(loader: LoaderSeen) -> Place | None:
    """Where a loader can be changed: its construction, else its loop."""
    return loader.constructed or loader.place
