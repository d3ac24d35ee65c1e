"""Cards of the layers that only rearrange values."""

from __future__ import annotations

from typing import Any

from nnwhy.layers.writing import mirror, module, paper

NEIGHBOURS = """
| layer | what it does | use it |
|---|---|---|
| Flatten | joins axes 1 to the last | between convolutions and a Linear |
| Unflatten | splits one axis | the way back, in decoders |
| Unfold | lists the patches of an image | patches as columns: attention over patches, a convolution by hand |
| Fold | adds patches up into an image | the way back from patches; overlaps are summed |
| PixelShuffle | channels become pixels | upsampling without interpolation |
| PixelUnshuffle | pixels become channels | downsampling without loss |
| ChannelShuffle | deals channels out between groups | after grouped convolutions |
| torch.permute | reorders axes | channels last to channels first |
"""
NOTHING: dict[str, Any] = {
    "modes": "The same.",
    "parameters": "0",
    "multiply_adds": "0",
    "neighbours": NEIGHBOURS,
}

FLATTEN = module(
    "Flatten",
    "shape",
    sentence="Joins axes into one; by default all but the batch.",
    here="joins axes {start_dim} to {end_dim} into one",
    data="(N, C, H, W) becomes (N, C·H·W): the values stay in order, channel by channel, row by row. Nothing is computed; samples are kept apart as long as start_dim is 1 or more.",
    why="A Linear works along one axis; after convolutions a sample's numbers are spread over three. This lays them in a row.",
    arguments="""
        start_dim = 1 | first axis to join; 1 leaves the batch alone
        end_dim = -1 | last axis to join; −1 is the last
    """,
    shape="flatten",
    shape_note="the product of the joined axes: 64 · 12 · 12 = 9216",
    pitfalls="""
        On an unbatched image (C, H, W) it joins H and W and leaves C rows: add the batch axis first | missing-batch-axis
        torch.flatten(x) starts at axis 0 and joins the samples too: torch.flatten(x, 1) | batch-mixed
        nn.Flatten(x) makes a layer; call nn.Flatten()(x), or x.flatten(1) | layer-called-wrong
        Its size depends on the image's size, and with it the next Linear's in_features | linear-features
    """,
    reference="shape.flatten",
    **NOTHING,
)
UNFLATTEN = module(
    "Unflatten",
    "shape",
    sentence="Splits one axis into several whose product it is.",
    here="splits axis {dim} into {unflattened_size}",
    data="(N, C·H·W) becomes (N, C, H, W), for dim=1 and unflattened_size=(C, H, W). The values stay in order; nothing is computed.",
    why="A decoder goes from a vector back to maps.",
    arguments="""
        dim | the axis to split, a number (or the name of a named axis)
        unflattened_size | the sizes it becomes; one of them may be −1
    """,
    shape="unflatten",
    shape_note="the sizes in place of the axis",
    pitfalls="The product of the sizes must be the size of the axis | view-size",
    reference="shape.unflatten",
    **NOTHING,
)
WINDOW = """
    kernel_size | size of a patch | longer columns
    dilation = 1 | distance between the points of a patch | wider patches, with gaps
    padding = 0 | zeros around the image | more patches
    stride = 1 | step from patch to patch | fewer patches
"""
UNFOLD = module(
    "Unfold",
    "shape",
    sentence="Cuts an image into (overlapping) patches and lists each as a column.",
    here="lists every {kernel_size:2d} patch as a column{stride:unless 1|, step @}{padding:unless 0|, padded @}",
    data="(N, C, H, W) becomes (N, C · kernel positions, L), L being the number of patches. Values are copied, once for each patch they are in; a column holds channel after channel.",
    why="It makes patches the items of a sequence, and a convolution a product of matrices: weight.view(out, −1) @ columns.",
    arguments=WINDOW,
    shape="unfold",
    shape_note="L = Π (⌊(size + 2·padding − dilation·(kernel_size − 1) − 1) / stride⌋ + 1) over H and W",
    pitfalls="""
        Memory grows by the number of kernel positions
        Tensor.unfold is another function: sliding windows along one axis
    """,
    reference="shape.unfold",
    **NOTHING,
)
FOLD = module(
    "Fold",
    "shape",
    sentence="Puts a list of patches back into an image; where they overlap, values are added.",
    here="adds {kernel_size:2d} patches up into a {output_size:2d} image{stride:unless 1|, step @}",
    data="(N, C · kernel positions, L) becomes (N, C, output_size). Each patch is added in its place; samples and channels are kept apart.",
    why="It is the way back from patches to an image, and the gradient of Unfold.",
    arguments=f"output_size | height and width of the image | more patches are needed\n{WINDOW}",
    shape="fold",
    shape_note="(N, rows / kernel positions, output_size)",
    pitfalls="""
        Fold(Unfold(x)) is not x where patches overlap: divide by Fold(Unfold(ones))
        The number of columns must be that which output_size and the window give
    """,
    reference="shape.fold",
    **NOTHING,
)
SHI = paper(
    "Real-Time Single Image and Video Super-Resolution Using an Efficient Sub-Pixel Convolutional Neural Network",
    "Shi and others",
    2016,
    "1609.05158",
)
PIXEL_SHUFFLE = module(
    "PixelShuffle",
    "vision",
    sentence="Spreads r² channels over r × r pixels: fewer channels, a larger image.",
    here="each cell of {upscale_factor}×{upscale_factor} pixels comes from as many channels",
    data="(N, C·r², H, W) becomes (N, C, H·r, W·r): channel c·r² + i·r + j goes to row i, column j of each r × r cell. Values are moved, not computed.",
    why="A convolution before it computes all pixels of a cell at low resolution, which is cheap, and nothing is painted twice, unlike in a transposed convolution.",
    arguments="upscale_factor | r: how much higher and wider the image becomes | larger image, fewer channels",
    shape="pixel_shuffle",
    shape_note="(N, C/r², H·r, W·r)",
    pitfalls="The number of channels must be a multiple of r²",
    references=(SHI,),
    reference="shape.pixel_shuffle",
    **NOTHING,
)
PIXEL_UNSHUFFLE = module(
    "PixelUnshuffle",
    "vision",
    sentence="Collects r × r pixels into r² channels: a smaller image, more channels, nothing lost.",
    here="each cell of {downscale_factor}×{downscale_factor} pixels becomes as many channels",
    data="(N, C, H·r, W·r) becomes (N, C·r², H, W), the reverse of PixelShuffle. Values are moved, not computed.",
    why="It halves the resolution without dropping anything, so that what follows is cheaper and still sees every pixel.",
    arguments="downscale_factor | r: how much lower and narrower the image becomes | smaller image, more channels",
    shape="pixel_unshuffle",
    shape_note="(N, C·r², H/r, W/r)",
    pitfalls="Height and width must be multiples of r",
    references=(SHI,),
    reference="shape.pixel_unshuffle",
    **NOTHING,
)
CHANNEL_SHUFFLE = module(
    "ChannelShuffle",
    "shape",
    sentence="Deals the channels out like cards, so that each group gets some of every other group.",
    here="deals the channels out between {groups} groups",
    data="(N, C, *), kept: channel i·(C/g) + j goes to place j·g + i. Values are moved, not computed.",
    why="Grouped convolutions never mix groups; dealing the channels out between two of them does, for nothing (ShuffleNet).",
    arguments="groups | number of groups; must divide the channels | finer dealing",
    shape="channel_shuffle",
    shape_note="the input's shape",
    pitfalls="It is no random shuffle: always the same order",
    references=(
        paper(
            "ShuffleNet: An Extremely Efficient Convolutional Neural Network for Mobile Devices",
            "Zhang, Zhou, Lin, Sun",
            2017,
            "1707.01083",
        ),
    ),
    reference="shape.channel_shuffle",
    **NOTHING,
)

FUNCTIONS = tuple(
    mirror(f"torch.nn.functional.{layer.shape}", layer)
    for layer in (UNFOLD, FOLD, PIXEL_SHUFFLE, PIXEL_UNSHUFFLE, CHANNEL_SHUFFLE)
)
