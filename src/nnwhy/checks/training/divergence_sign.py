"""The divergence of a variational autoencoder is taken away from the loss instead of added.

## What it finds
A loss in which a - exp(a) - b² stands with a positive sign, with the same `a` twice: the Kullback-Leibler divergence of a Gaussian from
the standard normal, turned. The same where it is written with a logarithm.

## Why it matters
The divergence is never negative, and is to be made small. Turned, the loss falls without bound as the codes leave the normal
distribution: it looks as if training went well, and samples decoded from the normal distribution are noise.

## Example
    kld = 0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
    loss = reconstruction + kld

## Use instead
    kld = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())

## When it is fine
Where the negative of the loss, the evidence lower bound, is made large: then what `backward` is called on is the negative of it.

## References
- https://arxiv.org/abs/1312.6114 (appendix B)
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding


@training_check(
    name="divergence-sign",
    severity="warning",
    summary="The divergence of a variational autoencoder is taken away from the loss.",
    title="the divergence stands in the loss with the wrong sign: the loss falls without bound",
)
def divergence_sign(watched: Watched) -> Iterator[Finding]:
    for act in watched.acts("turned")[:1]:
        statement = watched.statement(act.place) or act.place
        back = watched.session.backwards[0].place if watched.session.backwards else None
        yield Finding(
            "divergence-sign", "warning", statement, {},
            because=(
                "1 + logvar - mu² - exp(logvar) is never above 0, and half of its negative is the divergence; here it is added as it is.",
            ),
            fixes=(advice("turn the sign: reconstruction + divergence, with divergence = -0.5 * (1 + logvar - mu² - exp(logvar)).sum()"),),
            also=(back,) if back else (),
        )  # fmt: skip
