"""Products of matrices."""

from itertools import pairwise

import torch
from torch.nn import functional

from rule_calls import Drawn, broadcastable, calls, found, number, one_of, shape, tensor


@calls("linear")
def linear(draw, name):
    inside = number(draw, 1, 5)
    weight = tensor((number(draw, 1, 5), inside)) if number(draw, 0, 4) else tensor((inside,))
    return Drawn(functional.linear, (tensor((*shape(draw, 0, 3), inside)), weight))


@calls("bilinear")
def bilinear(draw, name):
    before, one, two, out = shape(draw, 1, 2), number(draw, 1, 4), number(draw, 1, 4), number(draw, 1, 4)
    return Drawn(
        functional.bilinear, (tensor((*before, one)), tensor((*before, two)), tensor((out, one, two)))
    )


@calls("matmul")
def matmul(draw, name):
    n, m, p = (number(draw, 1, 5) for _ in range(3))
    left, right = (m,), (m,)
    if one_of(draw, True, True, False):
        before = broadcastable(draw, 2, 0, 2)
        left, right = (*before[0], n, m), (*before[1], m, p)
    elif one_of(draw, True, False):
        left = (*shape(draw, 0, 2), n, m)
    else:
        right = (*shape(draw, 0, 2), m, p)
    function = one_of(draw, torch.matmul, torch.Tensor.__matmul__, lambda a, b: a @ b)
    return Drawn(function, (tensor(left), tensor(right)))


@calls("mm", "bmm", "mv", "dot", "vdot", "outer", "ger", "addmm", "addmv", "addr")
def of_matrices(draw, name):
    b, n, m, p = (number(draw, 1, 5) for _ in range(4))
    shapes = {
        "mm": ((n, m), (m, p)), "bmm": ((b, n, m), (b, m, p)), "mv": ((n, m), (m,)), "dot": ((n,), (n,)),
        "vdot": ((n,), (n,)), "outer": ((n,), (m,)), "ger": ((n,), (m,)), "addmm": ((1, p), (n, m), (m, p)),
        "addmv": ((1,), (n, m), (m,)), "addr": ((n, 1), (n,), (m,)),
    }  # fmt: skip
    return Drawn(found(name), tuple(tensor(sizes) for sizes in shapes[name]))


@calls("baddbmm", "addbmm")
def of_batches(draw, name):
    b, n, m, p = (number(draw, 1, 5) for _ in range(4))
    return Drawn(found(name), (tensor((n, p)), tensor((b, n, m)), tensor((b, m, p))))


@calls("inner")
def inner(draw, name):
    m = number(draw, 1, 4)
    return Drawn(torch.inner, (tensor((*shape(draw, 0, 2), m)), tensor((*shape(draw, 0, 2), m))))


@calls("kron")
def kron(draw, name):
    return Drawn(torch.kron, (tensor(shape(draw, 1, 3, 1, 3)), tensor(shape(draw, 1, 3, 1, 3))))


@calls("cross", "vecdot")
def vectors(draw, name):
    first, second = broadcastable(draw, 2, 0, 2)
    if name == "cross":  # both need equally many axes
        first, second = ((1,) * (2 - len(sizes)) + sizes for sizes in (first, second))
    pair = (tensor((*first, 3)), tensor((*second, 3)))
    return Drawn(torch.linalg.cross if name == "cross" else torch.linalg.vecdot, pair)


@calls("multi_dot", "chain_matmul")
def chain(draw, name):
    sizes = shape(draw, 3, 5)
    matrices = [tensor(pair) for pair in pairwise(sizes)]
    return (
        Drawn(torch.linalg.multi_dot, (matrices,))
        if name == "multi_dot"
        else Drawn(torch.chain_matmul, tuple(matrices))
    )


@calls("cdist", "pdist")
def distances(draw, name):
    m = number(draw, 1, 4)
    if name == "pdist":
        return Drawn(functional.pdist, (tensor((number(draw, 2, 6), m)),))
    first, second = broadcastable(draw, 2, 0, 2)
    return Drawn(
        torch.cdist, (tensor((*first, number(draw, 1, 5), m)), tensor((*second, number(draw, 1, 5), m)))
    )


@calls("tensordot")
def tensordot(draw, name):
    middle = shape(draw, 1, 2)
    left, right = shape(draw, 0, 2), shape(draw, 0, 2)
    if one_of(draw, True, False):
        return Drawn(torch.tensordot, (tensor((*left, *middle)), tensor((*middle, *right)), len(middle)))
    axes = (list(range(len(middle))), [-len(middle) + place for place in range(len(middle))])
    return Drawn(torch.tensordot, (tensor((*middle, *left)), tensor((*right, *middle)), axes))


@calls("einsum")
def einsum(draw, name):
    a, b, c, d = (number(draw, 1, 5) for _ in range(4))
    equation, shapes = one_of(
        draw,
        ("ij,jk->ik", ((a, b), (b, c))), ("bij, bjk -> bik", ((a, b, c), (a, c, d))), ("ij,jk", ((a, b), (b, c))),
        ("...ij,...jk->...ik", ((a, 2, b, c), (2, c, d))), ("ii->i", ((a, a),)), ("ij->", ((a, b),)),
        ("bhqd,bhkd->bhqk", ((a, 2, b, c), (a, 2, d, c))), ("i,j->ji", ((a,), (b,))), ("i...,i", ((a, b), (a,))),
    )  # fmt: skip
    operands = [tensor(sizes) for sizes in shapes]
    return Drawn(torch.einsum, (equation, *operands) if one_of(draw, True, False) else (equation, operands))


@calls("_grouped_mm")
def grouped_product(draw, name):
    p = 8 * number(draw, 1, 2)
    left, right = tensor((6, 16), torch.bfloat16), tensor((2, 16, p), torch.bfloat16)
    return Drawn(torch._grouped_mm, (left, right), {"offs": torch.tensor([2, 6], dtype=torch.int32)})
