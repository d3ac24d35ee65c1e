"""A random sample that the network goes on with has no way back to the mean and deviation that it was drawn from.

## What it finds
`torch.normal(mean, deviation)`, or `Normal(…).sample()`, of tensors with a gradient, whose result goes into further layers on the way
to a trained loss, in a script that takes no log-probability.

## Why it matters
Drawing has no derivative. What made the mean and the deviation, as the encoder of a VAE, learns nothing from what becomes of the
sample.

## Example
    z = torch.normal(mu, std)

## Use instead
    z = mu + std * torch.randn_like(std)         # or Normal(mu, std).rsample()

## When it is fine
Where the gradient comes by `log_prob`, as in policy gradients: such scripts are left alone.

## References
- https://docs.pytorch.org/docs/stable/distributions.html#pathwise-derivative
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding


@training_check(
    name="sample-cut-off",
    severity="warning",
    summary="A random sample that the network goes on with has no way back.",
    title="the sample drawn here has no way back to its mean and deviation",
)
def sample_cut_off(watched: Watched) -> Iterator[Finding]:
    for act in watched.acts("sampled")[:1]:
        if any("log_prob" in source.text for source in watched.sources.values()):
            return
        yield Finding(
            "sample-cut-off", "warning", act.place, {},
            because=("Layers go on with it, and what made its mean and deviation gets no gradient from them.",),
            fixes=(advice("mean + deviation * torch.randn_like(deviation), or rsample() of a distribution"),),
        )  # fmt: skip
