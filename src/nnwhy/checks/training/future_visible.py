"""A network that is to tell the next token sees it.

## What it finds
Targets that are the network's own input one place on, while its results change with later tokens: the last token of each row was
changed in a repeated pass, and results before it changed too.

## Why it matters
The next token is the answer. With it in sight the loss falls towards 0 in training, and the network is of no use where the next
token is not there yet. Attention needs a causal mask, and a recurrent layer must not run backwards.

## Example
    h = self.encoder(self.embed(tokens))        # nn.TransformerEncoder

## Use instead
    mask = nn.Transformer.generate_square_subsequent_mask(tokens.size(1))
    h = self.encoder(self.embed(tokens), mask=mask, is_causal=True)

## When it is fine
Never, as far as known.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.Transformer.html#torch.nn.Transformer.generate_square_subsequent_mask
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding


@training_check(
    name="future-visible",
    severity="warning",
    summary="A network that is to tell the next token sees it.",
    title="the network sees the next token, which it is to tell",
)
def future_visible(watched: Watched) -> Iterator[Finding]:
    for loss in watched.losses:
        tokens = loss.tokens
        if tokens is None or tokens.shift != 1 or not tokens.ahead:
            continue
        yield Finding(
            "future-visible", "warning", tokens.reader or loss.place, {},
            because=(
                "The targets are the input one place on.",
                "The last token of each row was changed in a repeated pass, and results before it changed too.",
            ),
            fixes=(advice("a causal mask for attention; a recurrent layer in one direction only"),),
            also=(loss.place,) if loss.place else (),
        )  # fmt: skip
        return
