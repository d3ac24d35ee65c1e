"""Cards of the pools with a window: a window becomes one value, channel by channel."""

from __future__ import annotations

from nnwhy.facts.card import Card
from nnwhy.layers.writing import mirror, module, paper

AXES = {1: ("L",), 2: ("H", "W"), 3: ("D", "H", "W")}

NEIGHBOURS = """
| layer | what a window becomes | output size | use it |
|---|---|---|---|
| MaxPool | its largest value | by kernel and stride | is the feature there at all; the usual one inside a network |
| AvgPool | its mean | by kernel and stride | how much of it is there; smoother |
| LPPool | the p-norm of its values | by kernel and stride | between sum (p = 1) and maximum (p → ∞) |
| AdaptiveAvgPool | its mean | what you ask for | before a Linear, for any image size; size 1 is global average pooling |
| AdaptiveMaxPool | its largest value | what you ask for | the same, with the maximum |
| FractionalMaxPool | its largest value | a fraction, windows random | shrinks by less than 2, and regularises |
| MaxUnpool | puts each value back where the maximum was, zeros elsewhere | the size before | decoders that mirror MaxPool |
| Conv with stride 2 | a learned weighted sum over all channels | by kernel and stride | learned shrinking, at a cost |
"""

KERNEL = "kernel_size | size of the window, one number or one per axis | output smaller, more is summed up in one value"
STRIDE = "stride = None | step from one window to the next; None means kernel_size, so windows do not overlap | output smaller"
CEIL = "ceil_mode = False | whether a window that hangs over the edge still counts, so that sizes round up | output at most one larger"
SHAPE = "{axis}_out = ⌊({axis} + 2·padding − {window}) / stride⌋ + 1"
ROUND = "; with ceil_mode rounded up, if the last window still starts inside the input or its left padding"
LOST = "What is left over at the end of an axis and fills no window is dropped, silently: 25 → 12 with a window of 2 | rows-lost"
SMALL = "A window larger than the input, after several pools, is an error | kernel-larger-than-input"
ORDER = "It pools the last axes: with channels last it would pool over the channels | channels-last-input"


def spatial(dimensions: int) -> str:
    return ", ".join(AXES[dimensions])


def window_text(dimensions: int) -> str:
    """How a window reads in a sentence: "2×2 window", "window of 2"."""
    return "window of {kernel_size:1d}" if dimensions == 1 else f"{{kernel_size:{dimensions}d}} window"


def sizes(dimensions: int, window: str, *, padding: bool = True) -> str:
    """The output sizes of a pool, axis by axis."""
    rule = SHAPE if padding else SHAPE.replace("({axis} + 2·padding − {window})", "({axis} − {window})")
    return "; ".join(rule.format(axis=axis, window=window) for axis in AXES[dimensions]) + ROUND


def max_pool(dimensions: int) -> Card:
    return module(
        f"MaxPool{dimensions}d",
        "pooling",
        sentence="Keeps the largest value of each window, channel by channel.",
        here=f"keeps the largest value of each {window_text(dimensions)}{{stride:unless kernel_size|, step @}}{{padding:unless 0|, padded @}}",
        data=f"""(N, C, {spatial(dimensions)}) to (N, C, {", ".join(f"{axis}_out" for axis in AXES[dimensions])}). Of each window only the
            largest value goes on; the others are dropped. Channels and samples are kept apart; positions are mixed within the window.
            Padding counts as −∞, so it never wins.""",
        why="""Whether a feature is present matters more than its exact place. Keeping the strongest answer makes the network
            insensitive to small shifts, and shrinks the maps, so that what follows costs less and sees further.""",
        arguments=f"""
            {KERNEL}
            {STRIDE}
            padding = 0 | −∞ on each side, at most half the window | output larger
            dilation = 1 | distance between the points of the window | sees further, with gaps
            return_indices = False | whether to give the places of the maxima as well, which MaxUnpool needs
            {CEIL}
        """,
        shape=f"max_pool{dimensions}d",
        shape_note=sizes(dimensions, "dilation·(kernel_size − 1) − 1"),
        modes="The same.",
        parameters="0",
        multiply_adds="0; (product of kernel_size) − 1 comparisons for each output value",
        pitfalls=f"""
            {LOST}
            {SMALL}
            {ORDER}
            Only the largest value of a window gets a gradient
            stride defaults to kernel_size here, but to 1 in a convolution
        """,
        neighbours=NEIGHBOURS,
        reference="pooling.max_pool",
    )


def average_pool(dimensions: int) -> Card:
    divisor = (
        ""
        if dimensions == 1
        else """
            divisor_override = None | divide each sum by this number and not by the window's size | smaller values
    """
    )
    return module(
        f"AvgPool{dimensions}d",
        "pooling",
        sentence="Replaces each window by its mean, channel by channel.",
        here=f"the mean of each {window_text(dimensions)}{{stride:unless kernel_size|, step @}}{{padding:unless 0|, padded @}}",
        data=f"""(N, C, {spatial(dimensions)}) to (N, C, {", ".join(f"{axis}_out" for axis in AXES[dimensions])}). Each window's values are added and
            divided by their number. Channels and samples are kept apart; positions are mixed within the window.""",
        why="It shrinks the maps while every value keeps a say; what it gives is how much of a feature is there, and it is smooth.",
        arguments=f"""
            {KERNEL}
            {STRIDE}
            padding = 0 | zeros on each side, at most half the window | output larger
            {CEIL}
            count_include_pad = True | whether padded zeros count in the divisor, which darkens the border; False divides by the true values only
            {divisor}
        """,
        shape=f"avg_pool{dimensions}d",
        shape_note=sizes(dimensions, "kernel_size"),
        modes="The same.",
        parameters="0",
        multiply_adds="0; (product of kernel_size) additions and a division for each output value",
        pitfalls=f"""
            {LOST}
            {SMALL}
            {ORDER}
            With padding, border values are too small unless count_include_pad=False
        """,
        neighbours=NEIGHBOURS,
        reference="pooling.avg_pool",
    )


def norm_pool(dimensions: int) -> Card:
    return module(
        f"LPPool{dimensions}d",
        "pooling",
        sentence="Replaces each window by the p-norm of its values: (Σ xᵖ)^(1/p), channel by channel.",
        here=f"the {{norm_type}}-norm of each {window_text(dimensions)}{{stride:unless kernel_size|, step @}}",
        data=f"""(N, C, {spatial(dimensions)}), each window to one value. Channels and samples are kept apart; positions are mixed within the window.""",
        why="It lies between adding (norm_type 1) and taking the maximum (norm_type → ∞), and norm 2 measures a window's energy.",
        arguments=f"""
            norm_type | the exponent p: 1 is the sum, 2 the root of the sum of squares; 0 is not possible | nearer to the maximum
            {KERNEL if dimensions > 1 else "kernel_size | size of the window, a number: a tuple is an error here | output smaller, more is summed up in one value"}
            {STRIDE}
            {CEIL}
        """,
        shape=f"lp_pool{dimensions}d",
        shape_note=sizes(dimensions, "kernel_size", padding=False),
        modes="The same.",
        parameters="0",
        multiply_adds="about (product of kernel_size) powers for each output value",
        pitfalls=f"""
            {LOST}
            It sums and does not average: the result grows with the window
            It takes no absolute values: with an odd or broken norm_type negative inputs can make a sum below zero, whose root is NaN
            With ceil_mode a window that hangs over counts as if it were full: its sum is scaled up
        """,
        neighbours=NEIGHBOURS,
        reference="pooling.lp_pool",
    )


def max_unpool(dimensions: int) -> Card:
    return module(
        f"MaxUnpool{dimensions}d",
        "pooling",
        sentence="Undoes a MaxPool as far as can be: each value goes back to where the maximum stood, zeros elsewhere.",
        here=f"puts each value back into its {window_text(dimensions)}, zeros elsewhere{{stride:unless kernel_size|, step @}}",
        data=f"""(N, C, {spatial(dimensions)}) and the indices from MaxPool{dimensions}d(return_indices=True) become a larger (N, C, …).
            Channels and samples are kept apart. What the pool dropped is lost and stays zero.""",
        why="A decoder that mirrors an encoder needs to know where in its window each feature stood; pooling threw the place away.",
        arguments="""
            kernel_size | the pool's window | output larger
            stride = None | the pool's step; None means kernel_size | output larger
            padding = 0 | the pool's padding | output smaller
        """,
        shape=f"max_unpool{dimensions}d",
        shape_note="; ".join(
            f"{axis}_out = ({axis} − 1)·stride − 2·padding + kernel_size" for axis in AXES[dimensions]
        )
        + "; or `output_size`, where it is given to the call",
        modes="The same.",
        parameters="0",
        multiply_adds="0",
        pitfalls="""
            Several sizes pool to the same one: where the pool dropped a row, give `output_size` to the call
            The pool must be called with return_indices=True, and its output is then a pair
        """,
        neighbours=NEIGHBOURS,
        references=(
            paper(
                "Visualizing and Understanding Convolutional Networks", "Zeiler, Fergus", 2013, "1311.2901"
            ),
        ),
        reference="pooling.max_unpool",
    )


MAX_POOLS = tuple(max_pool(dimensions) for dimensions in AXES)
AVERAGE_POOLS = tuple(average_pool(dimensions) for dimensions in AXES)
NORM_POOLS = tuple(norm_pool(dimensions) for dimensions in AXES)
UNPOOLS = tuple(max_unpool(dimensions) for dimensions in AXES)

FUNCTIONS = (
    *(mirror(f"torch.nn.functional.max_pool{d}d", layer) for d, layer in zip(AXES, MAX_POOLS, strict=True)),
    *(
        mirror(f"torch.nn.functional.avg_pool{d}d", layer)
        for d, layer in zip(AXES, AVERAGE_POOLS, strict=True)
    ),
    *(mirror(f"torch.nn.functional.lp_pool{d}d", layer) for d, layer in zip(AXES, NORM_POOLS, strict=True)),
    *(
        mirror(
            f"torch.nn.functional.max_unpool{d}d",
            layer,
            inputs="input | what was pooled\nindices | where the maxima stood",
        )
        for d, layer in zip(AXES, UNPOOLS, strict=True)
    ),
)
