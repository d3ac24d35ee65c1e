"""Parts of a tensor chosen by number, by position or by value."""

from __future__ import annotations

from collections.abc import Sequence

from nnwhy.facts.expression import Constant, Expression, evaluate, multiply, subtract
from nnwhy.why.registry import Axis, Sizes, rule
from nnwhy.why.rules.broadcasting import aligned
from nnwhy.why.site import Site


@rule("index_select")
def index_select(site: Site) -> tuple[Axis, ...]:
    """The axis becomes as long as there are indices."""
    x, index = site.sizes("input"), site.sizes("index")
    dim = site.axis("dim", len(x))
    return (*x[:dim], index[0] if index else Constant(1), *x[dim + 1 :])


@rule("gather", "take")
def gather(site: Site) -> Sequence[Axis]:
    """One value for each index: the shape of the indices."""
    return site.sizes("index")


@rule("take_along_dim")
def take_along_dim(site: Site) -> tuple[Axis, ...]:
    """One value for each index along `dim`, the other axes broadcast; all indices in one row where no axis is given."""
    x, indices = site.sizes("input"), site.sizes("indices")
    if not site.has("dim"):
        return (multiply(*indices),)
    dim = site.axis("dim", len(x))
    shape = list(aligned([(*x[:dim], Constant(1), *x[dim + 1 :]), indices]))
    shape[dim] = indices[dim]
    return tuple(shape)


@rule("select")
def select(site: Site) -> tuple[Axis, ...]:
    """One step of an axis, which is gone."""
    x = site.sizes("input")
    dim = site.axis("dim", len(x))
    return (*x[:dim], *x[dim + 1 :])


@rule("narrow", "narrow_copy")
def narrow(site: Site) -> tuple[Axis, ...]:
    """`length` steps of an axis."""
    x = site.sizes("input")
    dim = site.axis("dim", len(x))
    return (*x[:dim], site.number("length"), *x[dim + 1 :])


@rule("masked_select")
def masked_select(site: Site) -> tuple[Axis, ...]:
    """The values where the mask is true, in one row."""
    return (site.from_data("the number of true values in the mask", 0),)


@rule("nonzero", "argwhere")
def nonzero(site: Site) -> list[Sizes]:
    """One row of positions for each value that is not zero."""
    x, cause = site.sizes("input"), "the number of values that are not zero"
    if site.flag("as_tuple"):
        return [(site.from_data(cause, 0, index),) for index in range(len(site.call.outputs))]
    return [(site.from_data(cause, 0), Constant(len(x)))]


@rule("unique", "unique_consecutive")
def unique(site: Site) -> list[Sizes]:
    """Each different value once, in one row or along `dim`; with it where each one is, and how often."""
    x, cause = site.sizes("input"), "the number of different values"
    made: list[Sizes] = []
    for index in range(len(site.call.outputs)):
        shape = site.output(index).shape
        if index > 0 and len(shape) == len(x) and site.flag("return_inverse"):
            made.append(x)
        elif site.has("dim") and index == 0:
            dim = site.axis("dim", len(x))
            made.append((*x[:dim], site.from_data(cause, dim), *x[dim + 1 :]))
        else:
            made.append(tuple(site.from_data(cause, axis, index) for axis in range(len(shape))))
    return made


@rule("bincount")
def bincount(site: Site) -> tuple[Axis, ...]:
    """How often each whole number occurs, up to the largest."""
    minlength = site.number("minlength", 0)
    if evaluate(minlength) == site.output().shape[0]:
        return (minlength,)
    return (site.from_data("the largest value plus one", 0),)


@rule("histc")
def histc(site: Site) -> tuple[Axis, ...]:
    """How many values fall into each of `bins`."""
    return (site.number("bins", 100),)


@rule("topk")
def topk(site: Site) -> list[Sizes]:
    """The k largest along an axis, and where they were."""
    x = site.sizes("input")
    if not x:
        return [()] * 2
    dim = site.axis("dim", len(x), -1)
    return [(*x[:dim], site.number("k"), *x[dim + 1 :])] * 2


@rule("sort", "cummax", "cummin")
def sort(site: Site) -> list[Sizes]:
    """The same shape, and where each value was."""
    return [site.sizes("input")] * 2


@rule("multinomial")
def multinomial(site: Site) -> tuple[Axis, ...]:
    """(…, categories) → (…, num_samples)."""
    return (*site.sizes("input")[:-1], site.number("num_samples"))


@rule("embedding")
def embedding(site: Site) -> tuple[Axis, ...]:
    """One row of the weight for each index: (…) → (…, embedding_dim)."""
    return (*site.sizes("input"), *site.sizes("weight")[1:])


@rule("embedding_bag")
def embedding_bag(site: Site) -> list[Sizes]:
    """One mean, sum or maximum of rows for each bag: (bags, embedding_dim)."""
    x, weight = site.sizes("input"), site.sizes("weight")
    bags: Expression = x[0]
    if len(x) == 1:
        offsets = site.sizes("offsets")
        bags = offsets[0]
        if site.flag("include_last_offset"):
            bags = subtract(bags, 1)
    return [(bags, weight[1])]


@rule("one_hot")
def one_hot(site: Site) -> tuple[Axis, ...]:
    """(…) → (…, num_classes)."""
    x = site.sizes("input")
    if site.integer("num_classes", -1) == -1:
        return (*x, site.from_data("the largest class plus one", len(x)))
    return (*x, site.number("num_classes"))
