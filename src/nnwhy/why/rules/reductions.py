"""Many numbers become one: sums, means, extremes, norms, along axes or over everything."""

from __future__ import annotations

from nnwhy.facts.expression import Expression
from nnwhy.facts.value import TensorRef
from nnwhy.why.registry import Axis, Sizes, rule
from nnwhy.why.rules.broadcasting import aligned, broadcast
from nnwhy.why.site import Site


def reduced(x: tuple[Expression, ...], gone: tuple[int, ...], keepdim: bool) -> tuple[Axis, ...]:
    """`x` without the axes `gone`, or with 1 in their place."""
    if keepdim:
        return tuple(1 if axis in gone else size for axis, size in enumerate(x))
    return tuple(size for axis, size in enumerate(x) if axis not in gone)


def _reduction(site: Site) -> tuple[Axis, ...]:
    x = site.sizes("input")
    given = site.value("dim")
    gone = tuple(range(len(x))) if given in (None, ()) else site.axes("dim", len(x))
    return reduced(x, gone, site.flag("keepdim"))


@rule("sum", "mean", "prod", "var", "std", "amax", "amin", "any", "all", "nansum", "nanmean", "logsumexp", "argmax", "argmin",
      "norm", "vector_norm", "count_nonzero")  # fmt: skip
def reduction(site: Site) -> tuple[Axis, ...]:
    """Without the axes in `dim` (all where none is given); `keepdim` leaves 1 in their place."""
    return _reduction(site)


@rule("matrix_norm")
def matrix_norm(site: Site) -> tuple[Axis, ...]:
    """One norm a matrix: the two axes are gone, the last two where none are given."""
    x = site.sizes("input")
    gone = site.axes("dim", len(x)) if site.has("dim") else (len(x) - 2, len(x) - 1)
    return reduced(x, gone, site.flag("keepdim"))


@rule("max", "min", "median", "nanmedian")
def extreme(site: Site) -> list[Sizes]:
    """Of everything, along an axis (with the positions), or of two tensors element by element."""
    if isinstance(site.call.arguments.get("other"), TensorRef):
        return [broadcast((site.tensor("input"), site.tensor("other")))]
    return [_reduction(site)] * len(site.call.outputs)


@rule("var_mean", "std_mean", "aminmax")
def two_at_once(site: Site) -> list[Sizes]:
    """Two reductions of the same axes."""
    return [_reduction(site)] * 2


@rule("mode", "kthvalue")
def along_one_axis(site: Site) -> list[Sizes]:
    """One value along an axis (the last where none is given), and its position."""
    x = site.sizes("input")
    gone = (site.axis("dim", len(x), -1),) if x else ()
    return [reduced(x, gone, site.flag("keepdim"))] * 2


@rule("quantile", "nanquantile")
def quantile(site: Site) -> tuple[Axis, ...]:
    """A reduction, once for each of `q`, in a new first axis."""
    q = site.call.arguments.get("q")
    first = site.sizes("q") if isinstance(q, TensorRef) else ()
    return (*first, *_reduction(site))


@rule("trace", "det", "logdet", "slogdet")
def of_a_matrix(site: Site) -> list[Sizes]:
    """One number a matrix."""
    return [site.sizes("input")[:-2]] * len(site.call.outputs)


@rule("dist")
def dist(site: Site) -> tuple[Axis, ...]:
    """The norm of a difference: a single number."""
    return ()


@rule("cosine_similarity")
def cosine_similarity(site: Site) -> tuple[Axis, ...]:
    """Both inputs broadcast, without the axis that is summed over."""
    shape = aligned([site.sizes("x1"), site.sizes("x2")])
    return reduced(shape, (site.axis("dim", len(shape), 1),), False)


@rule("pairwise_distance")
def pairwise_distance(site: Site) -> tuple[Axis, ...]:
    """Both inputs broadcast, without the last axis."""
    shape = aligned([site.sizes("x1"), site.sizes("x2")])
    return reduced(shape, (len(shape) - 1,), site.flag("keepdim"))
