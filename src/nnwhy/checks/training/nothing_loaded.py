"""A checkpoint is loaded with strict=False, and not one of its names fits.

## What it finds
`load_state_dict(state, strict=False)` where the state has none of the names that the network has.

## Why it matters
`strict=False` passes over every name that does not fit, without a word. Where none does, the network keeps the random weights that it
was made with, and training begins anew.

## Example
    net.load_state_dict(torch.load("data_parallel.pt"), strict=False)     # its names begin with "module."

## Use instead
    state = {name.removeprefix("module."): value for name, value in torch.load("data_parallel.pt").items()}
    net.load_state_dict(state)

## When it is fine
Never: a call that loads nothing can go.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.load_state_dict
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding, Fix
from nnwhy.facts.session import Act


@training_check(
    name="nothing-loaded",
    severity="warning",
    summary="A state is loaded with strict=False, and none of its names fits.",
    title="none of the {count} names of the state is one of the network's: nothing is loaded",
)
def nothing_loaded(watched: Watched) -> Iterator[Finding]:
    for act in watched.acts("nothing-loaded"):
        theirs, _, own = act.subject.partition(" ")
        yield Finding(
            "nothing-loaded", "warning", act.place, {"count": act.number},
            because=(f"The state begins with {theirs}, the network with {own}; strict=False passes over what does not fit.",),
            fixes=(_fix(watched, act, theirs, own),),
        )  # fmt: skip


def _fix(watched: Watched, act: Act, theirs: str, own: str) -> Fix:
    call = watched.call(act.place)
    if call is None or not call.arguments or not theirs.endswith(own):
        return advice("leave out strict=False: the error names what does not fit")
    state, front = call.arguments[0].text, theirs.removesuffix(own)
    renamed = f'{{name.removeprefix("{front}"): value for name, value in {state}.items()}}'
    return advice(renamed, watched.instead(call.arguments[0].place, renamed))
