"""Cards of the convolutions: the same small weighted sum at every position."""

from __future__ import annotations

from nnwhy.facts.card import Card
from nnwhy.layers.writing import mirror, module, paper

LECUN = paper(
    "Gradient-Based Learning Applied to Document Recognition",
    "LeCun, Bottou, Bengio, Haffner",
    1998,
    "https://doi.org/10.1109/5.726791",
)
DUMOULIN = paper("A guide to convolution arithmetic for deep learning", "Dumoulin, Visin", 2016, "1603.07285")

AXES = {1: ("L",), 2: ("H", "W"), 3: ("D", "H", "W")}
PLACES = {1: "positions of a sequence", 2: "pixels of an image", 3: "voxels of a volume"}
WINDOWS = {1: "stretch", 2: "patch", 3: "block"}

NEIGHBOURS = """
| layer | data | output size | use it |
|---|---|---|---|
| Conv1d | (N, C, L): sound, text, series | smaller or equal | patterns along one axis |
| Conv2d | (N, C, H, W): images | smaller or equal | patterns over two axes |
| Conv3d | (N, C, D, H, W): video, scans | smaller or equal | patterns over three axes; costly |
| Conv2d with groups = in_channels | as Conv2d | as Conv2d | depthwise: each channel alone, far fewer weights |
| Conv2d with kernel_size = 1 | as Conv2d | the same | mixes channels at each pixel: a Linear per pixel |
| ConvTranspose2d | as Conv2d | larger | to upsample, with learned weights |
| Upsample, then Conv2d | as Conv2d | larger | to upsample without a checkerboard pattern |
| Linear on a flattened image | (N, features) | fixed | every output sees every pixel; needs one image size |
| LazyConv2d | as Conv2d | as Conv2d | in_channels is taken from the first input |
"""

LAZY = """ In a Lazy layer `in_channels` is found at the first call: run one batch before
    the optimiser is made or the weights are counted."""
INITIALISATION = """Weight and bias uniform between −1/√fan_in and 1/√fan_in, with fan_in = in_channels/groups ×
    the number of kernel positions (Kaiming uniform with a = √5)."""


def size_formula(axis: str) -> str:
    """The output size of a convolution along one axis."""
    return f"{axis}_out = ⌊({axis} + 2·padding − dilation·(kernel_size − 1) − 1) / stride⌋ + 1"


def kernel_text(dimensions: int) -> str:
    """How a kernel reads in a sentence: 5 long, 3×3."""
    return "{kernel_size:1d} long" if dimensions == 1 else f"{{kernel_size:{dimensions}d}}"


def convolution(dimensions: int, *, lazy: bool) -> Card:
    """The card of (Lazy)Conv1d, Conv2d or Conv3d."""
    axes = AXES[dimensions]
    spatial, window, places = ", ".join(axes), WINDOWS[dimensions], PLACES[dimensions]
    kernel = " × ".join("k" * dimensions)
    channels = "in_channels | channels of the input: what the layer before makes, 3 for a colour image\n"
    return module(
        f"{'Lazy' if lazy else ''}Conv{dimensions}d",
        "convolution",
        sentence=f"Slides learned filters over the {places}: each output is a weighted sum of a small {window} of all channels.",
        here="{out_channels} filters, each "
        + kernel_text(dimensions)
        + ("" if lazy else " over {in_channels} channels")
        + "{stride:unless 1|, step @}{padding:unless 0|, padded @}{dilation:unless 1|, spread @}{groups:unless 1|, in @ groups}",
        data=f"""(N, in_channels, {spatial}) becomes (N, out_channels, {", ".join(f"{axis}_out" for axis in axes)}).
            Each output channel has one filter of in_channels/groups × {kernel} weights, used at every position (shared):
            it multiplies the {window} under it by the weights, adds all up, and adds the channel's bias.
            Channels are mixed (within their group), positions are mixed within the window, samples are kept apart.
            The filter is not flipped: what is called convolution here is cross-correlation in mathematics.""",
        why=f"""The same pattern may stand anywhere, and its parts are near one another. A filter looks for it at every place
            with few weights; a Linear would need its own weight for every pair of places, and would have to learn the pattern
            anew at each.{LAZY if lazy else ""}""",
        arguments=("" if lazy else channels)
        + f"""
            out_channels | number of filters, which is the number of output channels | more patterns; weights and work grow in proportion
            kernel_size | size of the window, one number or one per axis | sees further at once; weights and work grow with its {"length" if dimensions == 1 else "area" if dimensions == 2 else "volume"}
            stride = 1 | step from one window to the next | output smaller by this factor, less work, coarser
            padding = 0 | how much is put around the input on each side; "same" keeps the size (stride 1 only), "valid" is 0 | output larger
            dilation = 1 | distance between the points that the window takes | sees further with the same weights, with gaps
            groups = 1 | splits the channels into that many groups that do not see one another; both channel numbers must be multiples | fewer weights and less work, less mixing; in_channels groups is a depthwise convolution
            bias = True | whether a learned number is added to each output channel
            padding_mode = 'zeros' | what the padding holds: 'zeros', 'reflect', 'replicate' or 'circular'
        """,
        shape=f"conv{dimensions}d",
        shape_note=f"(N, out_channels, {', '.join(f'{axis}_out' for axis in axes)}), "
        + "; ".join(size_formula(axis) for axis in axes),
        modes="The same.",
        initialisation=INITIALISATION,
        parameters="out_channels · (in_channels/groups) · (product of kernel_size) + out_channels if bias",
        multiply_adds="N · (product of the output sizes) · out_channels · (in_channels/groups) · (product of kernel_size)",
        pitfalls=f"""
            in_channels must be what comes in, at axis 1: channels stand before the {spatial} axes, not last | conv-channels
            A missing batch axis makes (C, {spatial}) one unbatched sample, and a missing channel axis makes the batch the channels | missing-batch-axis
            in_channels and out_channels must both be multiples of groups | conv-channels
            A window larger than the padded input is an error | kernel-larger-than-input
            With a stride the last rows may not fit a window and are lost, silently | rows-lost
            Before a batch normalisation its bias is taken out again: bias=False saves it | bias-before-norm
        """,
        neighbours=NEIGHBOURS,
        references=(LECUN, DUMOULIN),
        reference="convolution.convolution",
    )


def transposed(dimensions: int, *, lazy: bool) -> Card:
    """The card of (Lazy)ConvTranspose1d, 2d or 3d."""
    axes = AXES[dimensions]
    window = WINDOWS[dimensions]
    kernel = " × ".join("k" * dimensions)
    channels = "in_channels | channels of the input\n"
    return module(
        f"{'Lazy' if lazy else ''}ConvTranspose{dimensions}d",
        "convolution",
        sentence=f"Upsamples with learned filters: each input value paints a weighted {window} into the output, and overlaps add up.",
        here=("" if lazy else "{in_channels} to ")
        + "{out_channels} channels, each value paints "
        + kernel_text(dimensions)
        + "{stride:unless 1|, step @}{padding:unless 0|, cropped @}{groups:unless 1|, in @ groups}",
        data=f"""(N, in_channels, {", ".join(axes)}) becomes (N, out_channels, {", ".join(f"{axis}_out" for axis in axes)}).
            Each input value is multiplied by a filter of {kernel} weights, put into the output `stride` further than its
            neighbour's, and summed where they overlap, over all input channels of the group. Weights are shared by all positions.
            It is the gradient of a convolution with respect to its input; it does not undo a convolution.""",
        why=f"""Decoders, generators and segmentation networks must get from few positions back to many. Here the
            network learns how to fill in between.{LAZY if lazy else ""}""",
        arguments=("" if lazy else channels)
        + """
            out_channels | channels of the output | more patterns; weights and work grow in proportion
            kernel_size | size of what one input value paints | more overlap, smoother; more weights and work
            stride = 1 | distance in the output between what neighbouring inputs paint | output larger by this factor
            padding = 0 | how much is cut from each side of the output | output smaller
            output_padding = 0 | added to one side of the size: with a stride, several sizes would convolve to the same one; less than stride or dilation | output larger by that much
            groups = 1 | splits the channels into groups that do not see one another | fewer weights and less work
            bias = True | whether a learned number is added to each output channel
            dilation = 1 | distance between the points that one value paints | output larger, with gaps
            padding_mode = 'zeros' | only 'zeros' is possible
        """,
        shape=f"conv_transpose{dimensions}d",
        shape_note="; ".join(
            f"{axis}_out = ({axis} − 1)·stride − 2·padding + dilation·(kernel_size − 1) + output_padding + 1"
            for axis in axes
        ),
        modes="The same.",
        initialisation="""Weight and bias uniform between −1/√fan and 1/√fan, with fan = out_channels/groups × the number of
            kernel positions. The weight's axes are (in_channels, out_channels/groups, kernel…), the other way round than in Conv.""",
        parameters="in_channels · (out_channels/groups) · (product of kernel_size) + out_channels if bias",
        multiply_adds="N · (product of the input sizes) · in_channels · (out_channels/groups) · (product of kernel_size)",
        pitfalls="""
            A size that was halved with a remainder comes back one short or long: give `output_padding`, or `output_size` to the call | transposed-conv-size
            kernel_size that is not a multiple of stride covers the output unevenly: a checkerboard pattern
            padding makes the output smaller here, not larger
        """,
        neighbours=NEIGHBOURS,
        references=(
            DUMOULIN,
            paper(
                "Deconvolution and Checkerboard Artifacts",
                "Odena, Dumoulin, Olah",
                2016,
                "https://distill.pub/2016/deconv-checkerboard/",
            ),
        ),
        reference="convolution.transposed_convolution",
    )


CONVOLUTIONS = tuple(convolution(dimensions, lazy=False) for dimensions in AXES)
LAZY_CONVOLUTIONS = tuple(convolution(dimensions, lazy=True) for dimensions in AXES)
TRANSPOSED = tuple(transposed(dimensions, lazy=False) for dimensions in AXES)
LAZY_TRANSPOSED = tuple(transposed(dimensions, lazy=True) for dimensions in AXES)

F_CONVOLUTIONS = tuple(
    mirror(
        f"torch.nn.functional.conv{dimensions}d",
        layer,
        here="slides the given filters over the input{stride:unless 1|, step @}{padding:unless 0|, padded @}{groups:unless 1|, in @ groups}",
        arguments="""
            input | (N, in_channels, …)
            weight | the filters: (out_channels, in_channels/groups, kernel…)
            bias = None | one number for each output channel
            stride = 1 | step from one window to the next | output smaller
            padding = 0 | zeros on each side | output larger
            dilation = 1 | distance between the points that the window takes | sees further
            groups = 1 | groups of channels that do not see one another | less mixing
        """,
        pitfalls="The weights are yours to keep: a plain tensor attribute is not trained, nn.Parameter is | parameter-unregistered",
    )
    for dimensions, layer in zip(AXES, CONVOLUTIONS, strict=True)
)
F_TRANSPOSED = tuple(
    mirror(
        f"torch.nn.functional.conv_transpose{dimensions}d",
        layer,
        here="upsamples with the given filters{stride:unless 1|, step @}{padding:unless 0|, cropped @}",
        arguments="""
            input | (N, in_channels, …)
            weight | (in_channels, out_channels/groups, kernel…)
            bias = None | one number for each output channel
            stride = 1 | distance in the output between what neighbours paint | output larger
            padding = 0 | how much is cut from each side | output smaller
            output_padding = 0 | added to one side of the size | output larger
            groups = 1 | groups of channels that do not see one another | less mixing
            dilation = 1 | distance between the points that one value paints | output larger
        """,
        pitfalls="dilation comes last here, after groups, unlike in conv2d: name it",
    )
    for dimensions, layer in zip(AXES, TRANSPOSED, strict=True)
)
