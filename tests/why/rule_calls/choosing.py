"""Indexing, selecting, counting and looking up."""

import torch
from hypothesis import strategies as st
from torch.nn import functional

from rule_calls import Drawn, a_tensor, axis, calls, found, number, one_of, shape, tensor


@calls("__getitem__")
def getitem(draw, name):
    x = tensor(shape(draw, 3, 4, 2, 6))
    ends = st.none() | st.integers(-7, 7)
    slices = st.builds(slice, ends, ends, st.none() | st.integers(1, 3))
    rows = st.sampled_from(
        [torch.tensor([0, 1, 1]), torch.tensor([[0], [1]]), torch.tensor(1), [0, 1], [[0, 1], [1, 0]]]
    )
    items = st.one_of(st.integers(-2, 1), slices, st.none(), rows)
    first = draw(st.lists(items, max_size=3))
    some = tuple(item for place, item in enumerate(first) if place < 3)
    if one_of(draw, True, False):
        some = (*some[:1], ..., *some[1:])
    index = one_of(
        draw, some, some[:1] or (0,), some[0] if some else 0, x > 0.03, (slice(None), x[0] > 0.03), [0, 1]
    )
    if not number(draw, 0, 4):  # ends that the user keeps in tensors
        return Drawn(lambda given: given[torch.tensor(given.shape[0]) - 2 : 9 - torch.tensor(1)], (x,))
    return Drawn(lambda given: given[index], (x,))


@calls("index_select")
def index_select(draw, name):
    x = tensor(shape(draw, 1, 3, 2, 5))
    return Drawn(torch.index_select, (x, axis(draw, x.dim()), torch.tensor([0, 1, 1])))


@calls("gather", "take", "take_along_dim")
def gather(draw, name):
    sizes = shape(draw, 2, 3, 2, 5)
    x, index = tensor(sizes), torch.zeros((number(draw, 1, 7), *(1 for _ in sizes[1:])), dtype=torch.int64)
    if name == "take_along_dim" and one_of(draw, True, False):
        return Drawn(torch.take_along_dim, (x, index))
    return (
        Drawn(torch.take, (x, index))
        if name == "take"
        else Drawn(found(name), (x, *((0, index) if name == "gather" else (index, 0))))
    )


@calls("select", "narrow", "narrow_copy")
def select(draw, name):
    x = tensor(shape(draw, 1, 4, 3, 6))
    dim = axis(draw, x.dim())
    return (
        Drawn(torch.select, (x, dim, 1))
        if name == "select"
        else Drawn(found(name), (x, dim, 1, number(draw, 1, 2)))
    )


@calls("masked_select", "nonzero", "argwhere")
def by_value(draw, name):
    x = a_tensor(draw)
    if name == "masked_select":
        return Drawn(torch.masked_select, (x, x > 0.02))
    given = {"as_tuple": True} if name == "nonzero" and one_of(draw, True, False) else {}
    return Drawn(found(name), (x > 0.02,), given)


@calls("unique", "unique_consecutive")
def unique(draw, name):
    x = tensor(shape(draw, 1, 3), torch.int64)
    given = {"return_inverse": one_of(draw, True, False), "return_counts": one_of(draw, True, False)}
    if one_of(draw, True, False):
        given = {"dim": 0}
    return Drawn(found(name), (x,), given)


@calls("bincount", "histc")
def counted(draw, name):
    x = tensor(shape(draw, 1, 1), torch.int64)
    if name == "histc":
        return Drawn(torch.histc, (x.float(),), {"bins": number(draw, 1, 9)})
    return Drawn(torch.bincount, (x,), {"minlength": number(draw, 0, 9)})


@calls("topk", "sort", "cummax", "cummin")
def ordered(draw, name):
    x = tensor(shape(draw, 1, 3, 3, 6))
    dim = axis(draw, x.dim())
    return Drawn(torch.topk, (x, number(draw, 1, 3), dim)) if name == "topk" else Drawn(found(name), (x, dim))


@calls("multinomial")
def multinomial(draw, name):
    return Drawn(torch.multinomial, (tensor(shape(draw, 1, 2, 4)), number(draw, 1, 4)))


@calls("embedding", "one_hot")
def embedding(draw, name):
    x = tensor(shape(draw, 0, 3), torch.int64)
    if name == "one_hot":
        return Drawn(functional.one_hot, (x, one_of(draw, -1, 3, 7)))
    return Drawn(functional.embedding, (x, tensor((3, number(draw, 1, 5)))))


@calls("embedding_bag")
def embedding_bag(draw, name):
    weight = tensor((3, number(draw, 1, 5)))
    if one_of(draw, True, False):
        return Drawn(functional.embedding_bag, (tensor(shape(draw, 2, 2), torch.int64), weight))
    last = one_of(draw, True, False)
    offsets = torch.tensor([0, 2, 4])
    return Drawn(
        functional.embedding_bag, (tensor((4,), torch.int64), weight, offsets), {"include_last_offset": last}
    )
