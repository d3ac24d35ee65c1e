"""The optimizer does not have all parameters that get a gradient.

## What it finds
Trainable parameters that get a gradient while no optimizer holds them: the optimizer was made before a layer was replaced, or was
given only a part of the model.

## Why it matters
They keep their first random values for ever. The rest of the network learns around them, so the loss falls, only not as far.

## Example
    optimizer = torch.optim.Adam(net.parameters())
    net.fc = nn.Linear(512, 10)                  # a new layer: the optimizer still holds the old one

## Use instead
Make the optimizer after the network is complete, from everything that is to be trained.

## When it is fine
Where a part is meant to stay as it is: then `requires_grad_(False)` on it says so and saves its gradients. Where the parameters were
picked by their names (`[p for name, p in net.named_parameters() if "lora_" in name]`), nothing is said, nor of a target network that
gets the weights of another.

## References
- https://docs.pytorch.org/docs/stable/optim.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.statements import name_of
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Edit, Finding, Fix
from nnwhy.facts.place import Place
from nnwhy.facts.session import ParameterState

_TAKEN = re.compile(r"\[(\w+)\]")
_COPIED = re.compile(r"\.load_state_dict\(\s*[\w.]+\.state_dict\(\)|\bdeepcopy\(|\.copy_\(|\.lerp_\(")


@training_check(
    name="optimizer-misses-parameters",
    severity="warning",
    summary="Parameters get a gradient, but no optimizer has them.",
    title="{missing} of {trainable} trainable parameter tensors get a gradient, but no optimizer has them: {names}",
)
def optimizer_misses_parameters(watched: Watched) -> Iterator[Finding]:
    if not watched.last_steps:
        return
    step = max(watched.last_steps.values(), key=lambda one: one.number)
    optimizer = watched.optimizer(step.optimizer)
    states = [state for state in step.parameters if state.network is not None and state.trainable]
    missing = [state for state in states if state.optimizer is None and state.gradient]
    if (
        not missing
        or optimizer is None
        or (not optimizer.strange and _picked_by_name(watched, optimizer.place))
    ):
        return
    networks = {state.network for state in missing}
    if all(_follows(watched, number, states) for number in networks):
        return
    trainable = [state for state in states if state.network in networks]
    because = [f"After {step.number} {'step' if step.number == 1 else 'steps'} they are what they were."]
    if optimizer.strange:
        because.append(
            f"The optimizer holds {optimizer.strange} parameter tensors that no network has: it was made before they were replaced."
        )
    copied = next(
        (one for one in watched.session.optimizers if one.twin is not None and one.type == optimizer.type),
        None,
    )
    original = watched.optimizer(copied.twin) if copied is not None and copied.twin is not None else None
    if copied is not None and original is not None and original.place:
        yield Finding(
            "optimizer-misses-parameters", "warning", copied.place,
            {"missing": len(missing), "trainable": len(trainable), "names": _names(missing)},
            because=(f"It holds the very parameters of the optimizer in line {original.place.line}, and each step changes them twice.",),
            fixes=(advice(_more(watched, networks), _others(watched, copied.place, networks)),),
            also=(original.place,),
        )  # fmt: skip
        return
    yield Finding(
        "optimizer-misses-parameters", "warning", optimizer.place,
        {"missing": len(missing), "trainable": len(trainable), "names": _names(missing)},
        because=tuple(because),
        fixes=(
            _made_later(watched, optimizer.place, missing) if optimizer.strange
            else Fix(
                _more(watched, networks), _whole(watched, optimizer.place, networks), "If all of it is to be trained.", safe=False,
            ),
            advice("requires_grad_(False) on them", means="If they are meant to stay as they are."),
        ),
    )  # fmt: skip


def _made_later(watched: Watched, place: Place | None, missing: list[ParameterState]) -> Fix:
    """The statement that makes the optimizer, behind the last one that puts a layer into the network."""
    label = "make the optimizer after the last change of the network"
    call, statement = watched.call(place), watched.statement(place)
    if call is None or statement is None:
        return advice(label)
    source = watched.sources[statement.path]
    layers = {
        name[:end]
        for name in (state.name for state in missing)
        for end in range(len(name))
        if name[end] == "."
    }
    changes = [
        one
        for one in source.assignments
        if one.scope == call.scope
        and one.place.line > statement.end_line
        and one.place.column == statement.column
        and _TAKEN.sub(r".\1", one.target).partition(".")[2] in layers
    ]
    if not changes or source.line(statement.line)[: statement.column - 1].strip():
        return advice(label)
    behind = watched.after(changes[-1].value, source.at(statement))
    gone = Place(statement.path, statement.line, 1, statement.end_line + 1, 1)
    return advice(label, (*behind, Edit(gone, "")))


def _follows(watched: Watched, number: int | None, states: list[ParameterState]) -> bool:
    """Whether a network that no optimizer holds any part of gets its weights from another of its kind, as a target network does."""
    if number is None or any(state.optimizer is not None for state in states if state.network == number):
        return False
    one = watched.session.network(number)
    held = {state.network for state in states if state.optimizer is not None}
    alike = any(
        (other.type, other.parameters) == (one.type, one.parameters)
        for other in watched.session.networks
        if other.id in held
    )
    return alike and any(_COPIED.search(source.text) for source in watched.sources.values())


def _others(watched: Watched, place: Place | None, networks: set[int | None]) -> tuple[Edit, ...]:
    """The parameters of the one network that is missed, in the place of those that are there."""
    call, name = watched.call(place), _only_name(watched, networks)
    if call is None or not call.arguments or not name or not call.arguments[0].text.endswith(".parameters()"):
        return ()
    return watched.instead(call.arguments[0].place, f"{name}.parameters()")


def _whole(watched: Watched, place: Place | None, networks: set[int | None]) -> tuple[Edit, ...]:
    """The parameters of the network, in the place of those of one of its parts."""
    call, name = watched.call(place), _only_name(watched, networks)
    if call is None or not call.arguments or not name or not call.arguments[0].text.startswith(f"{name}."):
        return ()
    return _others(watched, place, networks)


def _only_name(watched: Watched, networks: set[int | None]) -> str:
    """What the script calls the network that is missed, "" where there are several or that is not seen."""
    numbers = [number for number in networks if number is not None]
    made = watched.session.network(numbers[0]).constructed if len(numbers) == 1 else ()
    return next((found for one in made if (found := name_of(watched, one))), "")


def _picked_by_name(watched: Watched, place: Place | None) -> bool:
    """Whether the optimizer's parameters were chosen by a test of their names: then the others were left out on purpose."""
    call = watched.call(place)
    if call is None or not call.arguments:
        return False
    text = call.arguments[0].text
    source = watched.sources[call.place.path]
    texts = [
        text,
        *(one.text for one in source.assignments if one.target == text and one.scope == call.scope),
    ]
    return any("named_parameters(" in one and " if " in one for one in texts)


def _names(missing: list[ParameterState]) -> str:
    names = [state.name for state in missing]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _more(watched: Watched, networks: set[int | None]) -> str:
    names = ", ".join(watched.name(number) for number in sorted(n for n in networks if n is not None))
    return f"give it all parameters of {names}"
