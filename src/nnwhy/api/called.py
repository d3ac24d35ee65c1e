"""The batch of the call that a file makes of its network: what the file compares the result with has as many samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import prod

from nnwhy.facts.contract import InputSpec
from nnwhy.load.hints import InputHint

_MOST_ELEMENTS = 1 << 20


def with_own_batch(inputs: tuple[InputSpec, ...], hints: Sequence[InputHint]) -> tuple[InputSpec, ...]:
    """The inputs with the batch size of the call that they are from, where free ones were put in its place.

    A batch of one is left free, since such a call is often one in evaluation mode; so are batches that take long.
    """
    for hint in hints:
        if not hint.certain or len(hint.specs) != len(inputs):
            continue
        sizes = [_joined(found.sizes, shown.sizes) for found, shown in zip(inputs, hint.specs, strict=True)]
        own = {own[0] for own, found in zip(sizes, inputs, strict=True) if own and own[:1] != found.sizes[:1]}
        if None in sizes or not own or 1 in own:
            continue
        if sum(prod(size for size in some or () if isinstance(size, int)) for some in sizes) > _MOST_ELEMENTS:
            continue
        return tuple(
            replace(found, sizes=own or found.sizes) for found, own in zip(inputs, sizes, strict=True)
        )
    return inputs


def _joined(found: tuple[int | str, ...], shown: tuple[int | str, ...]) -> tuple[int | str, ...] | None:
    """The sizes of the call where they are the found ones but for free ones; None where they are others."""
    alike = len(found) == len(shown) and all(
        isinstance(mine, str) or mine == its for mine, its in zip(found, shown, strict=True)
    )
    return shown if alike else None
