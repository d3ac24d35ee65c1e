"""A term of the loss has no gradient, beside another that has one.

## What it finds
A sum that a backward pass starts from, one of whose terms was computed from the same pass of the network, or from the weights, and
lost its gradient on the way: by `.item()`, `.data`, `detach()`, `argmax`, a comparison or `no_grad`.

## Why it matters
The term is in the number that is printed, and the loss falls because of the others. For the weights it is a constant: training goes
on as if it were not there.

## Example
    loss = F.cross_entropy(scores, y) + 0.1 * penalty.item()

## Use instead
    loss = F.cross_entropy(scores, y) + 0.1 * penalty

For a Dice loss of classes that `argmax` picked: the probabilities in their place.

## When it is fine
Where the term is only to be shown: leave it out of what `backward` is called on.

## References
- https://docs.pytorch.org/docs/stable/notes/autograd.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding, Fix
from nnwhy.facts.session import Act

_ENDINGS = {"item": ".item()", "data": ".data", "detach": ".detach()", "tolist": ".tolist()"}
_PICKS = frozenset({"argmax", "argmin", "max", "topk", "one_hot", "sort", "argsort"})


@training_check(
    name="loss-part-cut",
    severity="warning",
    summary="A term of the loss has no gradient, beside another that has one.",
    title="{function} ends the gradient of a term of the loss: it changes nothing in training",
)
def loss_part_cut(watched: Watched) -> Iterator[Finding]:
    for act in watched.acts("part-cut"):
        back = next((one for one in watched.session.backwards if one.step == act.step), None)
        yield Finding(
            "loss-part-cut", "warning", act.place, {"function": _ENDINGS.get(act.subject, act.subject)},
            because=(
                "The other terms have a gradient, so nothing fails and the loss falls; this one is a constant for the weights.",
            ),
            fixes=(_fix(watched, act),),
            also=(back.place,) if back and back.place else (),
        )  # fmt: skip
        return


def _fix(watched: Watched, act: Act) -> Fix:
    ending = _ENDINGS.get(act.subject, "")
    text = watched.text(act.place)
    if ending and text.endswith(ending):
        without = text.removesuffix(ending)
        return advice(without, watched.instead(act.place, without))
    if act.subject in _PICKS:
        return advice(
            f"softmax in place of {act.subject}",
            means="Probabilities have a gradient, picked classes have none.",
        )
    if act.subject.strip("_") in ("gt", "lt", "ge", "le", "eq", "ne"):
        return advice("the probabilities themselves in place of the comparison")
    return advice("compute the term with gradients, from tensors that have one")
