"""Parameters of the optimizer never get a gradient.

## What it finds
Trainable parameters that an optimizer holds and no backward pass reaches: because something between them and the loss lets no
gradient through (`detach`, `no_grad`, `.data`, `.item()`, `argmax`, a new `torch.tensor`), because their layer is not used, or
because a function's derivative is 0 everywhere (`round`, `sign`).

## Why it matters
They keep their first random values, and nothing fails.

## Example
    features = self.encoder(x).detach()          # the encoder never learns
    return self.head(features)

## Use instead
Leave out what cuts the gradient. For `argmax`, a differentiable stand-in (softmax, Gumbel-softmax); for a loss that was made anew
(`torch.tensor(loss.item())`), the loss itself.

## When it is fine
Where a part is meant to be frozen: `requires_grad_(False)` on it says so.

## References
- https://docs.pytorch.org/docs/stable/notes/autograd.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding
from nnwhy.facts.place import Place
from nnwhy.facts.session import Act, Backward, Made, OptimizerStep, ParameterState

_CUTTING = frozenset(
    {
        "detach",
        "detach_",
        "data",
        "argmax",
        "item",
        "tolist",
        "numpy",
        "__float__",
        "__array__",
        "max",
        "topk",
        "sort",
    }
)
_COUNTING = frozenset(
    {
        "eq",
        "__eq__",
        "ne",
        "__ne__",
        "gt",
        "__gt__",
        "lt",
        "__lt__",
        "ge",
        "__ge__",
        "le",
        "__le__",
        "isnan",
        "isfinite",
    }
)
_FLAT = frozenset({"round", "floor", "ceil", "sign", "trunc", "heaviside", "round_", "sgn"})


@training_check(
    name="parameters-without-gradient",
    severity="warning",
    summary="Parameters of the optimizer never get a gradient.",
    title="{count} trainable parameter tensors get no gradient: {names}",
)
def parameters_without_gradient(watched: Watched) -> Iterator[Finding]:
    for number, step in watched.last_steps.items():
        if step.backwards == 0:
            continue
        held = [
            state
            for state in step.parameters
            if state.optimizer == number and state.trainable and _known(watched, state)
        ]
        without = [state for state in held if not _ever(watched, number, state)]
        if not without:
            continue
        flat = [state for state in without if state.gradient == 0.0]
        if len(flat) == len(without):
            yield from _flat(watched, step, held, without)
            continue
        yield from _cut_off(watched, step, held, [state for state in without if state.gradient is None])


def _cut_off(
    watched: Watched, step: OptimizerStep, held: list[ParameterState], without: list[ParameterState]
) -> Iterator[Finding]:
    passes = _before(watched, step)
    cut = _cut(passes[-1:]) or _cut(passes) or _cut(watched.session.backwards) or _compared(passes[-1:])
    values = {"count": len(without), "names": _names(without)}
    if cut is not None:
        if any(act.place == cut.place for act in watched.acts("part-cut")):
            return  # told as a part of the loss
        yield Finding(
            "parameters-without-gradient", "warning", _where(cut), values,
            because=(f"{_said(cut)} lets no gradient through, and the loss depends on them only by it.",),
            fixes=(advice(_way_out(watched, cut)), advice("requires_grad_(False) on them", means="If they are meant to stay as they are.")),
            also=(cut.place,) if cut.place and cut.place != _where(cut) else (),
        )  # fmt: skip
    elif (left := _left(watched, without)) is not None:
        yield Finding(
            "parameters-without-gradient", "warning", left.place, values,
            because=(f"Here the network's result leaves torch ({left.subject}); what is computed from the numbers has no way back to it.",),
            fixes=(advice("compute it with torch's functions, on tensors"),),
        )  # fmt: skip
    elif len(without) < len(held):
        place = next((state.place for state in without if state.place), None)
        yield Finding(
            "parameters-without-gradient", "warning", place, values,
            because=("The loss does not depend on them: the layer is not used in forward, or its result is not.",),
            fixes=(advice("use the layer, or leave it out"),),
        )  # fmt: skip
    elif passes and not passes[-1].networks:
        start = passes[-1].history[:1]
        yield Finding(
            "parameters-without-gradient", "warning", (start[0].place if start else None) or passes[-1].place, values,
            because=("The loss was made anew from plain numbers, so it does not depend on any of them.",),
            fixes=(advice("backward from the loss itself, as the loss function gives it: leave out .item() and torch.tensor(…)"),),
            also=(passes[-1].place,) if passes[-1].place else (),
        )  # fmt: skip


def _where(cut: Made) -> Place | None:
    """Where gradients were switched off, unless other calls that may stay without stand between."""
    off, place = cut.off, cut.place
    if off is None or place is None or (off.function == place.function and place.line > off.line + 1):
        return place
    return off


def _left(watched: Watched, without: list[ParameterState]) -> Act | None:
    """Where the results of a network none of whose passes the loss depends on became an array."""
    passes = watched.session.forwards
    networks = {state.network for state in without} - {one.network for one in passes if one.trained}
    return next(
        (act for act in watched.acts("left") if act.number >= 0 and passes[act.number].network in networks),
        None,
    )


def _before(watched: Watched, step: OptimizerStep) -> tuple[Backward, ...]:
    """The backward passes between this step and the step before it, of whichever optimizer."""
    found: list[Backward] = []
    for kind, index in watched.session.order:
        if kind == "backward":
            found.append(watched.session.backwards[index])
        elif kind == "step":
            if watched.session.steps[index] is step:
                return tuple(found)
            found.clear()
    return ()


def _flat(
    watched: Watched, step: OptimizerStep, held: list[ParameterState], without: list[ParameterState]
) -> Iterator[Finding]:
    if len(without) < len(held):
        return
    for backward in reversed(watched.session.backwards):
        for made in backward.history:
            if made.name in _FLAT:
                yield Finding(
                    "parameters-without-gradient", "warning", made.place, {"count": len(without), "names": _names(without)},
                    because=(f"The derivative of {made.name} is 0 everywhere, so every gradient behind it is 0.",),
                    fixes=(advice(f"leave {made.name} out of the loss", means="Use it only where results are shown."),),
                )  # fmt: skip
                return


def _known(watched: Watched, state: ParameterState) -> bool:
    """Whether it belongs to a network that was called; where none was, every parameter counts."""
    return state.network is not None or not watched.session.networks


def _ever(watched: Watched, optimizer: int, state: ParameterState) -> bool:
    """Whether the parameter had a gradient other than 0 in any step."""
    for step in watched.session.steps:
        for other in step.parameters:
            if (other.name, other.network, other.shape) == (
                state.name,
                state.network,
                state.shape,
            ) and other.gradient:
                return True
    return False


def _cut(backwards: tuple[Backward, ...]) -> Made | None:
    """The call that stopped the gradient, the plainest kind first."""
    cuts = [cut for backward in backwards for cut in backward.cuts if cut.name not in _COUNTING]
    for wanted in (
        lambda cut: cut.name in _CUTTING and not cut.no_grad,
        lambda cut: cut.no_grad,
        lambda cut: True,
    ):
        found = next((cut for cut in cuts if wanted(cut)), None)
        if found is not None:
            return found
    return None


def _compared(backwards: tuple[Backward, ...]) -> Made | None:
    """The comparison that a loss is made of which depends on no network's weights."""
    cuts = [cut for backward in backwards if not backward.networks for cut in backward.cuts]
    return cuts[-1] if cuts and all(cut.name in _COUNTING for cut in cuts) else None


def _said(cut: Made) -> str:
    if cut.no_grad:
        return f"{cut.name} ran where gradients are switched off (no_grad): it"
    return {"data": ".data", "item": ".item()"}.get(cut.name, cut.name)


def _way_out(watched: Watched, cut: Made) -> str:
    if cut.no_grad:
        return "take it out of the no_grad block"
    text = watched.text(cut.place)
    for ending in (".detach()", ".data", ".item()"):
        if text.endswith(ending):
            return text.removesuffix(ending)
    if cut.name in _COUNTING:
        return "the probabilities themselves in place of the comparison"
    if cut.name == "argmax":
        return "softmax instead of argmax, or the scores themselves"
    return f"leave {cut.name} out of the way to the loss"


def _names(states: list[ParameterState]) -> str:
    names = [state.name or "unnamed" for state in states]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
