"""Cards of the normalisations that look at one sample alone: layer, RMS, group, local response."""

from __future__ import annotations

from nnwhy.layers.normalization import EPS, NEIGHBOURS
from nnwhy.layers.writing import mirror, module, paper

LOCAL = paper(
    "ImageNet Classification with Deep Convolutional Neural Networks",
    "Krizhevsky, Sutskever, Hinton",
    2012,
    "https://doi.org/10.1145/3065386",
)

LAYER_NORM = module(
    "LayerNorm",
    "normalization",
    sentence="Brings the values of each position (its last axes) to mean 0 and variance 1, then scales and shifts each by learned numbers.",
    here="each position's {normalized_shape} values to mean 0, variance 1{elementwise_affine:if|, then scaled}{bias:if| and shifted}",
    data="""(*, normalized_shape), kept. For each position the mean and variance over the last axes are taken; each value becomes
        (x − mean)/√(variance + eps) · weight + bias, with a weight and bias for each value of the last axes. The last axes are mixed; samples and
        time steps are kept apart.""",
    why="""It keeps the scale of the values steady through many layers, as batch normalisation does, without needing a batch: so it works for any batch size,
        for sequences of any length, and the same in training and evaluation (Ba et al. 2016).""",
    arguments=f"""
        normalized_shape | sizes of the last axes over which to average: a number for the last axis alone
        {EPS}
        elementwise_affine = True | whether each value has a learned scale and shift
        bias = True | whether the learned shift is there, where the scale is
    """,
    shape="layer_norm",
    shape_note="the input's shape",
    modes="The same.",
    initialisation="Scale 1, shift 0.",
    parameters="2 · (product of normalized_shape); half of it with bias=False; 0 with elementwise_affine=False",
    multiply_adds="about 2 for each value",
    pitfalls="""
        normalized_shape must be the last axes, so it does not fit channels at axis 1: for (N, C, H, W) use GroupNorm(1, C), or move the channels last | norm-features
        LayerNorm([C, H, W]) fixes the image size and has a weight for every pixel
        The variance is divided by n, not by n − 1
    """,
    neighbours=NEIGHBOURS,
    references=(paper("Layer Normalization", "Ba, Kiros, Hinton", 2016, "1607.06450"),),
    reference="normalization.layer_norm",
)

RMS_NORM = module(
    "RMSNorm",
    "normalization",
    sentence="Divides the values of each position (its last axes) by the root of their mean square, then scales each by a learned number.",
    here="each position's {normalized_shape} values divided by their root mean square{elementwise_affine:if|, scaled}",
    data="""(*, normalized_shape), kept: x / √(mean(x²) + eps) · weight. The mean is not taken off and there is no shift. The last axes are mixed; samples and
        time steps are kept apart.""",
    why="Of LayerNorm's two steps the rescaling is what helps; leaving the mean alone is cheaper and trains as well (Zhang, Sennrich 2019). Most recent language models use it.",
    arguments="""
        normalized_shape | sizes of the last axes over which to average
        eps = None | added to the mean square; None means the smallest step of the data's type (1.2e-7 for float32) | safer for values near zero, less exact
        elementwise_affine = True | whether each value has a learned scale
    """,
    shape="rms_norm",
    shape_note="the input's shape",
    modes="The same.",
    initialisation="Scale 1.",
    parameters="product of normalized_shape; 0 with elementwise_affine=False",
    multiply_adds="about 2 for each value",
    pitfalls="""
        normalized_shape must be the last axes | norm-features
        eps is None by default, not 1e-5 or 1e-6 as in most models' own code: weights taken from there want theirs
    """,
    neighbours=NEIGHBOURS,
    references=(paper("Root Mean Square Layer Normalization", "Zhang, Sennrich", 2019, "1910.07467"),),
    reference="normalization.rms_norm",
)

GROUP_NORM = module(
    "GroupNorm",
    "normalization",
    sentence="Splits each sample's channels into groups and brings each group to mean 0 and variance 1, then scales and shifts each channel.",
    here="{num_channels} channels in {num_groups} groups, each to mean 0, variance 1{affine:if|, then scaled and shifted}",
    data="""(N, C, *), kept. For each sample and group the mean and variance over the group's channels and all positions are taken; each
        value becomes (x − mean)/√(variance + eps) · weight + bias, with a weight and bias for each channel. Samples are kept apart; within a group channels
        and positions are mixed.""",
    why="Batch normalisation fails with few samples, as in detection or with large images. Groups of channels give enough values to average within one sample (Wu, He 2018).",
    arguments=f"""
        num_groups | number of groups; must divide num_channels: 1 is a LayerNorm over all, num_channels an InstanceNorm | fewer channels averaged together
        num_channels | number of channels: the size of axis 1
        {EPS}
        affine = True | whether each channel has a learned scale and shift
        bias = True | whether the learned shift is there, where the scale is
    """,
    shape="group_norm",
    shape_note="the input's shape",
    modes="The same.",
    initialisation="Scale 1, shift 0.",
    parameters="2 · num_channels if affine",
    multiply_adds="about 2 for each value",
    pitfalls="""
        num_channels must be a multiple of num_groups: an error when the layer is made | norm-features
        num_channels must be the size of axis 1 | norm-features
        The groups come first and the channels second in the call
    """,
    neighbours=NEIGHBOURS,
    references=(paper("Group Normalization", "Wu, He", 2018, "1803.08494"),),
    reference="normalization.group_norm",
)

LRN = """
    size | how many neighbouring channels are added up | a wider neighbourhood
    alpha = 0.0001 | how strongly neighbours press down | stronger
    beta = 0.75 | exponent | stronger
"""

LOCAL_RESPONSE_NORM = module(
    "LocalResponseNorm",
    "normalization",
    sentence="Divides each value by a power of the energy of neighbouring channels at the same position.",
    here="divides each value by the energy of {size} neighbouring channels",
    data="""(N, C, *), kept: x / (k + alpha·m)^beta, with m the mean of the squares of `size` channels around, where channels beyond the ends count as 0.
        Samples and positions are kept apart; neighbouring channels are mixed.""",
    why="AlexNet used it to make channels compete: a strong answer presses its neighbours down. Batch normalisation has taken its place.",
    arguments=LRN
    + """
    k = 1.0 | keeps the divisor from zero | weaker
    """,
    shape="local_response_norm",
    shape_note="the input's shape",
    modes="The same.",
    parameters="0",
    multiply_adds="about size for each value",
    pitfalls="alpha is divided by size here, which not every framework does; AlexNet has k = 2 and the default is 1",
    neighbours=NEIGHBOURS,
    references=(LOCAL,),
    reference="normalization.local_response_norm",
)

CROSS_MAP_LRN = module(
    "CrossMapLRN2d",
    "normalization",
    sentence="LocalResponseNorm for (N, C, H, W) in an old implementation; use LocalResponseNorm.",
    here="divides each value by the energy of {size} neighbouring channels",
    data="(N, C, H, W), kept: x / (k + alpha/size · Σ x²)^beta over the `size` channels around. Neighbouring channels are mixed.",
    why="It remains for models converted from Lua Torch.",
    arguments=LRN
    + """
    k = 1 | keeps the divisor from zero | weaker
    """,
    shape="local_response_norm",
    shape_note="the input's shape",
    modes="The same.",
    parameters="0",
    multiply_adds="about 2 for each value: the sum is carried from channel to channel",
    pitfalls="""
        Once counted, the first channel's energy is never taken out again (torch 2.13), so further channels differ from LocalResponseNorm
        Only 4-D input
        It is written in Python, channel by channel, and slow
    """,
    neighbours=NEIGHBOURS,
    references=(LOCAL,),
    reference="normalization.cross_map_lrn2d",
)

F_LAYER_NORM = mirror(
    "torch.nn.functional.layer_norm",
    LAYER_NORM,
    here="each position's {normalized_shape} values to mean 0, variance 1",
    arguments=f"""
        input | (*, normalized_shape)
        normalized_shape | sizes of the last axes, as a tuple
        weight = None | scale of each value
        bias = None | shift of each value
        {EPS}
    """,
)
F_RMS_NORM = mirror(
    "torch.nn.functional.rms_norm",
    RMS_NORM,
    here="each position's {normalized_shape} values divided by their root mean square",
    arguments="""
        input | (*, normalized_shape)
        normalized_shape | sizes of the last axes, as a tuple
        weight = None | scale of each value
        eps = None | added to the mean square | safer, less exact
    """,
)
F_GROUP_NORM = mirror(
    "torch.nn.functional.group_norm",
    GROUP_NORM,
    here="each of {num_groups} groups of channels to mean 0, variance 1",
    arguments=f"""
        input | (N, C, *)
        num_groups | number of groups | fewer channels averaged together
        weight = None | scale of each channel
        bias = None | shift of each channel
        {EPS}
    """,
)
F_LOCAL_RESPONSE_NORM = mirror("torch.nn.functional.local_response_norm", LOCAL_RESPONSE_NORM)
