"""Several tensors become one, and one becomes several."""

import torch

from rule_calls import Drawn, axis, calls, found, number, one_of, shape, tensor


@calls("cat", "concat", "concatenate")
def cat(draw, name):
    sizes = list(shape(draw))
    dim = axis(draw, len(sizes))
    parts = []
    for _ in range(number(draw, 1, 4)):
        sizes[dim] = number(draw, 0, 4)
        parts.append(tensor(tuple(sizes)))
    if one_of(draw, True, False):
        parts.insert(0, torch.zeros(0))
    return Drawn(found(name), (parts,), {"dim": dim if any(part.dim() > 1 for part in parts) else 0})


@calls("stack")
def stack(draw, name):
    sizes = shape(draw, 0, 3)
    return Drawn(torch.stack, ([tensor(sizes)] * number(draw, 1, 4), axis(draw, len(sizes) + 1)))


@calls("hstack", "vstack", "dstack", "column_stack")
def stack_by_name(draw, name):
    sizes = shape(draw, 1, 4)
    return Drawn(found(name), ([tensor(sizes)] * number(draw, 1, 3),))


@calls("block_diag")
def block_diag(draw, name):
    return Drawn(torch.block_diag, tuple(tensor(shape(draw, 0, 2)) for _ in range(3)))


@calls("split", "split_with_sizes", "unsafe_split")
def split(draw, name):
    sizes = list(shape(draw))
    dim = axis(draw, len(sizes))
    sections = shape(draw, 1, 4)
    if name == "split_with_sizes" or (name == "split" and one_of(draw, True, False)):
        sizes[dim] = sum(sections)
        return Drawn(getattr(torch.Tensor, name), (tensor(tuple(sizes)), list(sections), dim))
    sizes[dim] = number(draw, 1, 9)
    function = one_of(draw, torch.split, torch.Tensor.split) if name == "split" else torch.unsafe_split
    return Drawn(function, (tensor(tuple(sizes)), number(draw, 1, 10), dim))


@calls("chunk", "unsafe_chunk")
def chunk(draw, name):
    x = tensor(shape(draw, 1, 3, 1, 9))
    return Drawn(found(name), (x, number(draw, 1, 5), axis(draw, x.dim())))


@calls("unbind")
def unbind(draw, name):
    x = tensor(shape(draw))
    return Drawn(torch.unbind, (x, axis(draw, x.dim())))


@calls("tensor_split", "hsplit", "vsplit", "dsplit")
def tensor_split(draw, name):
    x = tensor(tuple(4 * size for size in shape(draw, 3, 4, 1, 2)))
    if name != "tensor_split":
        return Drawn(found(name), (x, one_of(draw, 2, 4, [1, 3])))
    parts = number(draw, 1, 5) if one_of(draw, True, False) else [number(draw, -3, 2), number(draw, 2, 12)]
    return Drawn(torch.tensor_split, (x, parts, axis(draw, x.dim())))
