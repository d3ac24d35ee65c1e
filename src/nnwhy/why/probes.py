"""Passes that test a contract: does the network run with these sizes?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from torch import nn

from nnwhy.facts.contract import InputSpec
from nnwhy.why.attempts import FINISHED, Attempt, Axis, attempt


class Probes:
    """Tries sizes on one network, from a base that works. `count` says how many passes were run; none is run twice."""

    def __init__(self, module: nn.Module, base: Attempt) -> None:
        self.module = module
        self.base = base
        self.count = 0
        self._known: dict[tuple[InputSpec, ...], Attempt | None] = {base.specs: base}

    def specs(self, sizes: Mapping[Axis, int]) -> tuple[InputSpec, ...]:
        """The base's inputs with other sizes."""
        return tuple(
            replace(spec, sizes=tuple(sizes.get((index, axis), size) for axis, size in enumerate(spec.sizes)))
            for index, spec in enumerate(self.base.specs)
        )

    def attempt(self, sizes: Mapping[Axis, int]) -> Attempt | None:
        """The pass with these sizes in place of the base's."""
        specs = self.specs(sizes)
        if specs not in self._known:
            self.count += 1
            self._known[specs] = attempt(self.module, specs)
        return self._known[specs]

    def runs(self, sizes: Mapping[Axis, int]) -> bool:
        """Whether the network runs to its end with these sizes, and keeps the samples apart."""
        made = self.attempt(sizes)
        return made is not None and made.progress == FINISHED and made.mixing is None
