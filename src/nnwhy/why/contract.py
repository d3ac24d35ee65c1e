"""Which inputs a network takes: every condition with its cause and place, each tested by passes just inside and outside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from torch import nn

from nnwhy.errors import InputError
from nnwhy.facts.contract import Condition, Contract, InputSpec
from nnwhy.facts.expression import Size
from nnwhy.facts.value import TensorRef
from nnwhy.trace import Constructions
from nnwhy.trace.inputs import DEFAULT_SIZE
from nnwhy.why.attempts import FINISHED, Attempt, Axis, attempt, origin
from nnwhy.why.drafts import Draft, joint, outright, single, tied
from nnwhy.why.guesses import Hint, assumptions, needed_inputs
from nnwhy.why.infer import infer_inputs
from nnwhy.why.preferred import image_axes
from nnwhy.why.probes import Probes
from nnwhy.why.requirements import Requirement, comparisons
from nnwhy.why.samples import batch_condition, examples, tested, together, unexplained

SMALL = 64


def contract(
    module: nn.Module,
    inputs: Sequence[InputSpec] | None = None,
    *,
    hints: Sequence[Hint] = (),
    constructions: Constructions | None = None,
) -> Contract:
    """The inputs that `module` takes. Letters are free sizes; each condition was confirmed by passes that run just
    inside of it and fail just outside.

    `inputs`: where to begin, found from the network (with `hints` of its file) if not given. What could not be
    confirmed is in `unknown`. Raises InputError where no input is found from which to begin.
    """
    return contract_of(examined(module, inputs, hints=hints, constructions=constructions))


@dataclass(frozen=True)
class Examined:
    """What was found out about a network's inputs: `fixed` sizes with who fixes them, the letters of the others, and
    the conditions on these, `confirmed` by passes or not."""

    base: Attempt
    probes: Probes
    fixed: dict[Axis, tuple[int, Requirement]]
    letters: dict[Axis, str]
    drafts: tuple[Draft, ...]
    confirmed: tuple[Draft, ...]


def examined(
    module: nn.Module,
    inputs: Sequence[InputSpec] | None = None,
    *,
    hints: Sequence[Hint] = (),
    constructions: Constructions | None = None,
) -> Examined:
    """The stages of a contract before its words; the arguments are those of `contract`."""
    found = inputs if inputs is not None else infer_inputs(module, hints, constructions=constructions).inputs
    base = _base(module, found, constructions)
    probes = Probes(module, base)
    requirements = [*base.requirements, *_checks(base, probes)]
    fixed = {
        axis: (value, requirement)
        for axis, (value, requirement) in outright(base, requirements).items()
        if not probes.runs({axis: value + 1})
    }
    letters = _letters(base, requirements, fixed, probes)
    drafts = _drafts(base, requirements, fixed, letters)
    confirmed = tuple(draft for draft in drafts if tested(draft, drafts, probes))
    return Examined(base, probes, fixed, letters, tuple(drafts), confirmed)


def contract_of(found: Examined) -> Contract:
    """The contract in words. Further passes look for limits that no closed form told."""
    base, probes, letters = found.base, found.probes, found.letters
    batch = batch_condition(base, probes, letters)
    conditions = [
        *([batch] if batch else []),
        *(
            _fixed_condition(base, axis, value, requirement)
            for axis, (value, requirement) in found.fixed.items()
        ),
        *(_condition(draft, found.drafts, letters, probes) for draft in _merged(found.confirmed, letters)),
        *unexplained(base, probes, letters, found.confirmed),
        *_kinds(base),
    ]
    doubtful = [draft for draft in found.drafts if draft.joint and draft not in found.confirmed]
    return Contract(
        inputs=_specs(base, found.fixed, letters),
        conditions=tuple(conditions),
        tested=probes.count + 1,
        unknown=(
            *(f"{draft.text} ({draft.cause}) could not be confirmed by passes" for draft in doubtful),
            *assumptions(needed_inputs(probes.module)),
        ),
    )


def _base(module: nn.Module, start: Sequence[InputSpec], constructions: Constructions | None) -> Attempt:
    """A pass that works, with small sizes: images are shrunk where that is as good, for many passes follow."""
    specs = tuple(
        replace(spec, sizes=tuple(DEFAULT_SIZE if isinstance(size, str) else size for size in spec.sizes))
        for spec in start
    )
    made = attempt(module, specs, constructions=constructions)
    if made is None or made.progress != FINISHED:
        cause = made.failure if made is not None else None
        line = f" in line {cause.place.line}" if cause is not None and cause.place is not None else ""
        raise InputError(
            f"{type(module).__name__} fails{line} with every input that was tried, so it has no contract; "
            "nnwhy check says what is wrong"
        )
    axes = image_axes(made)
    if axes and all(int(made.specs[index].sizes[axis]) > SMALL for index, axis in axes):
        shrunk = dict.fromkeys(axes, SMALL)
        smaller = attempt(module, Probes(module, made).specs(shrunk), constructions=constructions)
        if smaller is not None and smaller.works:
            return smaller
    return made


def _checks(base: Attempt, probes: Probes) -> list[Requirement]:
    """The comparisons of the user's Python that the pass cannot do without: another outcome of each is tried."""
    found: list[Requirement] = []
    seen: set[tuple[object, ...]] = set()
    for requirement in comparisons(base.derivations):
        key = (requirement.left, requirement.relation, requirement.right)
        if key in seen or len(requirement.sizes) != 1 or not requirement.holds():
            continue
        seen.add(key)
        (size,) = requirement.sizes
        (axis,) = base.axes([size]) or (None,)
        outside = _just_outside(requirement, size)
        if axis is not None and outside is not None and len(seen) <= 12 and not probes.runs({axis: outside}):
            found.append(requirement)
    return found


def _just_outside(requirement: Requirement, size: Size) -> int | None:
    """The size nearest to the recorded one for which the comparison comes out otherwise."""

    def differs(value: int) -> bool:
        return not requirement.holds(lambda leaf: value if leaf == size else leaf.value)  # type: ignore[union-attr]

    for step in range(1, 600):
        for value in (size.value + step, size.value - step):
            if value > 0 and differs(value):
                return value
    return None


def _letters(
    base: Attempt, requirements: Sequence[Requirement], fixed: Mapping[Axis, object], probes: Probes
) -> dict[Axis, str]:
    """A letter for each axis that is not fixed; one for those that a requirement, or a pass, shows to be one."""
    leader: dict[Axis, Axis] = {}

    def root(axis: Axis) -> Axis:
        while axis in leader:
            axis = leader[axis]
        return axis

    firsts = [
        (index, 0) for index, spec in enumerate(base.specs) if len(spec.sizes) > 1 and (index, 0) not in fixed
    ]
    probed = [(firsts[0], other) for other in firsts[1:] if together(probes, firsts[0], other)]
    for one, other in (*tied(base, requirements), *probed):
        first, second = sorted((root(one), root(other)))
        if first != second:
            leader[second] = first
    letters: dict[Axis, str] = {}
    taken: set[str] = set()
    for index, spec in enumerate(base.specs):
        for axis in range(len(spec.sizes)):
            here = (index, axis)
            if here in fixed:
                continue
            first = root(here)
            if first not in letters:
                letters[first] = _free(_usual(base, here), taken)
                taken.add(letters[first])
            letters[here] = letters[first]
    return letters


def _usual(base: Attempt, axis: Axis) -> str:
    """The usual letter of an axis: the derivations' own, or by its position where they have none."""
    found = base.derivations.letter(base.size(*axis)).rstrip("0123456789")
    if found and found != "size":
        return found
    return "N" if axis[1] == 0 and len(base.specs[axis[0]].sizes) > 1 else "L"


def _free(letter: str, taken: set[str]) -> str:
    number = 1
    while (f"{letter}{number}" if number > 1 else letter) in taken:
        number += 1
    return f"{letter}{number}" if number > 1 else letter


def _drafts(
    base: Attempt,
    requirements: Sequence[Requirement],
    fixed: Mapping[Axis, tuple[int, Requirement]],
    letters: Mapping[Axis, str],
) -> list[Draft]:
    found: list[Draft] = []
    for axis, letter in letters.items():
        found += single(base, requirements, axis, letter)
    found += joint(base, requirements, _values(fixed), letters)
    return found


def _values(fixed: Mapping[Axis, tuple[int, Requirement]]) -> dict[Axis, int]:
    return {axis: value for axis, (value, _) in fixed.items()}


def _fixed_condition(base: Attempt, axis: Axis, value: int, requirement: Requirement) -> Condition:
    """ "channels = 1"."""
    name = base.derivations.axes.name(base.size(*axis).tensor, axis[1])
    shown = name or f"axis {axis[1]}"
    many = f" of {base.trace.inputs[axis[0]].name}" if len(base.specs) > 1 else ""
    return Condition((), f"{shown}{many} = {value}", requirement.cause, requirement.place)


def _merged(drafts: Sequence[Draft], letters: Mapping[Axis, str]) -> Iterator[Draft]:
    """Height and width that must satisfy the same are told together; tied axes once."""
    left = list(drafts)
    while left:
        first = left.pop(0)
        mine = first.text.replace(letters[first.axes[0]], "□", 1)
        alike = [
            other for other in left
            if not first.joint and not other.joint and other.text.replace(letters[other.axes[0]], "□", 1) == mine
        ]  # fmt: skip
        for other in alike:
            left.remove(other)
        if not alike:
            yield first
            continue
        axes = (first.axes[0], *(other.axes[0] for other in alike))
        names = list(dict.fromkeys(letters[axis] for axis in axes))
        words = " and ".join(names)
        text = mine.replace("□", words, 1)
        if len(names) > 1:
            text = text.replace(" is a multiple of", " are multiples of").replace(" is ", " are ", 1)
        yield replace(first, axes=axes, text=text)


def _condition(
    draft: Draft, drafts: Sequence[Draft], letters: Mapping[Axis, str], probes: Probes
) -> Condition:
    names = tuple(dict.fromkeys(letters[axis] for axis in draft.axes))
    return Condition(names, draft.text, draft.cause, draft.place, examples(draft, drafts, probes))


def _kinds(base: Attempt) -> Iterator[Condition]:
    """What kind of numbers an input holds, where a layer asks for it: below `num_embeddings` for an embedding."""
    told: set[int] = set()
    for call in base.trace.calls:
        given, weight = call.arguments.get("input"), call.arguments.get("weight")
        if call.kind != "function" or call.name not in ("embedding", "embedding_bag"):
            continue
        if not (isinstance(given, TensorRef) and isinstance(weight, TensorRef)):
            continue
        index = origin(base, given.id)
        if index is None or index in told:
            continue
        told.add(index)
        owner = base.derivations.layer_of(call)
        rows = base.trace.tensors[weight.id].shape[0]
        yield Condition(
            (), f"{base.trace.inputs[index].name}: whole numbers from 0 to {rows - 1}",
            owner.path if owner is not None and owner.path else call.name,
            owner.constructed[0] if owner is not None and owner.constructed else call.place,
        )  # fmt: skip


def _specs(
    base: Attempt, fixed: Mapping[Axis, tuple[int, Requirement]], letters: Mapping[Axis, str]
) -> tuple[InputSpec, ...]:
    return tuple(
        replace(
            spec,
            sizes=tuple(
                fixed[(index, axis)][0] if (index, axis) in fixed else letters[(index, axis)]
                for axis in range(len(spec.sizes))
            ),
            name=spec.name or base.trace.inputs[index].name,
        )
        for index, spec in enumerate(base.specs)
    )
