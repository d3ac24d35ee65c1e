"""Which samples a DataLoader takes of which data: numbers of rows that two loaders can be compared by."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from torch.utils.data import RandomSampler, SequentialSampler, Subset, SubsetRandomSampler, TensorDataset

_MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of some data; `key` says of which as long as `source` lives."""

    source: weakref.ref[Any]
    key: tuple[Any, ...]
    numbers: range | frozenset[int]

    def common(self, other: Rows) -> int:
        """How many rows are in both."""
        if self.key != other.key or self.source() is None or other.source() is None:
            return 0
        few, many = sorted((self.numbers, other.numbers), key=len)
        if isinstance(few, range) and isinstance(many, range):
            return len(range(max(few.start, many.start), min(few.stop, many.stop)))
        return sum(number in many for number in few)


def rows_of(loader: Any) -> Rows | None:
    """The rows of its data that a loader can give, None where that is not to be seen."""
    dataset = loader.dataset
    numbers = _sampled(loader)
    while numbers is not None and isinstance(dataset, Subset):
        try:
            numbers = [int(dataset.indices[number]) for number in numbers]
        except (IndexError, TypeError, ValueError):
            return None
        dataset = dataset.dataset
    if numbers is None:
        return None
    if isinstance(dataset, TensorDataset) and dataset.tensors and dataset.tensors[0].dim():
        first = dataset.tensors[0]
        step = first.stride(0)
        if step > 0 and first.storage_offset() % step == 0:
            begin = first.storage_offset() // step
            key = (first.untyped_storage().data_ptr(), step, first.dtype)
            return Rows(weakref.ref(first), key, _moved(numbers, begin))
    try:
        return Rows(weakref.ref(dataset), (id(dataset),), _moved(numbers, 0))
    except TypeError:
        return None


def _moved(numbers: Sequence[int], begin: int) -> range | frozenset[int]:
    if isinstance(numbers, range):
        return range(begin + numbers.start, begin + numbers.stop)
    return frozenset([begin + number for number in numbers])


def _sampled(loader: Any) -> Sequence[int] | None:
    sampler = loader.sampler
    if isinstance(sampler, SubsetRandomSampler):
        return [int(number) for number in sampler.indices]
    if type(sampler) not in (RandomSampler, SequentialSampler) or loader.batch_sampler is None:
        return None
    try:
        length = len(loader.dataset)
    except (TypeError, NotImplementedError, AttributeError):
        return None
    return range(length) if 0 < length <= _MOST else None
