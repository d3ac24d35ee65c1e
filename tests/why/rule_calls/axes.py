"""Axes reordered, added, removed, merged, parted and repeated."""

import torch
from hypothesis import strategies as st

from rule_calls import Drawn, a_tensor, axis, calls, found, number, one_of, shape, tensor


@calls("permute")
def permute(draw, name):
    x = a_tensor(draw)
    order = draw(st.permutations(range(x.dim())))
    function = one_of(draw, torch.permute, torch.Tensor.permute)
    return Drawn(
        function, (x, tuple(order)) if function is torch.permute or one_of(draw, True, False) else (x, *order)
    )


@calls("transpose", "swapaxes", "swapdims")
def transpose(draw, name):
    x = a_tensor(draw)
    return Drawn(found(name), (x, axis(draw, x.dim()), axis(draw, x.dim())))


@calls("t", "T", "mT", "H", "mH", "adjoint")
def matrix_transpose(draw, name):
    x = tensor(shape(draw, 2, 2) if name in ("t", "T", "H") else shape(draw, 2, 4))
    return (
        Drawn(lambda given: getattr(given, name), (x,))
        if name in ("T", "mT", "H", "mH")
        else Drawn(found(name), (x,))
    )


@calls("movedim", "moveaxis")
def movedim(draw, name):
    x = a_tensor(draw, 2, 4)
    if one_of(draw, True, False):
        return Drawn(found(name), (x, axis(draw, x.dim()), axis(draw, x.dim())))
    return Drawn(found(name), (x, (0, 1), (-1, 0)))


@calls("squeeze", "unsqueeze")
def squeeze(draw, name):
    x = tensor(shape(draw, 1, 4, 1, 2))
    if name == "unsqueeze":
        return Drawn(torch.unsqueeze, (x, axis(draw, x.dim() + 1)))
    dims = one_of(draw, (), (axis(draw, x.dim()),), ((0, -1) if x.dim() > 1 else (0,),))
    return Drawn(torch.squeeze, (x, *dims))


@calls("rot90")
def rot90(draw, name):
    return Drawn(
        torch.rot90, (a_tensor(draw, 2, 4), number(draw, -1, 3), one_of(draw, (0, 1), (1, 0), (-1, 0)))
    )


@calls("diagonal", "diag", "diag_embed")
def diagonal(draw, name):
    offset = number(draw, -2, 2)
    if name == "diag":
        return Drawn(torch.diag, (tensor(shape(draw, 1, 2, 3)), offset))
    if name == "diag_embed":
        return Drawn(torch.diag_embed, (a_tensor(draw, 1, 3), offset))
    x = a_tensor(draw, 2, 4)
    if one_of(draw, True, False):
        return Drawn(torch.linalg.diagonal, (x,), {"offset": offset})
    return Drawn(torch.diagonal, (x, offset))


@calls("atleast_1d", "atleast_2d", "atleast_3d")
def atleast(draw, name):
    return Drawn(found(name), tuple(tensor(shape(draw, 0, 4)) for _ in range(2)))


@calls("expand", "broadcast_to")
def expand(draw, name):
    sizes = shape(draw, 1, 3, 1, 3)
    wanted = [size if size != 1 else number(draw, 1, 4) for size in sizes]
    if name == "expand" and one_of(draw, True, False):
        wanted[-1] = -1
    new = shape(draw, 0, 2)
    if name == "expand" and one_of(draw, True, False):
        return Drawn(torch.Tensor.expand, (tensor(sizes), *new, *wanted))
    return Drawn(found(name), (tensor(sizes), (*new, *wanted)))


@calls("expand_as", "view_as", "reshape_as")
def as_other(draw, name):
    sizes = shape(draw)
    first = tuple(1 if name == "expand_as" else size for size in sizes)
    return Drawn(found(name), (tensor(first), tensor(sizes)))


@calls("repeat", "tile")
def repeat(draw, name):
    x = a_tensor(draw, 1, 3)
    times = shape(draw, x.dim() if name == "repeat" else 1, 4, 1, 3)
    if name == "tile":
        return Drawn(torch.tile, (x, times))
    return Drawn(torch.Tensor.repeat, (x, *times) if one_of(draw, True, False) else (x, times))


@calls("repeat_interleave")
def repeat_interleave(draw, name):
    x = tensor((3, *shape(draw, 0, 2)))
    repeats = one_of(draw, 1, 2, 3, torch.tensor([1, 2, 0]))
    if isinstance(repeats, int) and one_of(draw, True, False):
        return Drawn(torch.repeat_interleave, (x, repeats))
    if isinstance(repeats, torch.Tensor) and one_of(draw, True, False):
        return Drawn(torch.repeat_interleave, (repeats,))
    return Drawn(torch.repeat_interleave, (x, repeats), {"dim": 0})


@calls("as_strided")
def as_strided(draw, name):
    return Drawn(torch.as_strided, (torch.zeros(200), (number(draw, 1, 5), number(draw, 1, 5)), (2, 1)))


@calls("flatten", "ravel")
def flatten(draw, name):
    x = tensor(shape(draw, 0, 5))
    if name == "ravel" or x.dim() == 0:
        return Drawn(found(name), (x,))
    start = number(draw, 0, x.dim() - 1)
    return Drawn(torch.flatten, (x, start, number(draw, start, x.dim() - 1) - one_of(draw, 0, x.dim())))


@calls("view", "reshape")
def view(draw, name):
    x = tensor(shape(draw, 1, 4))
    if name == "view" and not number(draw, 0, 4):
        return Drawn(torch.Tensor.view, (x, one_of(draw, torch.int32, torch.uint8)))
    cut = number(draw, 0, x.dim())
    front = list(x.shape[:cut])
    wanted = one_of(draw, (*front, -1), tuple(x.shape), (-1, *x.shape[cut:]), (x.numel(),))
    function = one_of(draw, torch.reshape, torch.Tensor.reshape) if name == "reshape" else torch.Tensor.view
    return Drawn(function, (x, wanted))


@calls("unflatten")
def unflatten(draw, name):
    parts = shape(draw, 2, 3)
    x = tensor((number(draw, 1, 3), int(torch.tensor(parts).prod()), number(draw, 1, 3)))
    return Drawn(torch.unflatten, (x, 1, one_of(draw, parts, (*parts[:-1], -1))))
