"""The learning rate schedulers of a script: where each was made, its settings, how often it stepped."""

from __future__ import annotations

import weakref
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nnwhy.facts.session import SchedulerSeen
from nnwhy.watch.frames import Spot

if TYPE_CHECKING:
    from nnwhy.watch.watching import Watch

_SETTINGS = ("T_max", "eta_min", "step_size", "gamma", "milestones", "total_steps", "total_iters")


class Schedulers:
    """The schedulers of a session, in the order in which they were made."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._known: dict[int, tuple[weakref.ref[Any], int]] = {}
        self._seen: list[SchedulerSeen] = []

    def made(self, scheduler: Any, where: Spot | None) -> None:
        """A scheduler was constructed."""
        self._known[id(scheduler)] = (weakref.ref(scheduler), len(self._seen))
        place = where.place if where else None
        rates = getattr(scheduler, "_last_lr", None)
        rate = float(rates[0]) if rates else None
        number = self._watch.training.number_of(getattr(scheduler, "optimizer", None))
        self._seen.append(
            SchedulerSeen(type(scheduler).__name__, place, _settings(scheduler), rate=rate, optimizer=number)
        )

    def stepped(self, scheduler: Any, where: Spot | None) -> None:
        """A scheduler was stepped by the script."""
        known = self._known.get(id(scheduler))
        if known is not None and known[0]() is scheduler:
            seen = self._seen[known[1]]
            place = seen.stepped or (where.place if where else None)
            self._seen[known[1]] = replace(seen, steps=seen.steps + 1, stepped=place)

    def facts(self) -> tuple[SchedulerSeen, ...]:
        """All of them."""
        return tuple(self._seen)


def _settings(scheduler: Any) -> dict[str, float]:
    """Its settings as numbers; of milestones the last, and their count."""
    found: dict[str, float] = {}
    for name, value in vars(scheduler).items():
        if name == "milestones" and value:
            found["count"] = float(len(value))
            value = max(value)
        if name in _SETTINGS and isinstance(value, int | float):
            found[name] = float(value)
    return found
