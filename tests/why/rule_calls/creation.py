"""New tensors from sizes, ranges and literals."""

import torch

from rule_calls import Drawn, a_tensor, calls, found, number, one_of, shape, tensor


@calls("zeros", "ones", "empty", "rand", "randn", "full", "randint")
def sized(draw, name):
    sizes = shape(draw)
    function = getattr(torch, name)
    if name == "full":
        return Drawn(function, (sizes, 1.0))
    if name == "randint":
        return Drawn(function, one_of(draw, (5, sizes), (1, 5, sizes)))
    return Drawn(function, sizes if one_of(draw, True, False) else (sizes,))


@calls("new_zeros", "new_ones", "new_empty", "new_full")
def new_sized(draw, name):
    sizes = shape(draw)
    more = (1.0,) if name == "new_full" else ()
    spread = sizes if name != "new_full" and one_of(draw, True, False) else (sizes,)
    return Drawn(getattr(torch.Tensor, name), (a_tensor(draw), *spread, *more))


@calls("arange")
def arange(draw, name):
    start, step = number(draw, -4, 4), one_of(draw, 1, 2, 3)
    end = start + number(draw, 1, 12)
    args = one_of(draw, (start, end), (start, end, step), (end, start, -step), (0, 1, 0.1), (0.0, 12.0, 2.0))
    return Drawn(torch.arange, one_of(draw, args, (number(draw, 1, 9),)))


@calls("linspace", "logspace", "randperm", "eye")
def counted(draw, name):
    n = number(draw, 1, 9)
    args = {"randperm": (n,), "eye": one_of(draw, (n,), (n, number(draw, 1, 9)))}.get(name, (0.0, 1.0, n))
    return Drawn(getattr(torch, name), args)


@calls("hann_window", "hamming_window", "blackman_window", "bartlett_window", "kaiser_window")
def windows(draw, name):
    return Drawn(getattr(torch, name), (number(draw, 1, 9),))


@calls("tensor", "as_tensor", "asarray", "scalar_tensor", "new_tensor")
def literals(draw, name):
    if name == "scalar_tensor":
        return Drawn(torch.scalar_tensor, (2.0,))
    data = [[1.0] * number(draw, 1, 4)] * number(draw, 1, 4)
    if name == "new_tensor":
        return Drawn(torch.Tensor.new_tensor, (a_tensor(draw), data))
    if name == "as_tensor" and one_of(draw, True, False):
        return Drawn(torch.as_tensor, (a_tensor(draw),))
    return Drawn(getattr(torch, name), (one_of(draw, data, data[0], 3),))


@calls("meshgrid", "cartesian_prod")
def grids(draw, name):
    ranges = [tensor((number(draw, 1, 5),)) for _ in range(number(draw, 1, 3))]
    given = {"indexing": one_of(draw, "ij", "xy")} if name == "meshgrid" else {}
    return Drawn(found(name), tuple(ranges), given)


@calls("tril_indices", "triu_indices")
def triangles(draw, name):
    n, inside = number(draw, 1, 6), number(draw, 0, 3)
    return Drawn(getattr(torch, name), (n, n, -inside if name == "tril_indices" else inside))
