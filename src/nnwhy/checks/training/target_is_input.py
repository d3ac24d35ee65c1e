"""A language model is asked for the token that it was just given.

## What it finds
Class numbers as targets that are the very tokens the network read, place by place, in a network whose result at a place does not
change with later tokens.

## Why it matters
Such a network reads the answer at the place where it is asked for it: the loss falls to 0, and nothing is learned about what
comes next.

## Example
    logits = net(tokens)                        # a causal network
    loss = F.cross_entropy(logits.transpose(1, 2), tokens)

## Use instead
    logits = net(tokens[:, :-1])
    loss = F.cross_entropy(logits.transpose(1, 2), tokens[:, 1:])

## When it is fine
Never, as far as known: a network that reads all tokens into one state and writes them again looks at later tokens, and is left alone.

## References
- https://docs.pytorch.org/tutorials/beginner/transformer_tutorial.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding


@training_check(
    name="target-is-input",
    severity="warning",
    summary="A language model is asked for the token that it was just given.",
    title="the targets of {function} are the tokens that the network reads, not the next ones",
)
def target_is_input(watched: Watched) -> Iterator[Finding]:
    for loss in watched.losses:
        tokens = loss.tokens
        if tokens is None or tokens.shift != 0 or tokens.ahead is not False:
            continue
        place = loss.target_origin or loss.place
        yield Finding(
            "target-is-input", "warning", place, {"function": loss.function},
            because=(
                "Each target equals the token at its own place, and the network's result there does not depend on later tokens.",
                "So the answer can be read off the input.",
            ),
            fixes=(advice("targets one place on: tokens[:, :-1] into the network, tokens[:, 1:] as targets"),),
            also=(loss.place,) if loss.place else (),
        )  # fmt: skip
        return
