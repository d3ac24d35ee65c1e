"""Losses: one number, or one for each element with reduction "none"."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nnwhy.facts.expression import Expression
from nnwhy.facts.value import TensorRef
from nnwhy.why.registry import Axis, rule
from nnwhy.why.rules.broadcasting import aligned
from nnwhy.why.site import Site

Shape = tuple[Expression, ...]


def _loss(site: Site, each: Callable[[], Sequence[Axis]]) -> Sequence[Axis]:
    """A single number, or `each` where nothing is summed up."""
    given = site.value("reduction", "mean")
    unreduced = given in ("none", 0) or site.value("reduce") is False
    return each() if unreduced else ()


def _named(site: Site, *names: str) -> list[Shape]:
    return [site.sizes(name) for name in names if isinstance(site.call.arguments.get(name), TensorRef)]


@rule("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "binary_cross_entropy", "binary_cross_entropy_with_logits", "kl_div",
      "poisson_nll_loss", "soft_margin_loss", "hinge_embedding_loss", "gaussian_nll_loss")  # fmt: skip
def by_element(site: Site) -> Sequence[Axis]:
    """One loss an element of input and target."""
    return _loss(site, lambda: aligned(_named(site, "input", "target")))


@rule("cross_entropy", "nll_loss")
def by_sample(site: Site) -> Sequence[Axis]:
    """One loss a prediction: the input's shape without its classes."""

    def each() -> Sequence[Axis]:
        x = site.sizes("input")
        return (x[0], *x[2:]) if len(x) > 1 else ()

    return _loss(site, each)


@rule("multi_margin_loss", "multilabel_margin_loss", "multilabel_soft_margin_loss")
def by_row(site: Site) -> Sequence[Axis]:
    """One loss a sample: the input's shape without its last axis."""
    return _loss(site, lambda: site.sizes("input")[:-1])


@rule("margin_ranking_loss")
def margin_ranking_loss(site: Site) -> Sequence[Axis]:
    """One loss a pair."""
    return _loss(site, lambda: aligned(_named(site, "input1", "input2", "target")))


@rule("cosine_embedding_loss")
def cosine_embedding_loss(site: Site) -> Sequence[Axis]:
    """One loss a pair of vectors."""
    return _loss(site, lambda: site.sizes("input1")[:-1])


@rule("triplet_margin_loss", "triplet_margin_with_distance_loss")
def triplet_margin_loss(site: Site) -> Sequence[Axis]:
    """One loss a triplet: broadcast, without the last axis."""
    return _loss(site, lambda: aligned(_named(site, "anchor", "positive", "negative"))[:-1])


@rule("ctc_loss")
def ctc_loss(site: Site) -> Sequence[Axis]:
    """One loss a sequence: log_probs is (length, batch, classes)."""

    def each() -> Sequence[Axis]:
        return site.sizes("log_probs")[1:-1]

    return _loss(site, each)
