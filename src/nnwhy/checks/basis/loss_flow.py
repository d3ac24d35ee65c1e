"""Where a loss gets its prediction from, by syntax: `criterion(F.softmax(net(x), dim=1), y)`, over names and calls that only rearrange."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, cast

from nnwhy.checks.basis.bindings import Binding, bindings
from nnwhy.checks.basis.definitions import parsed
from nnwhy.checks.basis.endings import ARRANGING, LOSSES
from nnwhy.checks.basis.operands import inside
from nnwhy.checks.basis.subject import Subject
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceCall, SourceFacts

Maker = Literal["network", "part", "other", "unknown"]

_MOVING = (*ARRANGING, "cuda", "cpu", "double", "half", "requires_grad_", "train", "eval", "apply")
_STEPS = {
    "softmax": "softmax", "Softmax": "softmax", "Softmax2d": "softmax", "log_softmax": "log_softmax", "LogSoftmax": "log_softmax",
    "sigmoid": "sigmoid", "sigmoid_": "sigmoid", "Sigmoid": "sigmoid", "logsigmoid": "logsigmoid", "LogSigmoid": "logsigmoid",
    "log": "log", "clamp": "clamp", "exp": "exp",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """A function that the prediction goes through: `name` is that of torch's function, `data` the place of what it is applied to."""

    name: str
    call: SourceCall
    data: Place | None


@dataclass(frozen=True, slots=True)
class AppliedLoss:
    """A loss applied in the user's file. `kind` is the function's name, `made` the construction of its class where it has one.

    `steps` are what the prediction goes through, the last one first; `maker` says what it comes from: the network that is
    looked at, a part or method of it, another one, or something that the file does not show.
    """

    kind: str
    call: SourceCall
    made: SourceCall | None
    prediction: Place
    target: Place | None
    steps: tuple[Step, ...]
    maker: Maker


def applied_losses(subject: Subject) -> list[AppliedLoss]:
    """The losses that the user's files apply to something."""
    known = subject.memory.get("applied_losses")
    if known is None:
        known = subject.memory["applied_losses"] = _applied_losses(subject)
    return cast(list[AppliedLoss], known)


def _applied_losses(subject: Subject) -> list[AppliedLoss]:
    found: list[AppliedLoss] = []
    for source in subject.sources.values():
        for call in source.calls:
            kind, made = _loss(subject, source, call)
            given = _data(call)
            if kind is None or not given:
                continue
            steps, maker = _followed(subject, source, given[0])
            found.append(
                AppliedLoss(
                    kind, call, made, given[0], given[1] if len(given) > 1 else None, tuple(steps), maker
                )
            )
    return found


def loss_of_network(subject: Subject) -> AppliedLoss | SourceCall | None:
    """The loss that the network is trained with: as it is applied to its result, else the one kind that the files have (its
    construction or call); None where there are several kinds, or all belong to something else."""
    applied = applied_losses(subject)
    own = [loss for loss in applied if loss.maker == "network"]
    if own:
        return own[0] if len({loss.kind for loss in own}) == 1 else None
    elsewhere = {
        loss.made.place for loss in applied if loss.made is not None and loss.maker in ("other", "part")
    }
    elsewhere |= {loss.call.place for loss in applied if loss.maker in ("other", "part")}
    through = {loss.made.place for loss in applied if loss.made is not None and loss.steps}
    rest = [
        (kind, call)
        for source in subject.sources.values()
        for call in source.calls
        if (kind := loss_kind(call)) is not None and call.place not in elsewhere | through
    ]
    return rest[0][1] if len({kind for kind, _ in rest}) == 1 else None


def kind_of(loss: AppliedLoss | SourceCall | None) -> str | None:
    """The kind of a loss, by the name of torch's function."""
    if loss is None:
        return None
    return loss.kind if isinstance(loss, AppliedLoss) else loss_kind(loss)


def place_of_loss(loss: AppliedLoss | SourceCall) -> Place:
    """Where a loss is chosen: its construction, else its call."""
    return chosen_call(loss).place


def chosen_call(loss: AppliedLoss | SourceCall) -> SourceCall:
    """The call that names the loss: its construction, else its call."""
    return (loss.made or loss.call) if isinstance(loss, AppliedLoss) else loss


def loss_kind(call: SourceCall) -> str | None:
    """The kind of loss that a call constructs or computes; None where it is no loss of torch."""
    name = call.resolved.rpartition(".")[2]
    return LOSSES.get(name) if call.resolved.startswith("torch.") else None


def _loss(subject: Subject, source: SourceFacts, call: SourceCall) -> tuple[str | None, SourceCall | None]:
    name = call.resolved.rpartition(".")[2]
    kind = loss_kind(call)
    if kind is not None:
        return (kind, None) if name.islower() else (None, None)
    made = _construction(subject, source, call.callee)
    return (
        (loss_kind(made), made)
        if made is not None and made.resolved.rpartition(".")[2][:1].isupper()
        else (None, None)
    )


def _construction(subject: Subject, source: SourceFacts, place: Place, depth: int = 6) -> SourceCall | None:
    """The call that makes what the expression at `place` names: through names, and through calls that hand on."""
    call = subject.source_call(place)
    if call is not None:
        if call.function.rpartition(".")[2] in _MOVING and call.receiver is not None and depth:
            return _construction(subject, source, call.receiver, depth - 1)
        return call
    text = source.at(place)
    tree = parsed(text)
    if not isinstance(tree, ast.Name | ast.Attribute) or depth == 0:
        return None
    for binding in bindings(source, text, place):
        made = _construction(subject, source, binding.place, depth - 1) if _plain(binding) else None
        if made is not None:
            return made
    # A parameter goes by its name: train(net, criterion) as a rule gets what the file calls so.
    last = text.rpartition(".")[2]
    named = [
        a
        for a in source.assignments
        if a.target.rpartition(".")[2] == last and a.form == "Call" and a.value != place
    ]
    return _construction(subject, source, named[0].value, depth - 1) if len(named) == 1 else None


def _plain(binding: Binding) -> bool:
    return binding.kind == "value" and not binding.path


def _data(call: SourceCall) -> list[Place]:
    """The places of a loss's prediction and target."""
    if any(argument.starred for argument in call.arguments):
        return []
    named = {argument.name: argument.place for argument in call.arguments}
    positional = [argument.place for argument in call.arguments if not argument.name]
    given = [named[name] for name in ("input", "target") if name in named]
    return [*positional[:2], *given][:2]


def _followed(subject: Subject, source: SourceFacts, place: Place) -> tuple[list[Step], Maker]:
    steps: list[Step] = []
    for _ in range(20):
        call = subject.source_call(place)
        if call is not None:
            name = _step_name(subject, source, call)
            short = call.function.rpartition(".")[2]
            data = _applied_to(call)
            if name is None and short not in _MOVING:
                return steps, maker_of(subject, source, call)
            if name is not None:
                steps.append(Step(name, call, data))
            if data is None:
                return steps, "unknown"
            place = data
            continue
        text = source.at(place)
        tree = parsed(text)
        if isinstance(tree, ast.Subscript):
            value = inside(place, tree.value)
        elif isinstance(tree, ast.Name):
            found = next(bindings(source, text, place), None)
            value = found.place if found is not None and _plain(found) else None
        else:
            value = None
        if value is None or value == place:
            return steps, "unknown"
        place = value
    return steps, "unknown"


def _applied_to(call: SourceCall) -> Place | None:
    """The data of `F.softmax(x, 1)`, `nn.Softmax(1)(x)` or `x.softmax(1)`."""
    if call.receiver is not None and not _of_torch(call) and not _of_self(call):
        return call.receiver
    named = next((a.place for a in call.arguments if a.name == "input"), None)
    return next((a.place for a in call.arguments if not a.name and not a.starred), named)


def _of_torch(call: SourceCall) -> bool:
    """Whether it is a function of torch, not a method of what such a function gave."""
    return call.resolved.startswith("torch.") and "(" not in call.resolved


def _of_self(call: SourceCall) -> bool:
    """Whether it is a method or layer of the object itself, not a method of what that gave: `self.net(x)`, not `self.net(x).softmax(1)`."""
    return call.function.startswith("self.") and "(" not in call.function


def _step_name(subject: Subject, source: SourceFacts, call: SourceCall) -> str | None:
    name = call.function.rpartition(".")[2]
    if (
        name in _STEPS
        and name.islower()
        and (_of_torch(call) or call.receiver is not None)
        and not _of_self(call)
    ):
        return _STEPS[name]
    made = _construction(subject, source, call.callee) if call.receiver is None or _of_self(call) else None
    if made is None or not made.resolved.startswith("torch.nn."):
        return None
    return _STEPS.get(made.resolved.rpartition(".")[2])


def maker_of(subject: Subject, source: SourceFacts, call: SourceCall) -> Maker:
    """What a call that gives the prediction is a call of."""
    root = subject.trace.root if subject.trace is not None else ""
    if call.function in ("self", "self.forward") or call.function.startswith("self."):
        owner = call.scope.partition(".")[0]
        if call.function in ("self", "self.forward"):
            return "network" if owner == root else "other"
    kind = _kind(subject, _construction(subject, source, call.callee))
    if kind != "unknown":
        return kind
    if call.receiver is not None:
        made = _kind(subject, _construction(subject, source, call.receiver))
        if made != "unknown":
            return "part" if made == "network" else "other"
    return "unknown"


def kind_at(subject: Subject, place: Place) -> Maker:
    """What the expression at `place` is: the network that is looked at, another one, or something that the file does not show."""
    return _kind(subject, _construction(subject, subject.sources[place.path], place))


def _kind(subject: Subject, made: SourceCall | None) -> Maker:
    if made is None:
        return "unknown"
    name = made.function.rpartition(".")[2]
    places = subject.modules[""].constructed if "" in subject.modules else ()
    if made.place in places or (subject.trace is not None and name == subject.trace.root):
        return "network"
    classes = {cls.name for source in subject.sources.values() for cls in source.classes if cls.network}
    return "other" if name in classes or made.resolved.startswith("torch.nn.") else "unknown"


def steps_named(loss: AppliedLoss, *names: str) -> Iterator[Step]:
    """The steps of these names."""
    return (step for step in loss.steps if step.name in names)
