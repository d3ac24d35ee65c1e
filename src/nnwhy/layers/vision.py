"""Cards of resizing: new pixels between the old ones."""

from __future__ import annotations

from nnwhy.layers.writing import function, mirror, module

NEIGHBOURS = """
| mode | a new pixel is | data | use it |
|---|---|---|---|
| nearest | the pixel whose cell it falls in | 1 to 3 axes | labels, speed; blocky |
| nearest-exact | the nearest pixel, as image libraries have it | 1 to 3 axes | labels, to agree with them |
| linear, bilinear, trilinear | a weighted mean of the 2, 4 or 8 pixels around | 1, 2, 3 axes | smooth maps |
| bicubic | a weighted sum of the 16 around; may overshoot | 2 axes | photographs |
| area | the mean of a window, as AdaptiveAvgPool | 1 to 3 axes | making smaller |
| ConvTranspose2d | learned | | where the network should learn it |
| PixelShuffle | a channel of the layer before | | super-resolution |
"""
SIZES = """
size = None | the size wanted; give this or scale_factor | larger output
scale_factor = None | how many times larger; give this or size | larger output
"""
CORNERS = "align_corners = None | for linear and cubic modes: whether the corner pixels' centres stay at the corners; False (and None) aligns their outer edges"
RECOMPUTE = (
    "recompute_scale_factor = None | whether the scale is taken anew from the whole-number output size"
)

UPSAMPLE = module(
    "Upsample",
    "vision",
    sentence="Resizes maps, by repeating or interpolating pixels; nothing is learned.",
    here="resizes{size:unless None| to @}{scale_factor:unless None| by @}{mode:if|, mode @}",
    data="(N, C, L), (N, C, H, W) or (N, C, D, H, W): the axes after the channels change size. New values come from their neighbours; channels and samples are kept apart.",
    why="Decoders and segmentation networks must get back to the image's size. It has no weights and no checkerboard pattern; a convolution after it can learn the rest.",
    arguments=f"""
        {SIZES}
        mode = 'nearest' | how new pixels are made: see the table
        {CORNERS}
        {RECOMPUTE}
    """,
    shape="interpolate",
    shape_note="size, or ⌊size · scale_factor⌋ along each axis",
    modes="The same.",
    parameters="0",
    multiply_adds="0 for nearest, 4 for bilinear, 16 for bicubic, for each output value",
    pitfalls="""
        A halved odd size does not come back: give size=other.shape[-2:] where it must fit | join-sizes
        align_corners changes results: a trained network wants the setting that it was trained with
        Labels must be resized with nearest: means of class numbers are other classes
    """,
    neighbours=NEIGHBOURS,
    reference="vision.interpolate",
)
FIXED = """
    size = None | the size wanted; give this or scale_factor | larger output
    scale_factor = None | how many times larger; give this or size | larger output
"""
UPSAMPLING_NEAREST = module(
    "UpsamplingNearest2d",
    "vision",
    sentence="Upsample with mode 'nearest' for images; deprecated in favour of F.interpolate.",
    here="repeats pixels{size:unless None| to @}{scale_factor:unless None| by @}",
    data="(N, C, H, W): height and width change; each new pixel is a copy of an old one.",
    why="It is older than Upsample and remains for old code.",
    arguments=FIXED,
    shape="interpolate",
    shape_note="size, or ⌊size · scale_factor⌋ along each axis",
    modes="The same.",
    parameters="0",
    multiply_adds="0",
    pitfalls="Deprecated: Upsample(scale_factor=2), whose mode is 'nearest' by default",
    neighbours=NEIGHBOURS,
    reference="vision.interpolate",
)
UPSAMPLING_BILINEAR = module(
    "UpsamplingBilinear2d",
    "vision",
    sentence="Upsample with mode 'bilinear' and align_corners=True for images; deprecated in favour of F.interpolate.",
    here="interpolates between pixels{size:unless None| to @}{scale_factor:unless None| by @}",
    data="(N, C, H, W): height and width change; each new pixel is a weighted mean of the four around, corners staying corners.",
    why="It is older than Upsample and remains for old code.",
    arguments=FIXED,
    shape="interpolate",
    shape_note="size, or ⌊size · scale_factor⌋ along each axis",
    modes="The same.",
    parameters="0",
    multiply_adds="4 for each output value",
    pitfalls="It has align_corners=True, where Upsample has False: they give different pixels",
    neighbours=NEIGHBOURS,
    reference="vision.upsampling_bilinear2d",
)

INTERPOLATE = mirror(
    "torch.nn.functional.interpolate",
    UPSAMPLE,
    arguments=f"""
        input | (N, C, L), (N, C, H, W) or (N, C, D, H, W)
        {SIZES}
        mode = 'nearest' | how new pixels are made: see the table
        {CORNERS}
        {RECOMPUTE}
        antialias = False | whether bilinear and bicubic average over what a smaller output pixel covers
    """,
)
GRID_SAMPLE = function(
    "torch.nn.functional.grid_sample",
    "vision",
    sentence="Reads an image at given places, between pixels too.",
    here="reads the input at the grid's places ({mode}, {padding_mode} outside)",
    data="input (N, C, H, W) and grid (N, H_out, W_out, 2) become (N, C, H_out, W_out). Channels and samples are kept apart; each output is a mean of pixels around its place.",
    why="A network can rotate, crop or warp what it sees, and learn how, since the places have gradients.",
    arguments="""
        input | (N, C, H, W) or (N, C, D, H, W)
        grid | the places: x then y, from −1 (left, top) to 1
        mode = 'bilinear' | 'bilinear', 'nearest' or 'bicubic'
        padding_mode = 'zeros' | what is outside: 'zeros', 'border' or 'reflection'
        align_corners = None | whether −1 and 1 are the centres of the corner pixels; False (and None) means their outer edges
    """,
    shape="grid_sample",
    shape_note="(N, C, H_out, W_out)",
    modes="The same.",
    parameters="0",
    multiply_adds="4 for each output value, for bilinear",
    pitfalls="""
        The grid holds x before y, though axes are height before width
        align_corners must be the same in affine_grid and grid_sample
    """,
)
AFFINE_GRID = function(
    "torch.nn.functional.affine_grid",
    "vision",
    sentence="Makes the grid of places for grid_sample from a matrix for each sample.",
    here="a grid of places for grid_sample, from a matrix for each sample",
    data="theta (N, 2, 3) becomes (N, H, W, 2): where each output pixel is to be read.",
    why="Rotation, scaling and shift are six numbers; this spreads them over all pixels.",
    arguments="""
        theta | the matrices: (N, 2, 3), or (N, 3, 4) for volumes
        size | the output's size, (N, C, H, W)
        align_corners = None | whether −1 and 1 are the centres of the corner pixels
    """,
    shape="affine_grid",
    shape_note="(N, H, W, 2)",
    modes="The same.",
    parameters="0",
    multiply_adds="6 for each place",
    pitfalls="align_corners must be the same in affine_grid and grid_sample",
)
