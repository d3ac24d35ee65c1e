"""Testing a contract's conditions: sizes just inside must run, sizes just outside must fail."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager

from torch import nn

from nnwhy.facts.contract import Condition
from nnwhy.why.attempts import FINISHED, Attempt, Axis
from nnwhy.why.drafts import SCANNED, Draft
from nnwhy.why.probes import Probes

PAIRS = 3
LONGEST = 1024
RATIOS = (2.0, 6.0, 18.0)
"""The oblong examples are those nearest to these ratios of their sides."""

Values = Mapping[Axis, int]


def tested(draft: Draft, drafts: Sequence[Draft], probes: Probes) -> bool:
    """Whether every size tried just inside runs, and at least one just outside was tried and none ran.

    A size outside counts only where all other conditions hold: else it would fail for their sake.
    """
    others = [other for other in drafts if other is not draft]
    base = _base_sizes(probes.base)
    failed = 0
    for sizes in _boundaries(draft, base):
        whole = {**base, **sizes}
        if not all(other.holds(whole) for other in others):
            continue
        runs = probes.runs(sizes)
        if draft.holds(whole) != runs:
            return False
        failed += not runs
    return failed > 0


def examples(draft: Draft, drafts: Sequence[Draft], probes: Probes) -> tuple[str, ...]:
    """Sizes that satisfy a condition on two sizes or more: all squares where they are few, then oblong ones. Each was run."""
    if not draft.joint or len(draft.axes) < 2:
        return ()
    base = _base_sizes(probes.base)

    def fits(values: tuple[int, ...]) -> bool:
        sizes = {**base, **dict(zip(draft.axes, values, strict=True))}
        return all(other.holds(sizes) for other in (draft, *drafts))

    squares = [n for n in range(1, SCANNED) if fits((n,) * len(draft.axes))]
    picked: list[tuple[int, ...]] = [
        (n,) * len(draft.axes) for n in ([*squares[:2], *squares[-1:]] if len(squares) > 4 else squares)
    ]
    picked.append(tuple(base[axis] for axis in draft.axes))
    picked += _oblong(fits) if len(draft.axes) == 2 else []
    shown: list[str] = []
    for values in dict.fromkeys(picked):
        if probes.runs(dict(zip(draft.axes, values, strict=True))):
            shown.append("×".join(map(str, values)))
    return tuple(shown)


def batch_condition(base: Attempt, probes: Probes, letters: Mapping[Axis, str]) -> Condition | None:
    """Which batches work: from 1, or from 2 where a batch normalisation in training needs more than one value."""
    axes = [axis for axis, letter in letters.items() if letter == "N"]
    if not axes:
        return None
    alone = dict.fromkeys(axes, 1)
    if not probes.runs(dict.fromkeys(axes, 3)):
        return None
    norm = next(
        (
            name
            for name, part in base_module(probes).named_modules()
            if isinstance(part, nn.modules.batchnorm._BatchNorm)
        ),
        "",
    )  # pyright: ignore[reportPrivateUsage]
    if probes.runs(alone):
        return Condition(("N",), "N: any, from 1", "")
    failed = probes.attempt(alone)
    cause = _cause(failed) if failed is not None else ""
    with _in_evaluation(base_module(probes)):
        evaluated = Probes(base_module(probes), base)
        in_evaluation = evaluated.runs(alone)
        probes.count += evaluated.count
    place = failed.failure.place if failed is not None and failed.failure is not None else None
    if in_evaluation and base.trace.training:
        return Condition(("N",), "N: any, from 1; from 2 in training", cause or norm, place)
    return Condition(("N",), "N: any, from 2", cause, place)


def unexplained(
    base: Attempt, probes: Probes, letters: Mapping[Axis, str], drafts: Sequence[Draft]
) -> Iterator[Condition]:
    """Limits that no closed form told, found by passes: each free size is made small and large, and bisected where
    that fails. Sizes that another one depends on are left to that condition."""
    sizes = _base_sizes(base)
    for letter in dict.fromkeys(letters.values()):
        axes = [axis for axis, name in letters.items() if name == letter]
        if letter == "N" or any(draft.joint and draft.axes[0] in axes for draft in drafts):
            continue
        mine = sizes[axes[0]]
        allowed = [
            n
            for n in range(1, max(_reasonable(base, axes[0]), mine) + 1)
            if all(draft.holds({**sizes, **dict.fromkeys(axes, n)}) for draft in drafts)
        ]
        below, above = [n for n in allowed if n <= mine], [n for n in allowed if n >= mine]
        if not below or not above:
            continue
        least = _outermost(probes, axes, below[::-1])
        most = _outermost(probes, axes, above)
        if least == most and len(allowed) > 1:
            yield _probed(probes, axes, letter, "=", least, least + 1)
            continue
        if least > below[0]:
            yield _probed(probes, axes, letter, "≥", least, least - 1)
        if most < above[-1]:
            yield _probed(probes, axes, letter, "≤", most, most + 1)


def together(probes: Probes, one: Axis, other: Axis) -> bool:
    """Whether two sizes can be changed together and not alone: then they are one."""
    sizes = _base_sizes(probes.base)
    if sizes[one] != sizes[other]:
        return False
    more = sizes[one] + 1
    return not probes.runs({one: more}) and probes.runs({one: more, other: more})


def _probed(probes: Probes, axes: list[Axis], letter: str, sign: str, border: int, outside: int) -> Condition:
    failed = probes.attempt(dict.fromkeys(axes, outside))
    place = failed.failure.place if failed is not None and failed.failure is not None else None
    return Condition(
        (letter,), f"{letter} {sign} {border}", _cause(failed) if failed is not None else "", place
    )


def base_module(probes: Probes) -> nn.Module:
    """The network that is probed."""
    return probes.module


def _base_sizes(base: Attempt) -> dict[Axis, int]:
    return {
        (index, axis): int(size)
        for index, spec in enumerate(base.specs)
        for axis, size in enumerate(spec.sizes)
    }


def _boundaries(draft: Draft, base: dict[Axis, int]) -> Iterator[dict[Axis, int]]:
    """Sizes on both sides of the condition's first and last borders, all its axes moved together."""
    top = 600 if draft.joint else draft.scanned or (draft.most or draft.least) + 2
    last = draft.holds({**base, **dict.fromkeys(draft.axes, 1)})
    borders: list[int] = []
    for n in range(2, top):
        now = draft.holds({**base, **dict.fromkeys(draft.axes, n)})
        if now != last:
            borders.append(n)
        last = now
    chosen = [*borders[:PAIRS], *borders[-1:]] if len(borders) > PAIRS else borders
    for border in dict.fromkeys(chosen):
        yield dict.fromkeys(draft.axes, border - 1)
        yield dict.fromkeys(draft.axes, border)
    if not borders and draft.joint:
        # no equal sides satisfy it: one side at a time, from the sizes that work to the first that do not
        yield {axis: base[axis] for axis in draft.axes}
        for axis in draft.axes:
            for step in (1, -1):
                n = base[axis]
                while 0 < n + step < top and draft.holds({**base, axis: n}):
                    n += step
                yield {axis: n - step}
                yield {axis: n}


def _oblong(fits: Callable[[tuple[int, ...]], bool]) -> list[tuple[int, ...]]:
    """For each of some ratios the pair of sides nearest to it that fits, each with the smallest longer side."""
    smallest: dict[int, int] = {}
    for short in range(1, 257):
        found = next((long for long in range(short + 1, 257) if fits((short, long))), None)
        if found is not None:
            smallest[short] = found
    if not smallest:
        return []
    # a short side that is no smaller than the one before it leaves pixels over: the first of each run is the exact one
    exact = [(a, b) for a, b in smallest.items() if smallest.get(a - 1) != b and b >= 1.5 * a]
    if not exact:
        return []
    return [min(exact, key=lambda pair: (abs(pair[1] / pair[0] - ratio), pair)) for ratio in RATIOS]


def _reasonable(base: Attempt, axis: Axis) -> int:
    """How large a size is tried: long sequences are cheap, images grow in two directions."""
    return LONGEST if len(base.specs[axis[0]].sizes) <= 3 else 256


def _outermost(probes: Probes, axes: list[Axis], outwards: list[int]) -> int:
    """The last of these sizes, which lead away from one that works, that still works."""
    if probes.runs(dict.fromkeys(axes, outwards[-1])):
        return outwards[-1]
    low, high = 0, len(outwards) - 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if probes.runs(dict.fromkeys(axes, outwards[middle])) else (low, middle)
    return outwards[low]


def _cause(made: Attempt) -> str:
    """The layer or the call at which a pass fails."""
    if made.progress == FINISHED or made.failure is None or made.failure.call is None:
        return ""
    call = made.trace.calls[made.failure.call]
    owner = made.derivations.layer_of(call)
    if owner is not None and owner.path:
        return owner.path
    return call.module or call.name


@contextmanager
def _in_evaluation(module: nn.Module) -> Generator[None]:
    """Evaluation mode for a while; each part gets its own mode back."""
    modes = [(part, part.training) for part in module.modules()]
    module.eval()
    try:
        yield
    finally:
        for part, training in modes:
            part.training = training
