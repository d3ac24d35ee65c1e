"""Cards of the functions that rearrange, join and split tensors."""

from __future__ import annotations

from typing import Any

from nnwhy.facts.card import Card
from nnwhy.layers.shape import FLATTEN, UNFLATTEN
from nnwhy.layers.writing import function, mirror

RESHAPING = """
| function | moves values | copies | use it |
|---|---|---|---|
| view | no: other axes over the same order | never; an error where it would have to | to say that no copy is made |
| reshape | no | only where it must | the same, always works |
| flatten | no: joins axes | only where it must | before a Linear |
| unflatten | no: splits an axis | no | heads out of a width |
| permute, transpose | yes: axes change places | no, the order in memory stays | channels last to first |
| squeeze, unsqueeze | no: axes of size 1 go or come | no | to line up shapes |
| expand | repeats along axes of size 1 | no | the same values for a batch |
| repeat | repeats whole tensors | yes | where the copies are changed later |
"""
JOINING = """
| function | number of axes | sizes must agree | use it |
|---|---|---|---|
| cat | the same | but for the joined axis | channels of a shortcut, time steps |
| stack | one more | all of them | a list of samples to a batch |
| split, chunk | the same | | the way back from cat |
| unbind | one fewer | | the way back from stack |
"""


def rearranging(path: str, *, why: str, neighbours: str = RESHAPING, **fields: Any) -> Card:
    """The card of a function that moves values and computes nothing."""
    still: dict[str, Any] = {"modes": "The same.", "parameters": "0", "multiply_adds": "0"}
    return function(path, "functions on shapes", why=why, neighbours=neighbours, **{**still, **fields})


VIEW = rearranging(
    "torch.Tensor.view",
    sentence="Reads the same values, in the same order, under other axes; nothing is moved or copied.",
    here="the same values under the axes ({shape:list})",
    data="(64, 12, 12) as (9216): the last axis runs fastest. The order of the values stays, so what was together in memory is together in the new axes.",
    why="Layers differ in the axes that they want; the values often need not move for it.",
    arguments="shape | the new sizes; one of them may be −1, and is then worked out",
    shape="view",
    shape_note="the sizes given; −1 is the number of values divided by the others",
    pitfalls="""
        view(-1, K) with a wrong K does not fail if it divides: it moves values from sample to sample, and the batch size changes. Give x.size(0) first and −1 after | batch-mixed
        It does not swap axes: (N, C, L) viewed as (N, L, C) scrambles; permute swaps | batch-mixed
        The product of the sizes must be the number of values | view-size
        After permute or transpose it may be an error: reshape copies where it must | view-size
    """,
    aliases=("view_as",),
)
RESHAPE = rearranging(
    "torch.reshape",
    sentence="Reads the same values, in the same order, under other axes, with a copy where that cannot be helped.",
    here="the same values under the axes ({shape:list})",
    data="As view: the order of the values stays. After permute it is the permuted order that counts, which takes a copy.",
    why="It is view without having to know how the values lie in memory.",
    arguments="input | any shape\nshape | the new sizes; one of them may be −1, and is then worked out",
    shape="reshape",
    shape_note="the sizes given; −1 is the number of values divided by the others",
    pitfalls="""
        A wrong size that divides does not fail: it mixes samples, and the batch size changes | batch-mixed
        It does not swap axes: that is permute | batch-mixed
        The product of the sizes must be the number of values | view-size
    """,
    aliases=("reshape_as",),
)
F_FLATTEN = mirror(
    "torch.flatten",
    FLATTEN,
    arguments="""
        input | any shape
        start_dim = 0 | first axis to join; 0 joins the samples too, where nn.Flatten has 1
        end_dim = -1 | last axis to join
    """,
    family="functions on shapes",
    aliases=("ravel",),
)
F_UNFLATTEN = mirror(
    "torch.unflatten",
    UNFLATTEN,
    here="splits axis {dim} into ({sizes:list})",
    arguments="""
        input | any shape
        dim | the axis to split
        sizes | the sizes it becomes; one of them may be −1
    """,
    family="functions on shapes",
)
PERMUTE = rearranging(
    "torch.permute",
    sentence="Puts the axes in another order.",
    here="axes in the order {dims:list}",
    data="(N, H, W, C) by (0, 3, 1, 2) becomes (N, C, H, W): value [n, h, w, c] is found at [n, c, h, w]. Nothing is copied; the order in memory stays.",
    why="Image libraries keep channels last, PyTorch's layers want them at axis 1.",
    arguments="input | any shape\ndims | for each new axis, which old axis it is",
    shape="permute",
    shape_note="the sizes in the new order",
    pitfalls="""
        A view after it may fail: reshape, or contiguous first | view-size
        A view in its place runs, and scrambles | batch-mixed
    """,
)
TRANSPOSE = rearranging(
    "torch.transpose",
    sentence="Swaps two axes.",
    here="swaps axes {dim0} and {dim1}",
    data="(N, L, E) by (1, 2) becomes (N, E, L). Nothing is copied; the order in memory stays.",
    why="Attention wants heads before positions, Conv1d wants channels before positions.",
    arguments="input | any shape\ndim0 | one axis\ndim1 | the other",
    shape="transpose",
    shape_note="the two sizes swapped",
    pitfalls="A view after it may fail: reshape, or contiguous first | view-size",
    aliases=("swapaxes", "swapdims"),
)
T = rearranging(
    "torch.t",
    sentence="Swaps the two axes of a matrix.",
    here="rows become columns",
    data="(A, B) becomes (B, A). Nothing is copied.",
    why="A product x·Wᵀ wants it.",
    arguments="input | two axes at most",
    shape="t",
    shape_note="(B, A)",
    pitfalls="For more than two axes it is an error: transpose(-1, -2), or x.mT",
    aliases=("T", "mT"),
)
MOVEDIM = rearranging(
    "torch.movedim",
    sentence="Moves axes to other places; the others keep their order.",
    here="axis {source:list} moves to place {destination:list}",
    data="(N, H, W, C) from −1 to 1 becomes (N, C, H, W). Nothing is copied.",
    why="It is permute without listing the axes that stay.",
    arguments="input | any shape\nsource | which axes\ndestination | where to",
    shape="movedim",
    shape_note="the sizes in the new order",
    aliases=("moveaxis",),
)
SQUEEZE = rearranging(
    "torch.squeeze",
    sentence="Removes axes of size 1.",
    here="drops axes of size 1{dim:unless None|, at @ only}",
    data="(N, 1, L) by 1 becomes (N, L). Nothing is copied.",
    why="An axis of one value is in the way of layers and losses that do not expect it.",
    arguments="input | any shape\ndim = None | the axis to remove, if its size is 1; None removes all such",
    shape="squeeze",
    shape_note="the sizes without the 1",
    pitfalls="""
        Without dim it also removes a batch axis of size 1: the last batch of one then fails or is read wrongly | missing-batch-axis
        Where the axis is not 1 it does nothing, silently
    """,
)
UNSQUEEZE = rearranging(
    "torch.unsqueeze",
    sentence="Puts in an axis of size 1.",
    here="adds an axis of size 1 at {dim}",
    data="(H, W) by 0 becomes (1, H, W). Nothing is copied.",
    why="One image needs a batch axis, a grey one a channel axis; shapes must line up to be broadcast.",
    arguments="input | any shape\ndim | where the new axis stands, from −(axes + 1) to axes",
    shape="unsqueeze",
    shape_note="the sizes with a 1 put in",
    pitfalls="0 is the batch axis, 1 the channel axis | missing-channel-axis",
)
EXPAND = rearranging(
    "torch.Tensor.expand",
    sentence="Repeats along axes of size 1 without a copy.",
    here="repeats axes of size 1 up to ({size:list}), no copy",
    data="(1, C) to (N, C): every row is the very same memory. New axes may be added in front.",
    why="A class token or a position is the same for each sample: it need be stored once.",
    arguments="size | the new sizes; −1 leaves an axis as it is",
    shape="expand",
    shape_note="the sizes given",
    pitfalls="""
        Only axes of size 1 can be expanded | broadcast-shapes
        Writing in place changes all copies: clone first
    """,
    aliases=("expand_as", "broadcast_to"),
)
REPEAT = rearranging(
    "torch.Tensor.repeat",
    sentence="Lays copies of the whole tensor side by side.",
    here="{repeats:list} copies along the axes",
    data="[a, b] repeated 2 times is [a, b, a, b]. The values are copied.",
    why="Where the copies are to be changed apart, or the axis is not of size 1.",
    arguments="repeats | number of copies along each axis | larger output",
    shape="repeat",
    shape_note="each size times its number of copies",
    pitfalls="[a, a, b, b] is repeat_interleave",
    aliases=("tile",),
)
REPEAT_INTERLEAVE = rearranging(
    "torch.repeat_interleave",
    sentence="Repeats each item of an axis.",
    here="each item of axis {dim} {repeats} times",
    data="[a, b] by 2 is [a, a, b, b]. The values are copied.",
    why="Key heads for groups of query heads; beams for each sample.",
    arguments="input | any shape\nrepeats | how many times, one number or one for each item | larger output\ndim = None | the axis; None flattens first",
    shape="repeat_interleave",
    shape_note="the axis's size times repeats",
    pitfalls="[a, b, a, b] is repeat",
)
CONTIGUOUS = rearranging(
    "torch.Tensor.contiguous",
    sentence="Lays the values in memory in the order of the axes, with a copy if they are not.",
    here="values laid in the order of the axes",
    data="The values and shape stay; only their place in memory changes.",
    why="permute and transpose leave memory as it was; view, and some fast kernels, want it in order.",
    arguments="memory_format = torch.contiguous_format | the order: contiguous_format or channels_last",
    shape="contiguous",
    shape_note="the input's shape",
)
CAT = rearranging(
    "torch.cat",
    neighbours=JOINING,
    sentence="Joins tensors along an axis that they have.",
    here="joins {tensors:count} tensors along axis {dim}",
    data="(N, 64, H, W) and (N, 32, H, W) along 1 become (N, 96, H, W). Values are copied side by side.",
    why="Shortcuts, as in U-Net and DenseNet, keep both what was and what is new.",
    arguments="tensors | the tensors, with equal sizes but for axis dim\ndim = 0 | the axis to join along; 0 is the batch",
    shape="cat",
    shape_note="the sizes of axis dim added up",
    pitfalls="""
        All other sizes must agree: halving an odd size and doubling it again leaves one pixel off | join-sizes
        dim=0, the default, joins batches: the loss then complains about batch sizes | batch-mixed
    """,
    aliases=("concat", "concatenate"),
)
STACK = rearranging(
    "torch.stack",
    neighbours=JOINING,
    sentence="Joins tensors of equal shape along a new axis.",
    here="joins {tensors:count} tensors along a new axis {dim}",
    data="Three of (C, H, W) along 0 become (3, C, H, W).",
    why="A list of samples becomes a batch.",
    arguments="tensors | the tensors, of one shape\ndim = 0 | where the new axis stands",
    shape="stack",
    shape_note="the shape with their number put in",
    pitfalls="The shapes must be equal | join-sizes",
)
SPLIT = rearranging(
    "torch.split",
    neighbours=JOINING,
    sentence="Cuts an axis into pieces of a given size.",
    here="cuts axis {dim} into pieces of {split_size_or_sections:list}",
    data="An axis of 10 by 4 becomes pieces of 4, 4 and 2. Nothing is copied.",
    why="One wide Linear computes several things at once; this takes them apart.",
    arguments="tensor | any shape\nsplit_size_or_sections | size of each piece, or a list of sizes | fewer pieces\ndim = 0 | the axis",
    shape="split",
    shape_note="one piece's size in place of the axis",
    pitfalls="The number given is the size of a piece, not how many: that is chunk",
)
CHUNK = rearranging(
    "torch.chunk",
    neighbours=JOINING,
    sentence="Cuts an axis into a number of pieces.",
    here="cuts axis {dim} into {chunks} pieces",
    data="An axis of 12 by 3 becomes three of 4. Nothing is copied.",
    why="Query, key and value out of one projection.",
    arguments="input | any shape\nchunks | how many pieces | more and smaller pieces\ndim = 0 | the axis",
    shape="chunk",
    shape_note="⌈size / chunks⌉ in place of the axis; the last piece may be smaller",
    pitfalls="Where it does not divide, the last piece is smaller, and there may be fewer pieces than asked for",
)
UNBIND = rearranging(
    "torch.unbind",
    neighbours=JOINING,
    sentence="Takes an axis apart into single tensors.",
    here="takes axis {dim} apart",
    data="(3, N, L) along 0 becomes three of (N, L). Nothing is copied.",
    why="`q, k, v = qkv.unbind(0)`, or a loop over steps.",
    arguments="input | any shape\ndim = 0 | the axis",
    shape="unbind",
    shape_note="the shape without the axis, as often as it was long",
)
FLIP = rearranging(
    "torch.flip",
    sentence="Reverses the order along axes.",
    here="reverses axes {dims:list}",
    data="[a, b, c] becomes [c, b, a]; with a copy.",
    why="Mirrored images; a sequence read backwards.",
    arguments="input | any shape\ndims | the axes",
    shape="flip",
    shape_note="the input's shape",
)
ROLL = rearranging(
    "torch.roll",
    sentence="Shifts the items of an axis; what falls off comes back in front.",
    here="shifts axis {dims:list} by {shifts:list}, around the end",
    data="[a, b, c] by 1 becomes [c, a, b]; with a copy.",
    why="Shifted windows, as in Swin.",
    arguments="input | any shape\nshifts | by how much; negative to the front\ndims = None | the axes; None flattens first, and restores the shape",
    shape="roll",
    shape_note="the input's shape",
)
