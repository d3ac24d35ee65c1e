"""Cards of the functions that make one value of many, and of those that measure or make tensors."""

from __future__ import annotations

from typing import Any

from nnwhy.facts.card import Card
from nnwhy.layers.writing import function

REDUCTIONS = """
| function | of the values along an axis | use it |
|---|---|---|
| mean | the mean | global average pooling, the loss of a batch |
| sum | the sum | weighted sums, counts |
| amax, amin | the largest, smallest | max over time |
| max, min with dim | the same, with places: a pair | where it stood |
| argmax | the place of the largest | the predicted class |
| var, std | how far they spread | normalisation by hand |
| norm | their length | clipping, unit vectors |
| logsumexp | log Σ eˣ, safely | probabilities in logarithms |
| prod | the product | probabilities of all together |
"""
DIM = "dim = None | the axis, or several; None takes all"
KEEP = "keepdim = False | whether the axis stays, with size 1, so that shapes still line up"


def reduction(name: str, *, what: str, here: str, why: str, **fields: Any) -> Card:
    """The card of a function that sums up along axes."""
    still: dict[str, Any] = {
        "arguments": f"input | any shape\n{DIM}\n{KEEP}",
        "shape_note": "the shape without the axis (1 with keepdim)",
        "data": "Along the axes named all values are mixed into one; other positions are kept apart.",
    }
    return function(
        f"torch.{name}",
        "reductions",
        sentence=what,
        here=here,
        why=why,
        shape=name,
        modes="The same.",
        parameters="0",
        multiply_adds="0; about one operation for each input value",
        neighbours=REDUCTIONS,
        **{**still, **fields},
    )


ALL = "Without dim it takes all axes, the batch as well: one number | batch-mixed"
ALONG = "{dim:unless None| along axis #}"

MEAN = reduction(
    "mean",
    what="The mean of the values along axes.",
    here=f"the mean{ALONG}",
    why="Over height and width it is global average pooling; over time it sums a sequence up.",
    pitfalls=f"{ALL}\nPadded steps count in the mean\nWhole numbers have none: `.float()` first | dtype-mismatch",
)
SUM = reduction(
    "sum",
    what="The sum of the values along axes.",
    here=f"the sum{ALONG}",
    why="With weights before it, a weighted mean; with a mask, a count.",
    pitfalls=ALL,
)
PROD = reduction("prod", what="The product of the values along an axis.", here=f"the product{ALONG}", why="Probabilities of independent things together.", pitfalls="Many small factors round to 0: add logarithms")  # fmt: skip
MAX = reduction(
    "max",
    what="The largest value; with dim, along that axis, with its place.",
    here=f"the largest{ALONG}",
    why="Max over time: was the feature there at all.",
    pitfalls="With dim it gives a pair (values, indices): amax gives the values alone",
)
MIN = reduction(
    "min",
    what="The smallest value; with dim, along that axis, with its place.",
    here=f"the smallest{ALONG}",
    why="The nearest of several distances.",
    pitfalls="With dim it gives a pair (values, indices): amin gives the values alone",
)
AMAX = reduction(
    "amax", what="The largest value along axes.", here=f"the largest{ALONG}", why="Max over time."
)
AMIN = reduction(
    "amin", what="The smallest value along axes.", here=f"the smallest{ALONG}", why="The nearest."
)
ARGMAX = reduction(
    "argmax",
    what="The place of the largest value along an axis.",
    here=f"the place of the largest{ALONG}",
    why="The predicted class: softmax before it changes nothing.",
    pitfalls="It has no gradient: it is for evaluation, not for a loss\nWithout dim it counts through the flattened tensor",
)
ARGMIN = reduction(
    "argmin",
    what="The place of the smallest value along an axis.",
    here=f"the place of the smallest{ALONG}",
    why="The nearest centre.",
    pitfalls="It has no gradient",
)
VAR = reduction(
    "var",
    what="The variance of the values along axes.",
    here=f"the variance{ALONG}",
    why="Normalisation by hand.",
    arguments=f"input | any shape\n{DIM}\ncorrection = 1 | the sum of squares is divided by n − correction | smaller divisor\n{KEEP}",
    pitfalls="It divides by n − 1; the normalisation layers divide by n (correction=0)\nOf one value it is NaN, with a warning",
)
STD = reduction(
    "std",
    what="The standard deviation of the values along axes.",
    here=f"the standard deviation{ALONG}",
    why="Normalisation by hand.",
    arguments=f"input | any shape\n{DIM}\ncorrection = 1 | the sum of squares is divided by n − correction | smaller divisor\n{KEEP}",
    pitfalls="It divides by n − 1; the normalisation layers divide by n (correction=0)\nWhere all values are equal its gradient is 0, that of sqrt(var) NaN",
)
NORM = reduction(
    "norm",
    what="The length of vectors: the p-norm of the values along axes.",
    here=f"the {{p:unless fro|@-}}norm{ALONG}",
    why="Unit vectors, clipping, penalties.",
    arguments=f"input | any shape\np = 'fro' | which norm: 2 and 'fro' are the usual length\n{DIM}\n{KEEP}",
    pitfalls="Deprecated: torch.linalg.vector_norm and matrix_norm",
)
LOGSUMEXP = reduction(
    "logsumexp",
    what="The logarithm of the sum of exponentials along axes, without overflow.",
    here=f"log Σ eˣ{ALONG}",
    why="Adding probabilities that are kept as logarithms; a smooth maximum.",
    arguments=f"input | any shape\ndim | the axis, or several\n{KEEP}",
)
CUMSUM = reduction(
    "cumsum",
    what="Running sums along an axis.",
    here="running sums along axis {dim}",
    why="Positions from a mask; distributions.",
    data="Along the axis each value is mixed with all before; the shape stays.",
    arguments="input | any shape\ndim | the axis",
    shape_note="the input's shape",
)

NORMALIZE = function(
    "torch.nn.functional.normalize",
    "reductions",
    sentence="Scales vectors to length 1.",
    here="vectors along axis {dim} to length 1{p:unless 2|, by the @-norm}",
    data="Any shape, kept: x / max(‖x‖ₚ, eps) along an axis. Each vector on its own.",
    why="Only directions are compared: a product of such vectors is their cosine.",
    arguments="input | any shape\np = 2.0 | which norm | nearer to the largest value\ndim = 1 | the axis of the vectors\neps = 1e-12 | the smallest length to divide by",
    shape="normalize",
    shape_note="the input's shape",
    modes="The same.",
    parameters="0",
    multiply_adds="about 2 for each value",
    pitfalls="dim is 1 by default, not the last axis: for (N, L, E) give dim=-1",
    reference="distance.normalize",
)
CDIST = function(
    "torch.cdist",
    "reductions",
    sentence="The distance of every vector of one set to every vector of another.",
    here="the {p}-norm distance of every pair of vectors",
    data="(*, A, K) and (*, B, K) become (*, A, B). Each pair on its own; K is summed away.",
    why="Nearest neighbours and centres.",
    arguments="x1 | (*, A, K)\nx2 | (*, B, K)\np = 2.0 | which norm | nearer to the largest difference\ncompute_mode = 'use_mm_for_euclid_dist_if_necessary' | whether to go by a product of matrices, faster and less exact",
    shape="cdist",
    shape_note="(*, A, B)",
    modes="The same.",
    parameters="0",
    multiply_adds="A·B·K",
    pitfalls="By a product of matrices small distances are not exact",
)
GUMBEL_SOFTMAX = function(
    "torch.nn.functional.gumbel_softmax",
    "activation",
    sentence="Draws a class by random, in a way that has a gradient.",
    here="draws a class along axis {dim}, temperature {tau}{hard:if|, one-hot}",
    data="Scores along dim become shares that add to 1: softmax((scores + Gumbel noise)/tau). Other positions are kept apart.",
    why="A draw has no gradient; this is close to one, and closer the smaller tau is.",
    arguments="logits | the scores\ntau = 1 | temperature | softer, further from a draw\nhard = False | one-hot out, with the gradient of the soft shares\neps = 1e-10 | not used any more\ndim = -1 | the axis of the classes",
    shape="softmax",
    shape_note="the input's shape",
    modes="Random in both: it does not know of `eval()`.",
    parameters="0",
    multiply_adds="0; an exponential and two logarithms for each value",
    pitfalls="It stays random in evaluation",
)


def maker(name: str, here: str, what: str, **fields: Any) -> Card:
    """The card of a function that makes a tensor."""
    still: dict[str, Any] = {
        "arguments": "size | the shape\ndtype = None | the type\ndevice = None | the device",
        "shape_note": "the sizes given",
        "why": "Masks, positions, first states.",
        "pitfalls": "Made on the CPU unless told: device=x.device, or register it as a buffer | device-mismatch",
    }
    return function(
        f"torch.{name}",
        "functions that make",
        sentence=what,
        here=here,
        data="Made, not computed from the data.",
        shape=name,
        modes="The same.",
        parameters="0",
        multiply_adds="0",
        **{**still, **fields},
    )


ZEROS = maker("zeros", "zeros", "A tensor of zeros.", aliases=("new_zeros",))
ONES = maker("ones", "ones", "A tensor of ones.", aliases=("new_ones",))
FULL = maker(
    "full",
    "filled with {fill_value}",
    "A tensor of one value.",
    arguments="size | the shape\nfill_value | the value\ndtype = None | the type\ndevice = None | the device",
    aliases=("new_full",),
)
LIKE = (
    maker("zeros_like", "zeros, shaped as the input", "Zeros in another's shape, type and device.", arguments="input | whose shape", shape_note="the input's shape", pitfalls=""),
    maker("ones_like", "ones, shaped as the input", "Ones in another's shape, type and device.", arguments="input | whose shape", shape_note="the input's shape", pitfalls=""),
    maker("randn_like", "normal noise, shaped as the input", "Noise from N(0, 1) in another's shape.", arguments="input | whose shape", shape_note="the input's shape", why="The draw of a variational autoencoder; noise of a diffusion model.", pitfalls="It stays random in evaluation"),
    maker("rand_like", "uniform noise, shaped as the input", "Noise uniform from 0 to 1 in another's shape.", arguments="input | whose shape", shape_note="the input's shape", why="A mask by chance.", pitfalls="It stays random in evaluation"),
)  # fmt: skip
RANDN = maker("randn", "normal noise", "Noise from N(0, 1).", why="Latent vectors, first weights.")
RAND = maker("rand", "uniform noise", "Noise uniform from 0 to 1.", why="A mask by chance.")
ARANGE = maker(
    "arange",
    "the numbers up to {end}",
    "Numbers in order, one step apart: 0, 1, 2 and so on.",
    why="Positions of a sequence.",
    arguments="start = 0 | first number\nend | where it stops, not included | longer\nstep = 1 | distance | fewer numbers\ndtype = None | the type\ndevice = None | the device",
    shape_note="⌈(end − start) / step⌉",
)
