"""The input of a network that nobody described: guessed, tried, and solved for, with the reason and the other answers."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from torch import nn

from nnwhy.errors import InputError
from nnwhy.facts.contract import Inference, InputSpec
from nnwhy.trace import Constructions
from nnwhy.trace.unwarned import unwarned
from nnwhy.why.answer import Answer, answer_of
from nnwhy.why.attempts import FINISHED, Attempt, Axis, attempt, origin, other_kind
from nnwhy.why.guesses import (
    BATCH,
    Hint,
    Parameter,
    assumptions,
    float_dtype,
    guesses,
    is_edges,
    needed_inputs,
    started,
    starts,
)
from nnwhy.why.nearest import nearest_values
from nnwhy.why.preferred import enlarged, image_axes, smallest_side
from nnwhy.why.probing import by_passes, too_large
from nnwhy.why.requirements import Requirement, contradicted
from nnwhy.why.solve import Problem, solve
from nnwhy.why.telling import Chosen, told

ROUNDS = 10
SECONDS = 40.0
_REMEMBERED = 100
"""Passes of a search that are kept."""


class NoInputFound(InputError):
    """No input is taken by the network; `nearest` are those that came farthest, () where none was tried."""

    def __init__(self, text: str, nearest: tuple[InputSpec, ...] = ()) -> None:
        super().__init__(text)
        self.nearest = nearest


@dataclass(frozen=True)
class Found:
    """The end of a search: the last attempt, and the solution that led to it, None where the first guess worked.

    `missed` is the call whose demand no size meets, None where that is not so.
    """

    attempt: Attempt
    solution: Answer | None = None
    missed: int | None = None
    source: str = ""


def infer_inputs(
    module: nn.Module, hints: Sequence[Hint] = (), *, constructions: Constructions | None = None
) -> Inference:
    """Sizes and dtypes for all inputs that `module.forward` needs, so that the pass runs.

    Where no sizes do, those that come nearest, with `fits` False and a reason that says what fails. `hints` come from
    the network's file; a call in it that shows its input is taken as it is. Raises InputError where an argument is no
    tensor, NoInputFound where nothing can be found, with the cause.
    """
    parameters = needed_inputs(module)
    if not parameters:
        return Inference((), "forward takes no input")
    search = _Search(module, parameters, constructions)
    with unwarned():
        shown = search.from_calls(hints)
        if shown is not None:
            return shown
        found = search.best(hints)
        if found is None:
            nearest = search.nearest.specs if search.nearest is not None else ()
            raise NoInputFound(_cannot(module, parameters, search.nearest), nearest)
        return told(search.settled(found))


class _Search:
    """The tries for one network, with a common time limit."""

    def __init__(
        self, module: nn.Module, parameters: tuple[Parameter, ...], constructions: Constructions | None
    ) -> None:
        self.module = module
        self.parameters = parameters
        self.constructions = constructions
        self.nearest: Attempt | None = None
        self._made: dict[tuple[InputSpec, ...], Attempt] = {}
        self._deadline = time.perf_counter() + SECONDS

    def attempt(self, specs: Sequence[InputSpec]) -> Attempt | None:
        """One pass, None where the time is over. Several guesses lead to the same sizes: those are tried once."""
        known = self._made.get(tuple(specs))
        if known is not None or time.perf_counter() > self._deadline:
            return known
        made = attempt(self.module, specs, constructions=self.constructions)
        if made is not None and len(self._made) < _REMEMBERED:
            self._made[tuple(specs)] = made
        return made

    def from_calls(self, hints: Sequence[Hint]) -> Inference | None:
        """The input that the file itself calls the network with; the first that works, else the first."""
        floats = float_dtype(self.module)
        tried: list[tuple[Hint, Attempt]] = []
        for hint in hints:
            if not hint.certain:
                continue
            specs = tuple(
                replace(
                    started(spec, InputSpec((), floats)),
                    dtype=floats if spec.dtype in ("", "float32") else spec.dtype,
                )
                for spec in hint.specs
            )
            made = self.attempt(specs)
            if made is not None:
                tried.append((hint, made))
            if made is not None and made.progress == FINISHED:
                break
        if not tried:
            return None
        hint, made = tried[-1] if tried[-1][1].progress == FINISHED else tried[0]
        reason = f"the file calls it so: {hint.source}"
        return Inference(self._with_letter(made), reason, fits=made.progress == FINISHED)

    def best(self, hints: Sequence[Hint]) -> Found | None:
        """The first guess that can be made to work; else the one that came farthest."""
        farthest: Found | None = None
        for start, fixed, source in starts(self.module, self.parameters, hints):
            found = self._refined(start, fixed)
            if found is None:
                continue
            if farthest is None:
                _refuse_mapping(found.attempt, self.parameters)
            if _begins_otherwise(start, found.attempt):
                continue
            if found.attempt.works or found.missed is not None:
                return replace(found, source=source)
            if farthest is None or _rank(found) > _rank(farthest):
                farthest = found
            if _hopeless(found.attempt) and _understood(found):
                break  # no other kind of input comes past that call
        several = len(self.parameters) > 1
        if several and farthest is not None and farthest.attempt.progress < FINISHED:
            farthest = farthest if _hopeless(farthest.attempt) else self._one_by_one(farthest)
        self.nearest = farthest.attempt if farthest is not None else None
        return farthest if farthest is not None and _understood(farthest) else None

    def settled(self, found: Found) -> Chosen:
        """The input that is shown: a usual size where many work and it costs little; the letter N where the batch is free."""
        made, smallest = found.attempt, None
        solution = found.solution
        if made.works and solution is None and not found.source:
            solution = _all_that_fit(made)
        if made.works and solution is None and not found.source:
            axes = image_axes(made)
            if len(axes) > 1:
                smallest = smallest_side(made, axes, self.attempt)
            made = enlarged(made, self.attempt) or made
        return Chosen(
            made,
            self._with_letter(made),
            solution,
            smallest,
            found.missed,
            assumptions(self.parameters),
            found.source,
        )

    def _with_letter(self, made: Attempt) -> tuple[InputSpec, ...]:
        batched = [
            index
            for index, spec in enumerate(made.specs)
            if spec.sizes and not (index < len(self.parameters) and is_edges(self.parameters[index]))
        ]
        firsts = {made.specs[index].sizes[0] for index in batched if len(made.specs[index].sizes) > 1}
        if len(firsts) != 1 or made.progress != FINISHED:
            return made.specs
        batch = firsts.pop()
        other = 3 if batch == BATCH else BATCH

        def with_batch(size: int | str) -> tuple[InputSpec, ...]:
            return tuple(
                replace(spec, sizes=(size, *spec.sizes[1:]))
                if index in batched and spec.sizes[0] == batch
                else spec
                for index, spec in enumerate(made.specs)
            )

        moved = with_batch(other)
        again = self.attempt(moved)
        if again is None or not again.works or not _same_but_batch(made, again):
            return made.specs
        return with_batch("N")

    def _refined(
        self, start: tuple[InputSpec, ...], fixed: dict[Axis, int], *, probe: bool = True
    ) -> Found | None:
        """The start, changed as each pass demands, until it works or nothing changes any more. `probe`: where no equation says a
        size, passes alone may find it."""
        tried: set[tuple[InputSpec, ...]] = set()
        best: Found | None = None
        specs, solution, missed = start, None, None
        for _ in range(ROUNDS):
            if specs in tried or (specs is not start and too_large(specs)):
                break
            tried.add(specs)
            made = self.attempt(specs)
            if made is None:
                break
            here = Found(made, solution, missed)
            if best is None or _rank(here) >= _rank(best):
                best = here
            if made.works:
                return here
            changed = other_kind(made) if made.progress < FINISHED else None
            if changed is not None:
                specs, solution, fixed = changed, None, {}
                continue
            step = self._solved(made, fixed, probe)
            if step is None:
                break
            specs, solution, missed = step
        return best

    def _solved(
        self, made: Attempt, fixed: dict[Axis, int], probe: bool
    ) -> tuple[tuple[InputSpec, ...], Answer | None, int | None] | None:
        """The specs that the requirements of this pass ask for."""
        current = made.current()
        held = frozenset(made.size(i, 0) for i, spec in enumerate(made.specs) if len(spec.sizes) > 1)
        known = {made.size(index, axis): size for (index, axis), size in fixed.items()}
        likely = {made.size(*axis): size for axis, size in self._named_sizes(made).items()}
        for about in _relaxed(made):
            for fixed_sizes in (known, {**likely, **known}):
                found = solve(Problem(about, current, held, fixed_sizes))
                if found is None or made.with_values(found.values) == made.specs:
                    continue
                if likely and fixed_sizes is known and found.solved and not found.equal:
                    continue  # many pairs add up; those that the network's own attributes name are meant
                return made.with_values(found.values), answer_of(found, made) if found.solved else None, None
        probe = probe and not (_explained(made) or _hopeless(made))
        by_size = by_passes(made, self.attempt) if probe else None
        if by_size is not None:
            return by_size, None, None
        near = nearest_values(made, held)
        if near is not None and made.with_values(near[0]) != made.specs:
            return made.with_values(near[0]), None, near[1].call
        return None

    def _named_sizes(self, made: Attempt) -> dict[Axis, int]:
        """The last axis of inputs for which the network has an attribute such as `hidden_size` for its input `hidden`."""
        found: dict[Axis, int] = {}
        for index, parameter in enumerate(self.parameters[: len(made.specs)]):
            for ending in ("size", "dim", "features", "channels"):
                value = getattr(self.module, f"{parameter.name}_{ending}", None)
                if isinstance(value, int) and value > 0 and len(made.specs[index].sizes) in (2, 3):
                    found[(index, len(made.specs[index].sizes) - 1)] = value
                    break
        return found

    def _one_by_one(self, found: Found) -> Found:
        """Several inputs of different kinds: change one at a time and keep what comes farther."""
        best = found
        kinds = [specs[0] for specs in guesses(self.module, self.parameters[:1])]
        if not any(len(spec.sizes) == 5 for spec in found.attempt.specs):
            kinds = [kind for kind in kinds if len(kind.sizes) < 5]
        for _ in range(2):
            before = best
            for index in range(len(self.parameters)):
                for kind in kinds:
                    specs = list(best.attempt.specs)
                    specs[index] = replace(kind, name=specs[index].name)
                    better = self._refined(tuple(specs), {}, probe=False)
                    if better is None:
                        continue
                    if better.attempt.works:
                        return better
                    if _rank(better) > _rank(best):
                        best = better
            if best is before:
                break
        return best


def _all_that_fit(made: Attempt) -> Answer | None:
    """All sizes that fit where an equation bounds them, also if the first guess was one of them."""
    if not any(
        r.kind in ("features", "count", "batch") and r.relation == "==" and len(r.sizes) > 1
        for r in made.requirements
    ):
        return None
    held = frozenset(made.size(index, 0) for index, spec in enumerate(made.specs) if len(spec.sizes) > 1)
    found = solve(Problem([r for r in made.requirements if r.holds()], made.current(), held, everything=True))
    return answer_of(found, made) if found is not None and found.bounded else None


def _begins_otherwise(start: tuple[InputSpec, ...], made: Attempt) -> bool:
    """Whether the guess was for another kind of convolution than the one that takes the input: a generator begins with
    1×1, and all other networks with images."""
    if len(start[0].sizes) != 4 or not made.works:
        return False
    first = next(
        (call.name for call in made.trace.calls if call.name in ("conv2d", "conv_transpose2d")), None
    )
    return first is not None and (first == "conv_transpose2d") != (start[0].sizes[2:] == (1, 1))


def _refuse_mapping(made: Attempt, parameters: tuple[Parameter, ...]) -> None:
    """Raise InputError where forward looks up words in its argument: that is a dictionary, and no tensor."""
    for call in made.trace.calls:
        if call.name != "__getitem__" or call.failure is None or not call.inputs:
            continue
        word = next((value for value in call.arguments.values() if isinstance(value, str)), None)
        index = origin(made, call.inputs[0])
        if word is not None and index is not None and index < len(parameters):
            name = parameters[index].name
            raise InputError(
                f"forward takes {name} as a dictionary ({name}[{word!r}]), and what is in it is not said by the network; "
                f"give forward the tensors themselves, or a small function that builds {name} from them"
            )


def _rank(found: Found) -> tuple[int, bool]:
    return (found.attempt.progress, found.attempt.mixing is None)


def _relaxed(made: Attempt) -> list[list[Requirement]]:
    """The requirements, and smaller sets of them for networks that no input can satisfy in all."""
    everything = list(made.requirements)
    hard = [r for r in everything if not r.meant]
    violated = [r for r in hard if not r.holds()]
    first = violated[0].call if violated else 0
    return [
        everything,
        hard,
        [r for r in hard if r.call <= first],
        [r for r in hard if r.kind in ("channels", "features")],
    ]


def _explained(made: Attempt) -> bool:
    """Whether an equation in closed form says what the failed call lacks."""
    call = next((c for c in made.trace.calls if c.failure is not None), None)
    return any(
        r.relation == "==" and not r.holds() and (call is None or r.call >= call.id)
        for r in made.requirements
    )


def _hopeless(made: Attempt) -> bool:
    """Whether the call that failed would fail with any input: two numbers of the network itself disagree."""
    call = next((c for c in made.trace.calls if c.failure is not None and c.kind == "function"), None)
    return call is not None and contradicted(made.derivations, call)


def _same_but_batch(made: Attempt, again: Attempt) -> bool:
    """Whether the pass made the same calls: another batch must not change the way through the network."""
    return len(made.trace.calls) == len(again.trace.calls)


def _understood(found: Found) -> bool:
    """Whether a failing guess says more than that nothing worked: its first layer took it, or a size is what fails."""
    made = found.attempt
    if made.progress == FINISHED:
        return True
    return any(
        r.kind in ("features", "channels", "window", "join", "count", "check")
        for r in made.requirements
        if r.sizes
    )


def _cannot(module: nn.Module, parameters: tuple[Parameter, ...], nearest: Attempt | None) -> str:
    names = ", ".join(parameter.name for parameter in parameters)
    cause = ""
    if nearest is not None and nearest.failure is not None:
        failure = nearest.failure
        place = f" in line {failure.place.line}" if failure.place is not None else ""
        lines = failure.message.strip().splitlines()
        cause = f" (the last try ended with {failure.type}{place}{': ' + lines[0] if lines else ''})"
    example = " ".join(f'--input "{parameter.name}=N,16"' for parameter in parameters[:2])
    return (
        f"what {type(module).__name__} takes as {names} could not be found from the network{cause}; "
        f"say it, as in {example}"
    )
