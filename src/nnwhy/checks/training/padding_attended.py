"""A mask of attention is the wrong way round: only the filling is seen.

## What it finds
A `key_padding_mask` that hides exactly the tokens that are not the embedding's `padding_idx`.

## Why it matters
In `nn.MultiheadAttention` and the transformers of torch True means: leave this key out. With `tokens != PAD` every word is left
out and the filling alone is read.

## Example
    self.attn(x, x, x, key_padding_mask=tokens != PAD)

## Use instead
    self.attn(x, x, x, key_padding_mask=tokens == PAD)

## When it is fine
Never, as far as known. `F.scaled_dot_product_attention` has it the other way round, and is not meant here.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding


@training_check(
    name="padding-attended",
    severity="warning",
    summary="A mask of attention is the wrong way round: only the filling is seen.",
    title="key_padding_mask hides every token and leaves the filling",
)
def padding_attended(watched: Watched) -> Iterator[Finding]:
    for act in watched.acts("padding-shown")[:1]:
        yield Finding(
            "padding-attended", "warning", act.place, {},
            because=("True in key_padding_mask means: leave this key out.",),
            fixes=(advice("key_padding_mask=tokens == padding, or ~mask"),),
        )  # fmt: skip
