"""The best weights are kept as a reference to the weights that go on training.

## What it finds
`best = net.state_dict()` that is only kept, and loaded into the same network later.

## Why it matters
`state_dict()` holds the network's own tensors, not copies: each further step changes them too. Loading them later does nothing, so
the last weights are used as the best ones.

## Example
    if loss < best_loss:
        best = net.state_dict()
    ...
    net.load_state_dict(best)

## Use instead
    best = copy.deepcopy(net.state_dict())

## When it is fine
Where the state is loaded into another network, saved to a file at once, or changed before it is loaded.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.state_dict
- https://docs.pytorch.org/tutorials/beginner/saving_loading_models.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding
from nnwhy.facts.source import SourceAssignment, SourceCall, SourceFacts

_STATE = ".state_dict()"


@training_check(
    name="state-is-live",
    severity="warning",
    summary="The best weights are kept as a reference to those that go on training.",
    title="{name} holds the weights of {network} themselves, not a copy: loading them later changes nothing",
)
def state_is_live(watched: Watched) -> Iterator[Finding]:
    if not watched.session.steps:
        return
    for source in watched.sources.values():
        for kept in source.assignments:
            if kept.form != "Call" or not kept.text.endswith(_STATE) or "(" in kept.text.removesuffix(_STATE):
                continue
            loading = _loading(source, kept)
            if loading is None:
                continue
            network = kept.text.removesuffix(_STATE)
            copied = f"{{name: value.clone() for name, value in {network}.state_dict().items()}}"
            yield Finding(
                "state-is-live", "warning", kept.value, {"name": kept.target, "network": network},
                because=("Every step after this one changes the kept weights too.",),
                fixes=(advice(copied, watched.instead(kept.value, copied), f"or copy.deepcopy({kept.text})"),),
                also=(loading.place,),
            )  # fmt: skip


def _loading(source: SourceFacts, kept: SourceAssignment) -> SourceCall | None:
    """The call that loads what was kept into the same network, where nothing else is done with it."""
    name, network = kept.target, kept.text.removesuffix(_STATE)
    if kept.place.path != source.path or any(
        other.target == network and other.place.line > kept.place.line for other in source.assignments
    ):
        return None
    if any(one.target.startswith((f"{name}[", f"{name}.")) for one in source.assignments):
        return None
    loading: SourceCall | None = None
    for call in source.calls:
        inside = any(argument.text == name for argument in call.arguments)
        if call.function.startswith(f"{name}."):
            return None
        if inside and call.function == f"{network}.load_state_dict" and call.place.line > kept.place.line:
            loading = call
        elif inside and not call.function.endswith(("torch.save", "save")):
            return None
    uses = sum(use.text == name for use in source.uses)
    calls = sum(any(argument.text == name for argument in call.arguments) for call in source.calls)
    compared = uses - calls
    return loading if compared <= 0 or _only_asked(source, name, compared) else None


def _only_asked(source: SourceFacts, name: str, count: int) -> bool:
    """Whether the other readings of a name only ask whether it is there."""
    asked = sum(
        source.line(use.place.line).count(f"{name} is None")
        + source.line(use.place.line).count(f"{name} is not None")
        for use in source.uses
        if use.text == name
    )
    return asked >= count
