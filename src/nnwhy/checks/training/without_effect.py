"""An attribute is set that nothing reads: it only looks like a switch.

## What it finds
`requires_grad` set on a module instead of on its parameters, a misspelt `requires_grad` on parameters, and `optimizer.lr` and its
like set on an optimizer, whose settings are in `param_groups`.

## Why it matters
Python lets any attribute be set on these. The body that was to be frozen trains on, the learning rate that was to fall stays.

## Example
    for p in net.body.parameters():
        p.require_grad = False
    optimizer.lr = 1e-4

## Use instead
    net.body.requires_grad_(False)
    for group in optimizer.param_groups:
        group["lr"] = 1e-4

## When it is fine
Where the attribute is a note of the script's own.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.requires_grad_
- https://docs.pytorch.org/docs/stable/optim.html#per-parameter-options
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding
from nnwhy.facts.place import Place
from nnwhy.facts.source import SourceAssignment


@training_check(
    name="without-effect",
    severity="warning",
    summary="An attribute is set that nothing reads.",
    title="{target} is set, and nothing reads it: a {owner} has no such setting",
)
def without_effect(watched: Watched) -> Iterator[Finding]:
    told: set[Place] = set()
    for act in watched.acts("ineffective"):
        owner, _, name = act.subject.partition(".")
        assignment = _assignment(watched, act.place)
        if act.place is None or assignment is None or act.place in told:
            continue
        told.add(act.place)
        held = assignment.target.rpartition(".")[0]
        if owner == "module":
            new = f"{held}.requires_grad_({assignment.text})"
            yield _finding(
                watched,
                assignment,
                owner,
                "Only its parameters have it; the method of this name sets it on all of them.",
                new,
            )
        else:
            new = f'{held}.param_groups[0]["{name}"] = {assignment.text}'
            yield _finding(
                watched,
                assignment,
                owner,
                "Its settings are in param_groups, for each group of parameters.",
                new,
            )
    for name in dict.fromkeys(name for network in watched.session.networks for name in network.misspelt):
        for source in watched.sources.values():
            for assignment in source.assignments:
                held, _, last = assignment.target.rpartition(".")
                if last == name and held:
                    new = f"{held}.requires_grad = {assignment.text}"
                    yield _finding(
                        watched,
                        assignment,
                        "parameter",
                        "The name is requires_grad; Python keeps any other, and torch does not look at it.",
                        new,
                    )


def _finding(
    watched: Watched, assignment: SourceAssignment, owner: str, reason: str, instead: str
) -> Finding:
    return Finding(
        "without-effect", "warning", assignment.place, {"target": assignment.target, "owner": owner},
        because=(reason,), fixes=(advice(instead, watched.instead(assignment.place, instead)),),
    )  # fmt: skip


def _assignment(watched: Watched, place: Place | None) -> SourceAssignment | None:
    source = watched.sources.get(place.path) if place else None
    if source is None or place is None:
        return None
    return next(
        (one for one in source.assignments if one.place.line <= place.line <= one.place.end_line), None
    )
