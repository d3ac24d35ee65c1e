"""One written number to blame for what does not fit: a change of one literal, anywhere behind the layers' arguments, after which
fewer sizes disagree. The changes that leave the fewest disagreements come first: what the rest agrees on is right, what
stands alone is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil, prod

from nnwhy.checks.basis.editing import labelled
from nnwhy.checks.basis.rewriting import idle_from, solve
from nnwhy.checks.basis.solving import Sizes
from nnwhy.checks.basis.subject import Subject, integers
from nnwhy.checks.basis.view_numbers import asked_for
from nnwhy.facts.expression import Argument, Size
from nnwhy.facts.finding import Edit, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.trace import Call
from nnwhy.facts.written import Literal, Origin, literals, worth

_MOST = 160
_LARGEST_SIDE = 1024
_JOINING = ("cat", "concat", "concatenate")
_MEETING = ("add", "sub", "mul", "div", "true_divide", "maximum", "minimum")
_WINDOWS = tuple(f"{kind}{rank}d" for kind in ("conv", "max_pool", "avg_pool") for rank in (1, 2, 3))
_OF_WINDOWS = ("kernel_size", "stride", "padding", "dilation", "output_padding")


@dataclass(frozen=True, slots=True)
class Change:
    """A literal and the number that would take its place; `left` sizes still disagree then. `far`: a window would become quite
    another one so that features fit, where another size of the input would do as well."""

    literal: Literal
    new: int
    left: int = 0
    far: bool = False


@dataclass(frozen=True, slots=True)
class _Wish:
    """What must hold for one call: `fits` is asked with the sizes (from `start`, so many) and with how arguments are now.

    `wanted`: what the one size should be; `product`: what all of them should make up.
    """

    call: Call
    start: int
    count: int
    fits: Callable[[list[int], Callable[[Origin | None, int], int]], bool]
    origins: tuple[Origin, ...] = ()
    wanted: int | None = None
    product: int | None = None


def blamed(subject: Subject, *, whole: bool = False) -> list[Change]:
    """The changes that leave fewer sizes in disagreement, the fewest first; [] where origins or a pass are missing.

    `whole`: only those that leave none, and that are near the written numbers.
    """
    if subject.trace is None or not subject.written:
        return []
    world = _World(subject)
    if not whole:
        return world.changes()
    return [change for change in world.changes(world.common()) if not change.left and not change.far]


def suspects(subject: Subject, counted: Sequence[Literal] = (), most: int = 48) -> list[Change]:
    """Where sizes do not say which number is wrong: other values of the literals behind the layers around the first failed
    call, the nearest layers first, then of `counted`, the literals that say how many of something are made. A number that is
    only added and could be left out comes before the others."""
    written = subject.written or {}
    failed = next(iter(subject.failed()), None)
    where = failed[0].module.split(".") if failed is not None else []

    def apart(path: str) -> int:
        parts = path.split(".")
        shared = next(
            (i for i, (a, b) in enumerate(zip(parts, where, strict=False)) if a != b),
            min(len(parts), len(where)),
        )
        return len(parts) + len(where) - 2 * shared

    near_first = sorted(written, key=lambda key: apart(key[0]))
    whole = (written[key] for key in near_first if isinstance(written[key].value, int))
    found = dict.fromkeys(literal for origin in whole for literal in literals(origin))
    found.update(dict.fromkeys(counted))
    changes = [
        Change(literal, new)
        for literal in found
        if type(literal.value) is int
        for new in near(literal.value, 1)
    ]
    idle = [change for change in changes if _idle(subject, change) is not None]
    return [*idle, *(change for change in changes if change not in idle)][:most]


def change_fixes(subject: Subject, changes: list[Change], *, agreed: bool) -> list[Fix]:
    """The changes as fixes. `agreed`: the sizes speak for them; others are only seen to run, and what was meant is the author's
    to say."""
    found: list[Fix] = []
    for change in changes:
        edit = _edit(subject, change)
        if edit is not None:
            why = (
                "the one number with which the others agree"
                if agreed
                else "with this number the network runs"
            )
            means = f"{change.literal.value} → {change.new}: {why}"
            found.append(labelled(subject, [edit], means=means, safe=agreed))
    return found


class _World:
    """The sizes of a pass as they would be with other literals."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.roots: list[Size] = []
        self.wishes: list[_Wish] = []
        self._gather()
        self.sizes = Sizes(subject, self.roots)
        self.behind: dict[Place, list[tuple[Argument, Origin]]] = {}
        for setting, arguments in self.sizes.settings.values():
            for argument in arguments:
                origin = self._origin(setting.owner, setting.name, argument.index)
                if origin is not None and argument.value == worth(origin, {}):
                    for literal in literals(origin):
                        self.behind.setdefault(literal.place, []).append((argument, origin))

    def common(self) -> set[Literal]:
        """The literals behind every size that disagrees: no other can mend all."""
        behind = [
            set(self._literals(wish, self.roots[wish.start : wish.start + wish.count]))
            for wish in self._broken({}) or ()
        ]
        return set.intersection(*behind) if behind else set()

    def changes(self, among: set[Literal] | None = None) -> list[Change]:
        """The changes that help, the best first."""
        broken = self._broken({})
        if not broken or (among is not None and not among):
            return []
        # What a layer makes is free, what it takes is not: among equals, the number that asks is changed.
        asking = {literal.place for wish in broken for origin in wish.origins for literal in literals(origin)}
        ranked: list[tuple[int, bool, bool, int, int, int, Change]] = []
        for order, change in enumerate(self._candidates(broken, among)):
            left = self._broken({change.literal.place: change.new})
            if left is not None and len(left) < len(broken):
                old = int(change.literal.value)
                apart = change.literal.place not in asking
                told = replace(change, left=len(left), far=self._far(change, broken))
                ranked.append((len(left), told.far, apart, abs(change.new - old), change.new, order, told))
        return [entry[-1] for entry in sorted(ranked, key=lambda entry: entry[:-1])]

    def _far(self, change: Change, broken: list[_Wish]) -> bool:
        behind = self.behind.get(change.literal.place, ())
        features = all(wish.wanted is not None for wish in broken)
        return features and any(taken.name in _OF_WINDOWS for taken, _ in behind) and self._input_would_do

    @cached_property
    def _input_would_do(self) -> bool:
        """Whether every wish comes true where the input's map is larger or smaller, its sides in proportion."""
        sides = {key: size for key, size in self.sizes.inputs.items() if key[1] > 1 and size > 1}
        one = min(sides.values(), default=0)
        for new in range(1, min(4 * one, _LARGEST_SIDE) + 1):
            inputs = {key: round(size * new / one) for key, size in sides.items()}
            try:
                values = self.sizes.values(inputs=inputs)
            except (ArithmeticError, ValueError, OverflowError):
                continue
            if values is not None and all(
                wish.fits(values[wish.start : wish.start + wish.count], lambda _, value: value)
                for wish in self.wishes
            ):
                return True
        return False

    def _origin(self, owner: str | None, name: str, index: int | None) -> Origin | None:
        written = self.subject.written or {}
        if owner is None:
            return None
        for key in ((owner, name, index), (owner, name, None), (owner, name, 0)):
            if key in written:
                return written[key]
        return None

    def _gather(self) -> None:
        for pair in self.subject.consumers:
            origin = self._origin(pair.module.path, pair.argument, pair.index)
            size = self.subject.shape(pair.tensor)[pair.axis]
            self._wish(
                pair.call,
                [Size(pair.tensor, pair.axis, size)],
                lambda sizes, now, origin=origin, pair=pair: sizes[0] == now(origin, pair.value),
                (origin,) if origin is not None else (),
                pair.value,
            )
        for call in self.subject.calls:
            if call.name in _JOINING and call.kind != "module":
                self._alike(call, self._dim(call))
            elif call.name in _MEETING and len(call.inputs) == 2:
                self._alike(call, None)
            elif call.name in _WINDOWS and call.inputs:
                self._window(call)
        for call, _ in self.subject.failed("view", "reshape"):
            self._cut(call)

    def _cut(self, call: Call) -> None:
        """What is cut anew has as many elements as are asked for; a batch that is left open stays as it is."""
        x = self.subject.argument(call, "input")
        wanted = asked_for(call, x.shape) if x is not None else ()
        if x is None or not wanted or 0 in x.shape or wanted.count(-1) > 1 or -1 in wanted[1:]:
            return
        product = prod(x.shape[0] if size == -1 else size for size in wanted)
        sizes = [Size(x.id, axis, size) for axis, size in enumerate(x.shape)]
        self._wish(call, sizes, lambda values, _: prod(values) == product, product=product)

    def _wish(
        self, call: Call, sizes: list[Size], fits: Callable[..., bool], origins: tuple[Origin, ...] = (),
        wanted: int | None = None, product: int | None = None,
    ) -> None:  # fmt: skip
        self.wishes.append(_Wish(call, len(self.roots), len(sizes), fits, origins, wanted, product))
        self.roots += sizes

    def _alike(self, call: Call, dim: int | None) -> None:
        """The inputs have the same sizes, but for the axis along which they are joined; where they are added, 1 meets anything."""
        shapes = [self.subject.shape(tensor) for tensor in call.inputs]
        rank = max(map(len, shapes), default=0)
        if dim is not None and any(len(shape) != rank for shape in shapes):
            return
        for back in range(-rank, 0):
            if dim is not None and back == dim - rank:
                continue
            sizes = [
                Size(tensor, len(shape) + back, shape[back])
                for tensor, shape in zip(call.inputs, shapes, strict=True)
                if len(shape) >= -back
            ]
            if len(sizes) < 2:
                continue
            grows = dim is None and not call.function.endswith("_")
            loose = {1} if grows else set[int]()
            self._wish(call, sizes, lambda values, _, loose=loose: len(set(values) - loose) <= 1)

    def _dim(self, call: Call) -> int:
        given = integers(call.arguments.get("dim", call.arguments.get("axis")))
        rank = len(self.subject.shape(call.inputs[0])) if call.inputs else 1
        return (given[0] if given else 0) % max(rank, 1)

    def _window(self, call: Call) -> None:
        """A window is no larger than the map, and its numbers are possible ones."""
        module = self.subject.layer(call)
        if module is None:
            return
        rank = int(call.name[-2])
        shape = self.subject.shape(call.inputs[0])
        if len(shape) < rank:
            return
        lowest = {"kernel_size": 1, "stride": 1, "padding": 0, "dilation": 1}
        given: dict[str, list[tuple[int, Origin | None]]] = {}
        for name in lowest:
            values = integers(module.arguments.get(name)) or (lowest[name],)
            values = values * rank if len(values) == 1 else values
            given[name] = [
                (value, self._origin(module.path, name, index)) for index, value in enumerate(values[:rank])
            ]
        pool = "pool" in call.name

        def fits(sizes: list[int], now: Callable[[Origin | None, int], int]) -> bool:
            for index, size in enumerate(sizes):
                n = {name: now(parts[index][1], parts[index][0]) for name, parts in given.items()}
                if any(n[name] < least for name, least in lowest.items()):
                    return False
                if pool and n["padding"] * 2 > n["kernel_size"]:
                    return False
                if size + 2 * n["padding"] < n["dilation"] * (n["kernel_size"] - 1) + 1:
                    return False
            return True

        origins = tuple(origin for parts in given.values() for _, origin in parts if origin is not None)
        axes = range(len(shape) - rank, len(shape))
        self._wish(call, [Size(call.inputs[0], axis, shape[axis]) for axis in axes], fits, origins)

    def _broken(self, changed: dict[Place, int]) -> list[_Wish] | None:
        """The wishes that do not come true; None where some size has no value."""
        arguments: dict[Argument, int] = {}

        def now(origin: Origin | None, value: int) -> int:
            if origin is None or not changed:
                return value
            return ceil(worth(origin, changed))

        try:
            for place in changed:
                for argument, origin in self.behind.get(place, ()):
                    arguments[argument] = ceil(worth(origin, changed))
            values = self.sizes.values(arguments)
            if values is None:
                return None if changed else self.wishes[:1]
            return [
                wish
                for wish in self.wishes
                if not wish.fits(values[wish.start : wish.start + wish.count], now)
            ]
        except (ArithmeticError, ValueError, OverflowError):
            return None

    def _candidates(self, broken: list[_Wish], among: set[Literal] | None) -> Iterator[Change]:
        seen: set[tuple[Place, int]] = set()
        for wish in broken[:4]:
            roots = self.roots[wish.start : wish.start + wish.count]
            for literal in self._literals(wish, roots):
                if among is not None and literal not in among:
                    continue
                for new in self._values(literal, wish, roots):
                    if (literal.place, new) not in seen and len(seen) < _MOST:
                        seen.add((literal.place, new))
                        yield Change(literal, new)

    def _literals(self, wish: _Wish, roots: list[Size]) -> list[Literal]:
        """The literals behind what a wish asks for, and behind the sizes that it gets, the nearest first."""
        found = [literal for origin in wish.origins for literal in literals(origin)]
        for setting, arguments in Sizes(self.subject, roots).nearest_first():
            for argument in arguments:
                origin = self._origin(setting.owner, setting.name, argument.index)
                found += literals(origin) if origin is not None else ()
        return [literal for literal in dict.fromkeys(found) if type(literal.value) is int]

    def _values(self, literal: Literal, wish: _Wish, roots: list[Size]) -> Iterator[int]:
        old = int(literal.value)
        if wish.wanted is not None and len(roots) == 1:
            for target in (roots[0].value, wish.wanted):
                for origin in wish.origins:
                    yield from _solved(
                        lambda guess, o=origin: int(worth(o, {literal.place: guess})), target, old
                    )
        whole = wish.wanted if len(roots) == 1 and wish.wanted is not None else wish.product
        if whole is not None and literal.place in self.behind:
            yield from _solved(lambda guess: self._made(literal, guess, wish), whole, old)
        yield from near(old, 2)

    def _made(self, literal: Literal, guess: int, wish: _Wish) -> int | None:
        """What the sizes of a wish would make up with another number in place of a literal."""
        arguments = {
            argument: ceil(worth(origin, {literal.place: guess}))
            for argument, origin in self.behind.get(literal.place, ())
        }
        values = self.sizes.values(arguments)
        return prod(values[wish.start : wish.start + wish.count]) if values is not None else None


def _solved(function: Callable[[int], int | None], wanted: int, old: int) -> Iterator[int]:
    def safe(guess: int) -> int | None:
        try:
            return function(guess)
        except (ArithmeticError, ValueError, OverflowError):
            return None

    found = solve(safe, wanted)
    if found is not None and found != old:
        yield found


def _edit(subject: Subject, change: Change) -> Edit | None:
    """The literal replaced; where it is added or multiplied and becomes nothing, left out with its sign."""
    place = change.literal.place
    source = subject.sources.get(place.path)
    if source is None or not source.at(place):
        return None
    left = _idle(subject, change)
    if left is not None:
        return Edit(replace(place, column=len(left) + 1), "")
    return Edit(place, str(change.new))


def _idle(subject: Subject, change: Change) -> str | None:
    """What is left of the line where the new number does nothing; None where it does something."""
    place = change.literal.place
    source = subject.sources.get(place.path)
    if source is None:
        return None
    line = source.line(place.line)
    return idle_from(line[: place.column - 1], change.new, line[place.end_column - 1 :])


def near(value: int, reach: int = 8) -> Iterator[int]:
    """Other values, the nearest first, then the half and the double; none below zero unless the value is."""
    steps = (guess for step in range(1, reach + 1) for guess in (value - step, value + step))
    found = dict.fromkeys([*steps, value // 2, value * 2])
    return (guess for guess in found if guess != value and (guess >= 0 or value < 0))
