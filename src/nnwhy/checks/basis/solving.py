"""What a size would be if a number that the user chose, or an input's size, were another one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from heapq import heapify, heappop, heappush
from math import prod

from nnwhy.checks.basis.rewriting import solve
from nnwhy.checks.basis.settings import Setting, setting_of
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.expression import (
    Argument,
    Constant,
    Expression,
    Leaf,
    Operation,
    Size,
    Unknown,
    evaluate,
    leaves,
)

_Key = tuple[int, int]
_LARGEST = 1024
_REACH = 4
_CHANNELS = (
    "out_channels", "in_channels", "out_features", "in_features", "num_features", "num_channels", "embedding_dim", "hidden_size",
    "normalized_shape", "num_embeddings", "d_model", "dim_feedforward", "proj_size",
)  # fmt: skip


class Sizes:
    """The expressions below some sizes, in an order in which each needs only those before it."""

    def __init__(self, subject: Subject, roots: list[Size]) -> None:
        self.subject = subject
        self.roots = [(root.tensor, root.axis) for root in roots]
        self.order: list[tuple[_Key, Expression]] = []
        self.settings: dict[tuple[object, ...], tuple[Setting, list[Argument]]] = {}
        self._first: dict[tuple[object, ...], _Key] = {}
        self._reader: dict[_Key, _Key] = {}
        self.inputs: dict[_Key, int] = {}
        self.unknown = False
        self._position: dict[_Key, int] = {}
        self._used: dict[_Key, list[int]] = {}
        self._argument_used: dict[Argument, list[int]] = {}
        self._gather()
        self._index()

    def _gather(self) -> None:
        seen: set[_Key] = set()
        done: set[_Key] = set()
        todo: list[tuple[_Key, bool]] = [(key, False) for key in self.roots]
        while todo:
            key, ready = todo.pop()
            found = self.subject.derivations.size(*key)
            expression = found.full or found.expression  # the full form also has what is at its default
            if ready:
                if key not in done:
                    done.add(key)
                    self.order.append((key, expression))
                continue
            if key in seen:
                continue
            seen.add(key)
            todo.append((key, True))
            for leaf in leaves(expression):
                if isinstance(leaf, Argument):
                    self._setting(leaf, key)
                elif isinstance(leaf, Unknown):
                    self.unknown = True
                elif isinstance(leaf, Size):
                    below = (leaf.tensor, leaf.axis)
                    if below == key:
                        if self.subject.trace and self.subject.trace.tensors[key[0]].origin.kind == "input":
                            self.inputs[key] = leaf.value
                    elif below not in seen:
                        self._reader.setdefault(below, key)
                        todo.append((below, False))

    def _index(self) -> None:
        """Where each size stands in the order, and which places of the order use it, or an argument."""
        for position, (key, expression) in enumerate(self.order):
            self._position[key] = position
            for leaf in leaves(expression):
                if isinstance(leaf, Argument):
                    self._argument_used.setdefault(leaf, []).append(position)
                elif isinstance(leaf, Size) and (leaf.tensor, leaf.axis) != key:
                    self._used.setdefault((leaf.tensor, leaf.axis), []).append(position)

    def _setting(self, argument: Argument, key: _Key) -> None:
        setting = setting_of(self.subject, argument)
        known = self.settings.setdefault(setting.key, (setting, []))
        self._first.setdefault(setting.key, key)
        if argument not in known[1]:
            known[1].append(argument)

    def nearest_first(self) -> list[tuple[Setting, list[Argument]]]:
        """The settings, those that the roots follow from directly first."""
        position = {key: index for index, (key, _) in enumerate(self.order)}

        def late(key: _Key) -> int:
            """The call that uses the setting; for a weight's axis that of the size which is made with the weight."""
            maker = self.subject.maker(key[0])
            while maker is None and key in self._reader:
                key = self._reader[key]
                maker = self.subject.maker(key[0])
            return maker.id if maker is not None else -1

        ordered = [
            self.settings[name]
            for name in sorted(
                self.settings, key=lambda name: (-late(self._first[name]), -position[self._first[name]])
            )
        ]
        return [*ordered, *_together(ordered)]

    def values(
        self, arguments: dict[Argument, int] | None = None, inputs: dict[_Key, int] | None = None
    ) -> list[int] | None:
        """The roots' sizes with some arguments and inputs changed; None where they have none.

        Only what follows from a change is computed anew: a guess about the last layer of a deep network costs one step.
        """
        arguments, inputs = arguments or {}, inputs or {}
        base = self._base
        if base is None:
            todo = list(range(len(self.order)))
        else:
            todo = [self._position[key] for key in inputs if key in self._position]
            todo += [position for argument in arguments for position in self._argument_used.get(argument, ())]
        heapify(todo)
        worth: dict[_Key, int] = {}
        before = base or {}
        last = -1
        while todo:
            position = heappop(todo)
            if position == last:
                continue
            last = position
            key, expression = self.order[position]
            value = self._worth(key, expression, arguments, inputs, worth)
            if value is None:
                return None
            worth[key] = value
            if base is not None and value != before[key]:
                for reader in self._used.get(key, ()):
                    heappush(todo, reader)
        return [worth[root] if root in worth else before[root] for root in self.roots]

    @cached_property
    def _base(self) -> dict[_Key, int] | None:
        """The sizes as they are; None where some have none."""
        worth: dict[_Key, int] = {}
        for key, expression in self.order:
            value = self._worth(key, expression, {}, {}, worth)
            if value is None:
                return None
            worth[key] = value
        return worth

    def _worth(
        self, key: _Key, expression: Expression, arguments: dict[Argument, int], inputs: dict[_Key, int],
        worth: dict[_Key, int],
    ) -> int | None:  # fmt: skip
        if isinstance(expression, Size) and (expression.tensor, expression.axis) == key:
            return inputs.get(key, expression.value)
        before = self.__dict__.get("_base") or {}

        def leaf_value(leaf: Leaf) -> int:
            if isinstance(leaf, Size):
                below = (leaf.tensor, leaf.axis)
                return worth[below] if below in worth else before.get(below, leaf.value)
            if isinstance(leaf, Argument) and arguments:
                return arguments.get(leaf, leaf.value)
            return leaf.value

        try:
            value = evaluate(expression, leaf_value)
        except (ZeroDivisionError, ValueError, OverflowError):
            return None
        return value if value >= 0 else None


def _together(settings: list[tuple[Setting, list[Argument]]]) -> list[tuple[Setting, list[Argument]]]:
    """Settings of several layers that stand in one place of the source with one value: a change there changes them all."""
    groups: dict[object, list[tuple[Setting, list[Argument]]]] = {}
    for setting, arguments in settings:
        if setting.place is not None:
            groups.setdefault((setting.place, setting.value), []).append((setting, arguments))
    return [
        (group[0][0], [argument for _, arguments in group for argument in arguments])
        for group in groups.values()
        if len(group) > 1
    ]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A setting and the value of it that would make things fit. `distance` counts steps back from the size that was asked about."""

    setting: Setting
    value: int
    distance: int


def candidates(
    subject: Subject, roots: list[Size], fits: Callable[[list[int]], bool], *, linear: bool = True
) -> Iterator[Candidate]:
    """Every setting below the roots that alone could make `fits` true, nearest to the roots first, with its nearest value."""
    sizes = Sizes(subject, roots)
    for distance, (setting, arguments) in enumerate(sizes.nearest_first()):
        if setting.owner is None and setting.call is None:
            continue

        def worth(guess: int, arguments: list[Argument] = arguments) -> list[int] | None:
            return sizes.values(dict.fromkeys(arguments, guess))

        if setting.name in ("dilation", "output_padding", "groups") and setting.place is None:
            continue
        if setting.name in _CHANNELS:
            tried = list(_guesses(worth, fits, setting.value, sizes)) if linear else []
        else:
            low = 0 if setting.name in ("padding", "output_padding") else 1
            reach = range(max(low, setting.value - _REACH), setting.value + _REACH + 1)
            twice = {setting.value * 2, setting.value // 2} - {0}
            tried = sorted({*reach, *twice}, key=lambda guess: abs(guess - setting.value))
        for guess in tried:
            found = worth(guess) if guess != setting.value else None
            if found is not None and fits(found):
                yield Candidate(setting, guess, distance)
                break


def _guesses(
    worth: Callable[[int], list[int] | None], fits: Callable[[list[int]], bool], value: int, sizes: Sizes
) -> Iterator[int]:
    """Values of a setting on which the roots depend linearly that make the roots' product, or one of them, what is wanted."""
    wanted = getattr(fits, "wanted", None)
    if wanted is not None:
        found = solve(lambda guess: prod(worth(guess) or [0]), wanted)
        if found:  # a layer that makes nothing is nobody's wish
            yield found
    others = [size for root in sizes.values() or [] for size in (root,)]
    yield from (size for size in others if size != value)


def fitting_inputs(
    subject: Subject, roots: list[Size], fits: Callable[[list[int]], bool]
) -> tuple[dict[_Key, int], tuple[int, ...]] | None:
    """Input sizes (squares, where two axes matter) at which `fits` holds, nearest to the given ones, and the stretch of sides
    around them at which it holds as well."""
    sizes = Sizes(subject, roots)
    free = [key for key in sizes.inputs if sizes.inputs[key] and _matters(sizes, key)]
    free = [key for key in free if subject.derivations.axes.name(*key) not in ("batch", "channels")]
    if not free or sizes.unknown or len(free) > 3:
        return None
    given = max(sizes.inputs[key] for key in free)

    def holds(side: int) -> bool:
        values = sizes.values(inputs=dict.fromkeys(free, side))
        return values is not None and fits(values)

    near = (given + step * sign for step in range(_LARGEST) for sign in (1, -1) if given + step * sign > 0)
    nearest = next((side for side in near if holds(side)), None)
    if nearest is None:
        return None
    low = high = nearest
    while low > 1 and high - low < _LARGEST and holds(low - 1):
        low -= 1
    while high - low < _LARGEST and holds(high + 1):
        high += 1
    return dict.fromkeys(free, nearest), tuple(range(low, high + 1))


def _matters(sizes: Sizes, key: _Key) -> bool:
    base = sizes.values()
    return any(sizes.values(inputs={key: sizes.inputs[key] * factor}) != base for factor in (2, 3))


class Equals:
    """The wish that the product of the roots is `wanted`."""

    def __init__(self, wanted: int) -> None:
        self.wanted = wanted

    def __call__(self, values: list[int]) -> bool:
        return prod(values) == self.wanted


def factors_of(subject: Subject, size: Size) -> tuple[int, ...]:
    """The numbers that a size is a product (or else a sum) of, as its maker says; the number itself where it is neither."""
    root = subject.derivations.resolved(size)
    expression = subject.derivations.size(root.tensor, root.axis).expression
    if isinstance(expression, Operation) and expression.operator in ("*", "+"):
        return tuple(evaluate(part) for part in expression.operands if not _one(part))
    return (size.value,)


def numbers_behind(subject: Subject, size: Size) -> set[int]:
    """All numbers in a size's derivation."""
    return {step.value for step in subject.derivations.of(size.tensor, size.axis).steps}


def _one(part: Expression) -> bool:
    return isinstance(part, Constant) and part.value == 1
