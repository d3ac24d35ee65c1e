"""Cards of the functions that pick, mask, pad, copy and convert values."""

from __future__ import annotations

from typing import Any

from nnwhy.facts.card import Card
from nnwhy.layers.writing import function

PICKING = """
| function | picks | use it |
|---|---|---|
| x[...] | places, ranges, or those that a mask or index tensor names | most things |
| narrow | one range of one axis | x[:, a:a+n] with numbers |
| select | one place of one axis | x[:, i] |
| index_select | places of one axis, the same for all | reorder, repeat |
| gather | for each position, its own place along an axis | the score of each sample's target |
| where, masked_fill | by a mask, between two | masks of attention |
| topk, sort | the largest | beam search, top-5 |
"""


def picking(path: str, **fields: Any) -> Card:
    """The card of a function that picks or moves values."""
    still: dict[str, Any] = {
        "modes": "The same.",
        "parameters": "0",
        "multiply_adds": "0",
        "neighbours": PICKING,
    }
    return function(path, "functions that select", **{**still, **fields})


GETITEM = picking(
    "torch.Tensor.__getitem__",
    sentence="Picks part of a tensor: x[…].",
    here="picks part of the tensor",
    data="A number picks one place and drops the axis; a slice keeps a range; None adds an axis; a mask or an index tensor picks values one by one, with a copy.",
    why="The last time step, the class token, the even rows.",
    arguments="index | number, slice, None, …, mask or index tensor; one for each axis, from the first on",
    shape="__getitem__",
    shape_note="⌈(stop − start) / step⌉ for a slice",
    pitfalls="""
        x[:, -1] of an LSTM's output is the last step only with batch_first=True | recurrent-input
        x[0] drops the batch axis: x[0:1] keeps it | missing-batch-axis
    """,
)
SETITEM = picking(
    "torch.Tensor.__setitem__",
    sentence="Writes into part of a tensor, in place: x[…] = value.",
    here="writes into part of the tensor, in place",
    data="As in x[…], the part is named; the value is broadcast to its shape.",
    why="To fill a buffer step by step.",
    arguments="index | the part\nvalue | what is written there",
    shape="__setitem__",
    shape_note="the input's shape",
    pitfalls="Writing into what a gradient needs is an error in the backward pass: torch.where or cat make a new tensor",
)
NARROW = picking(
    "torch.narrow",
    sentence="Takes a range of an axis.",
    here="{length} items of axis {dim}, from {start}",
    data="Nothing is copied.",
    why="It is x[:, start:start + length] with the axis as a number.",
    arguments="input | any shape\ndim | the axis\nstart | first item\nlength | how many | larger output",
    shape="narrow",
    shape_note="length in place of the axis",
)
SELECT = picking(
    "torch.select",
    sentence="Takes one item of an axis and drops the axis.",
    here="item {index} of axis {dim}",
    data="(N, L, E) at dim 1, index 0 becomes (N, E). Nothing is copied.",
    why="It is x[:, index] with the axis as a number.",
    arguments="input | any shape\ndim | the axis\nindex | which item",
    shape="select",
    shape_note="the shape without the axis",
)
INDEX_SELECT = picking(
    "torch.index_select",
    sentence="Takes the items of an axis that an index tensor names, in its order.",
    here="picks the named items of axis {dim}",
    data="(N, C) at dim 1 with index of K becomes (N, K), the same K for every sample; with a copy.",
    why="To reorder or repeat channels, or beams.",
    arguments="input | any shape\ndim | the axis\nindex | whole numbers, one axis",
    shape="index_select",
    shape_note="the length of index in place of the axis",
    pitfalls="An index outside the axis is an error | embedding-index",
)
GATHER = picking(
    "torch.gather",
    sentence="For each position of an index tensor, takes the value at that index along an axis.",
    here="along axis {dim}, for each position its own index",
    data="out[i][j] = input[i][index[i][j]] for dim 1. Other positions are kept apart.",
    why="The score of each sample's own target; the action that each sample took.",
    arguments="input | any shape\ndim | the axis\nindex | whole numbers, as many axes as input\nsparse_grad = False | whether the gradient is sparse",
    shape="gather",
    shape_note="the shape of index",
    pitfalls="index must have as many axes as input: unsqueeze (N) to (N, 1)",
)
SCATTER = picking(
    "torch.scatter",
    sentence="Writes values to the places along an axis that an index tensor names: gather backwards.",
    here="along axis {dim}, writes each value to its own index",
    data="out[i][index[i][j]] = src[i][j] for dim 1.",
    why="One-hot vectors; putting back what was sorted.",
    arguments="input | what is written into\ndim | the axis\nindex | whole numbers\nsrc | the values, or one value",
    shape="scatter",
    shape_note="the input's shape",
    pitfalls="Where an index occurs twice, which value stays is not defined: scatter_add adds them",
)
WHERE = picking(
    "torch.where",
    sentence="Takes from one tensor where a condition holds, else from another.",
    here="where the condition holds the first, else the second",
    data="The three are broadcast to one shape; each position on its own.",
    why="A choice that keeps gradients, without an `if`.",
    arguments="condition | true or false\ninput | taken where true\nother | taken where false",
    shape="where",
    shape_note="the broadcast shape",
    pitfalls="""
        A NaN in the branch not taken still makes the gradient NaN: mask before the function that makes it
        Shapes must broadcast | broadcast-shapes
    """,
)
MASKED_FILL = picking(
    "torch.Tensor.masked_fill",
    sentence="Sets values to a number where a mask is true.",
    here="sets values to {value} where the mask is true",
    data="The mask is broadcast to the tensor; each position on its own.",
    why="Scores that may not be seen are set to −∞ before a softmax.",
    arguments="mask | true where to fill, broadcast to the tensor\nvalue | the number",
    shape="masked_fill",
    shape_note="the broadcast shape",
    pitfalls="A row that is −∞ throughout becomes NaN in softmax",
)
TRIL = picking(
    "torch.tril",
    sentence="Keeps a matrix's values on and below a diagonal and zeroes the rest.",
    here="keeps what is on and below diagonal {diagonal}",
    data="The last two axes are the matrix; others are kept apart.",
    why="tril of ones is the causal mask: position i sees those up to i.",
    arguments="input | (*, rows, columns)\ndiagonal = 0 | which diagonal: 0 the main one, 1 the one above | keeps more",
    shape="tril",
    shape_note="the input's shape",
)
TRIU = picking(
    "torch.triu",
    sentence="Keeps a matrix's values on and above a diagonal and zeroes the rest.",
    here="keeps what is on and above diagonal {diagonal}",
    data="The last two axes are the matrix; others are kept apart.",
    why="triu of ones above the main diagonal marks the future, which a causal mask hides.",
    arguments="input | (*, rows, columns)\ndiagonal = 0 | which diagonal: 0 the main one, 1 the one above | keeps less",
    shape="triu",
    shape_note="the input's shape",
)
TOPK = picking(
    "torch.topk",
    sentence="The k largest values along an axis, with their places.",
    here="the {k} largest along axis {dim}, with their places",
    data="Other positions are kept apart. It gives a pair (values, indices).",
    why="Top-5 accuracy, beam search, choosing experts.",
    arguments="input | any shape\nk | how many | more\ndim = -1 | the axis\nlargest = True | False for the smallest\nsorted = True | whether in order",
    shape="topk",
    shape_note="k in place of the axis",
    pitfalls="No gradient reaches the indices; only the values have one",
)
SORT = picking(
    "torch.sort",
    sentence="Puts the values along an axis in order, with the places they had.",
    here="sorts along axis {dim}",
    data="Other positions are kept apart. It gives a pair (values, indices).",
    why="Ranks, quantiles.",
    arguments="input | any shape\ndim = -1 | the axis\ndescending = False | largest first\nstable = False | whether equal values keep their order",
    shape="sort",
    shape_note="the input's shape",
)
PAD = picking(
    "torch.nn.functional.pad",
    sentence="Puts values around a tensor, from the last axis on backwards.",
    here="pads by ({pad:list}), last axis first{mode:unless constant|, mode @}",
    data="pad = (left, right, top, bottom, …): the first pair is for the last axis, the next for the one before. Samples and channels are kept apart.",
    why="A convolution shrinks what is not padded; shapes that must join may be one short.",
    arguments="""
        input | any shape
        pad | how much before and after, in pairs, last axis first; negative cuts off | larger output
        mode = 'constant' | 'constant', 'reflect', 'replicate' or 'circular'
        value = None | the constant; None means 0
    """,
    shape="pad",
    shape_note="size + before + after",
    pitfalls="The pairs go from the last axis backwards: (left, right, top, bottom), not (top, bottom, …) | join-sizes",
    reference="padding.pad",
)
ONE_HOT = picking(
    "torch.nn.functional.one_hot",
    sentence="Turns each id into a vector of zeros with a one at its place.",
    here="each id becomes a vector of {num_classes} zeros with a one",
    data="Whole numbers (*) become (*, num_classes). Each on its own.",
    why="Ids as numbers that a Linear can weigh; targets as probabilities.",
    arguments="input | whole numbers (int64), 0 and up\nnum_classes = -1 | how many classes; −1 means the largest id + 1 | longer vectors",
    shape="one_hot",
    shape_note="(*, num_classes)",
    pitfalls="""
        It gives whole numbers: `.float()` before a Linear | dtype-mismatch
        CrossEntropyLoss wants the ids themselves, unless targets are probabilities | loss-target
        Without num_classes the length depends on the batch
    """,
    reference="sparse.one_hot",
)
CLONE = picking(
    "torch.clone",
    sentence="A copy, through which gradients flow.",
    here="a copy",
    data="Values and shape stay.",
    why="To change one and keep the other.",
    arguments="input | any shape\nmemory_format = torch.preserve_format | order in memory",
    shape="clone",
    shape_note="the input's shape",
)
DETACH = picking(
    "torch.Tensor.detach",
    sentence="The same values, cut off from the gradient.",
    here="the same values, without gradient from here on",
    data="Nothing is copied; what is computed from it sends no gradient back.",
    why="Targets made by the network itself; values for plotting.",
    shape="detach",
    shape_note="the input's shape",
    pitfalls="In the middle of a network it stops everything before from learning",
)
TO = picking(
    "torch.Tensor.to",
    sentence="The values on another device or in another type.",
    here="moved or converted, shape kept",
    data="Values and shape stay, rounded where the new type is coarser. Already so, nothing is copied.",
    why="A layer's weights and its input must have one type and one device.",
    arguments="device = None | where to: 'cpu', 'cuda:0'\ndtype = None | which type: torch.float32",
    shape="to",
    shape_note="the input's shape",
    pitfalls="A tensor is not moved in place: write x = x.to(device) | device-mismatch",
    aliases=("float", "double", "half", "bfloat16", "long", "int", "bool", "type", "type_as", "cpu", "cuda"),
)
