"""All worker processes of a loader draw the same random numbers.

## What it finds
A loader with several workers whose data set holds a random generator (each worker gets an equal copy), or whose
`worker_init_fn` seeds all workers with the same number.

## Why it matters
Augmentation and noise repeat: with 4 workers every random choice is made 4 times.

## Example
    class Noisy(Dataset):
        def __init__(self):
            self.rng = np.random.default_rng(0)

## Use instead
    rng = np.random.default_rng(torch.initial_seed() + index)       # in __getitem__; torch gives each worker its own seed

## When it is fine
Where the generator is not used in `__getitem__`.

## References
- https://docs.pytorch.org/docs/stable/data.html#randomness-in-multi-process-data-loading
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding
from nnwhy.facts.session import LoaderSeen

_FIXED = re.compile(r"seed\(\s*\d+\s*\)")


@training_check(
    name="same-seed-in-workers",
    severity="warning",
    summary="All workers of a loader draw the same random numbers.",
    title="{workers} workers draw the same random numbers: {reason}",
)
def same_seed_in_workers(watched: Watched) -> Iterator[Finding]:
    for loader in watched.session.loaders:
        reason = _reason(loader)
        if loader.workers < 2 or not reason:
            continue
        yield Finding(
            "same-seed-in-workers", "warning", loader.constructed or loader.place, {"workers": loader.workers, "reason": reason},
            because=("Every worker process starts with an equal copy of it.",),
            fixes=(advice("a seed that depends on the worker: torch.initial_seed() in worker_init_fn"),),
        )  # fmt: skip


def _reason(loader: LoaderSeen) -> str:
    if loader.generators:
        return f"the data set holds the generator {loader.generators[0]}"
    fixed = _FIXED.search(loader.seeded)
    return f"worker_init_fn calls {fixed.group()}" if fixed else ""
