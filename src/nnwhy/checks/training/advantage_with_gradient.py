"""The loss of a policy moves the critic: the advantage is a factor with its gradient left on.

## What it finds
The product of a log-probability (or a ratio of two) and "return - value", where the value comes from a network with its gradient.

## Why it matters
The advantage says how much better an action was than expected; for the policy it is a number. With its gradient left on, the same loss
also moves the value: with a policy over a few actions it raises it at every step, most where the action was unlikely, whatever the
return was. That works against the critic's own loss.

## Example
    advantage = returns - values
    policy_loss = -(log_probs * advantage).mean()

## Use instead
    policy_loss = -(log_probs * advantage.detach()).mean()

## When it is fine
Where the critic has an optimizer of its own, whose gradients are set back before the critic's loss: that is not told.

## References
- https://arxiv.org/abs/1602.01783
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding, Fix
from nnwhy.facts.session import Act


@training_check(
    name="advantage-with-gradient",
    severity="warning",
    summary="The loss of a policy moves the critic.",
    title="the policy's loss moves the critic as well: the advantage has its gradient",
)
def advantage_with_gradient(watched: Watched) -> Iterator[Finding]:
    for index, act in enumerate(watched.session.acts):
        if act.kind != "advantage" or not _moved(watched, index, int(act.subject)):
            continue
        yield Finding(
            "advantage-with-gradient", "warning", act.place, {},
            because=(
                "The derivative of this product with respect to the value is minus the log-probability, whatever the return was.",
            ),
            fixes=(_fix(watched, act),),
        )  # fmt: skip
        return


def _moved(watched: Watched, index: int, critic: int) -> bool:
    """Whether an optimizer that holds the critic steps before the next backward pass; else its gradient may be thrown away."""
    order = watched.session.order
    backwards = 0
    for kind, number in order[order.index(("act", index)) :]:
        backwards += kind == "backward"
        if backwards > 1:
            break
        if kind == "step":
            step = watched.session.steps[number]
            if any(one.network == critic and one.optimizer == step.optimizer for one in step.parameters):
                return True
    return False


def _fix(watched: Watched, act: Act) -> Fix:
    """The factor without its gradient, where the product is written with a sign."""
    means = "The critic's own loss keeps the gradient."
    text = watched.text(act.place)
    try:
        product = ast.parse(text.strip(), mode="eval").body
    except SyntaxError:
        return advice(".detach() on the advantage", means=means)
    if not isinstance(product, ast.BinOp) or not isinstance(product.op, ast.Mult):
        return advice(".detach() on the advantage", means=means)
    factors = [ast.get_source_segment(text.strip(), one) or "" for one in (product.left, product.right)]
    own = (product.left, product.right)[act.number]
    plain = isinstance(own, ast.Name | ast.Attribute | ast.Call | ast.Subscript)
    factors = [
        f"({text})" if isinstance(one, ast.BinOp) and not isinstance(one.op, ast.Mult) else text
        for one, text in zip((product.left, product.right), factors, strict=True)
    ]
    if not plain and not factors[act.number].startswith("("):
        factors[act.number] = f"({factors[act.number]})"
    factors[act.number] += ".detach()"
    code = " * ".join(factors)
    return advice(code, watched.instead(act.place, code), means)
