"""Cards of functions that are met less often: more arithmetic, reductions, picks and makers."""

from __future__ import annotations

from nnwhy.layers.functions_math import each, pairwise
from nnwhy.layers.functions_reduce import maker, reduction
from nnwhy.layers.functions_select import picking

EACH = (
    each("log1p", "log(1 + x)", "The logarithm of one plus each value, exact near 0.", "Counts on a logarithmic scale."),
    each("expm1", "eˣ − 1", "The exponential of each value less one, exact near 0.", "ELU by hand."),
    each("log2", "log₂ x", "The logarithm to base 2 of each value.", "Bits, octaves."),
    each("floor", "⌊x⌋", "Each value rounded down.", "Cells of a grid.", "Its gradient is 0 everywhere: nothing before it learns"),
    each("ceil", "⌈x⌉", "Each value rounded up.", "Counts of parts.", "Its gradient is 0 everywhere: nothing before it learns"),
    each("tan", "tan x", "The tangent of each value.", "Angles."),
    each("nan_to_num", "x, or 0 for NaN and the largest number for infinity", "Replaces NaN and infinity by numbers.", "Rows that were masked throughout.", "It hides where the NaN came from"),
)  # fmt: skip

ATAN2 = pairwise(
    "atan2",
    symbol="the angle of (b, a)",
    what="The angle of the point (b, a), value by value.",
    here="the angle of two coordinates",
    why="Directions.",
)

MEDIAN = reduction(
    "median",
    what="The middle value; with dim, along that axis, with its place.",
    here="the middle value{dim:unless None| along axis #}",
    why="A centre that outliers do not move.",
    pitfalls="Of an even number it gives the lower of the two in the middle\nWith dim it gives a pair (values, indices)",
)
CUMPROD = reduction(
    "cumprod",
    what="Running products along an axis.",
    here="running products along axis {dim}",
    why="Noise schedules.",
    data="Along the axis each value is mixed with all before; the shape stays.",
    arguments="input | any shape\ndim | the axis",
    shape_note="the input's shape",
)
COUNT_NONZERO = reduction(
    "count_nonzero",
    what="How many values along axes are not zero.",
    here="how many are not zero{dim:unless None| along axis #}",
    why="Lengths from a mask.",
    arguments="input | any shape\ndim = None | the axis, or several; None takes all",
    shape_note="the shape without the axis",
)
UNIQUE = picking(
    "torch.unique",
    sentence="The different values, in order.",
    here="the different values, in order",
    data="Everything is mixed: equal values become one. How many there are depends on the data.",
    why="Which classes or ids occur.",
    arguments="input | any shape",
    shape="unique",
    shape_note="as many as there are different values",
    pitfalls="Its shape depends on the data, so a network with it cannot be traced by shapes alone",
)
NONZERO = picking(
    "torch.nonzero",
    sentence="The places of the values that are not zero.",
    here="the places that are not zero",
    data="(*) becomes (count, number of axes). How many there are depends on the data.",
    why="Where a mask is true.",
    arguments="input | any shape",
    shape="nonzero",
    shape_note="(count, number of axes)",
    pitfalls="Its shape depends on the data, so a network with it cannot be traced by shapes alone",
)
MASKED_SELECT = picking(
    "torch.masked_select",
    sentence="The values where a mask is true, in a row.",
    here="the values where the mask is true, in a row",
    data="All axes become one. How many there are depends on the data.",
    why="The loss of the positions that count.",
    arguments="input | any shape\nmask | true or false, broadcast to it",
    shape="masked_select",
    shape_note="as many as the mask has true",
    pitfalls="Its shape depends on the data, so a network with it cannot be traced by shapes alone",
)
SCATTER_ADD = picking(
    "torch.scatter_add",
    sentence="Adds values at the places along an axis that an index tensor names.",
    here="along axis {dim}, adds each value at its own index",
    data="out[i][index[i][j]] += src[i][j] for dim 1.",
    why="Sums over groups of unequal size: the neighbours of a graph's nodes.",
    arguments="input | what is added to\ndim | the axis\nindex | whole numbers\nsrc | the values",
    shape="scatter_add",
    shape_note="the input's shape",
    pitfalls="On a GPU the order of the additions, and so the last digits, differ from run to run",
)
INDEX_ADD = picking(
    "torch.index_add",
    sentence="Adds slices at the places of an axis that an index names.",
    here="adds slices along axis {dim} at the named places",
    data="out[index[i]] += source[i] for dim 0.",
    why="Sums over groups; experts' outputs back to their tokens.",
    arguments="input | what is added to\ndim | the axis\nindex | whole numbers, one axis\nsource | the slices\nalpha = 1 | factor of source",
    shape="index_add",
    shape_note="the input's shape",
)
BERNOULLI = picking(
    "torch.bernoulli",
    sentence="Draws 1 or 0 for each value, with the value as the probability of 1.",
    here="draws 1 or 0, each with the input's probability",
    data="Any shape, kept; each value on its own.",
    why="Masks by chance; dropout by hand.",
    arguments="input | probabilities",
    shape="bernoulli",
    shape_note="the input's shape",
    pitfalls="It stays random in evaluation\nIt has no gradient",
)
MULTINOMIAL = picking(
    "torch.multinomial",
    sentence="Draws class numbers by their weights.",
    here="draws {num_samples} by the input's weights",
    data="(N, C) becomes (N, num_samples); rows are kept apart.",
    why="The next token, by its probability.",
    arguments="input | weights, not negative\nnum_samples | how many | more\nreplacement = False | whether one may be drawn again",
    shape="multinomial",
    shape_note="(N, num_samples)",
    pitfalls="It wants weights or probabilities: softmax of the scores first",
)
MESHGRID = maker(
    "meshgrid",
    "grids of coordinates from {tensors:count} tensors",
    "From one list of coordinates for each axis, grids that hold each point's.",
    arguments="tensors | one list of coordinates for each axis\nindexing = None | 'ij' for rows first, 'xy' for columns first",
    shape_note="the lists' lengths, for each of the grids",
    why="Positions of pixels.",
    pitfalls="Without indexing it warns: 'ij' is what it does now",
)
EYE = maker("eye", "ones on the diagonal", "Ones on the diagonal, zeros elsewhere.", arguments="n | number of rows\nm = None | number of columns; None means n", shape_note="(n, m)", why="Masks of pairs with oneself.")  # fmt: skip
LINSPACE = maker("linspace", "{steps} numbers from {start} to {end}", "Numbers at equal distances, both ends included.", arguments="start | first\nend | last, included\nsteps | how many | closer together", shape_note="(steps)", why="Frequencies, rates that rise with depth.")  # fmt: skip
EMPTY = maker("empty", "memory as it is", "A tensor that is not filled: any numbers.", pitfalls="What is in it is left over from before: fill all of it", aliases=("new_empty",))  # fmt: skip
TENSOR = maker("tensor", "a tensor of the given numbers", "A tensor of numbers from Python.", arguments="data | numbers or lists of them\ndtype = None | the type\ndevice = None | the device", shape_note="the lists' lengths", why="Constants.")  # fmt: skip
RANDINT = maker("randint", "whole numbers by chance, below {high}", "Whole numbers by chance.", arguments="low = 0 | smallest\nhigh | limit, not included\nsize | the shape", why="Time steps of a diffusion model.")  # fmt: skip
RANDPERM = maker("randperm", "the numbers below {n} in random order", "The numbers from 0 to n − 1 in random order.", arguments="n | how many", shape_note="(n)", why="Shuffling a batch.")  # fmt: skip
FULL_LIKE = maker("full_like", "filled with {fill_value}, shaped as the input", "One value in another's shape, type and device.", arguments="input | whose shape\nfill_value | the value", shape_note="the input's shape", pitfalls="")  # fmt: skip
