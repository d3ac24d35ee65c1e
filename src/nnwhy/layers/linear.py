"""Cards of the layers in which every output is a weighted sum of all inputs, and of the one that does nothing."""

from __future__ import annotations

from nnwhy.layers.writing import mirror, module

NEIGHBOURS = """
| layer | what it needs to be told | use it |
|---|---|---|
| Linear | in_features and out_features | every output from every input, for each vector of the last axis |
| LazyLinear | out_features | as Linear, where in_features is a nuisance to work out |
| Bilinear | two input sizes and out_features | products of two vectors: how two things go together |
| Conv2d with kernel_size = 1 | channels | the same as Linear, on axis 1, at every pixel |
| Embedding | number of ids and vector length | Linear on one-hot vectors without bias, by looking the row up |
| Identity | nothing | a place where no layer is wanted |
"""

INITIALISATION = (
    "Weight and bias uniform between −1/√in_features and 1/√in_features (Kaiming uniform with a = √5)."
)

LINEAR = module(
    "Linear",
    "linear",
    sentence="Each output is a weighted sum of all inputs of the last axis, plus a bias: y = x·Wᵀ + b.",
    here="each of the {out_features} outputs is a weighted sum of {in_features} inputs{bias:if|, plus a bias}",
    data="""(*, in_features) becomes (*, out_features): any axes before the last are kept. Along the last axis everything is mixed
        with everything; all other positions (samples, time steps) are kept apart and share the same weights.""",
    why="""It is the plainest learned map from one set of numbers to another: features to class scores, tokens to keys and queries,
        one width to the next. Only with a non-linearity between them do two of them say more than one.""",
    arguments="""
        in_features | length of the last axis of what comes in | more weights, in proportion
        out_features | length of the last axis of what goes out | more weights and work, in proportion; more can be told apart
        bias = True | whether a learned number is added to each output
    """,
    shape="linear",
    shape_note="the input's shape with the last axis out_features",
    modes="The same.",
    initialisation=INITIALISATION,
    parameters="in_features · out_features + out_features if bias",
    multiply_adds="(number of input vectors) · in_features · out_features",
    pitfalls="""
        in_features must be the length of the last axis; after a flatten it is channels × height × width, and changes with the image size | linear-features
        Without a flatten before it, it acts on the last axis alone: the width of an image, not the image | linear-features
        Flattening an unbatched image with start_dim=1 gives (C, H·W), one row per channel | missing-batch-axis
        Two in a row without an activation are one linear map | no-nonlinearity
        The weight is (out_features, in_features): rows are outputs
    """,
    neighbours=NEIGHBOURS,
    reference="linear.linear",
)

LAZY_LINEAR = module(
    "LazyLinear",
    "linear",
    sentence="A Linear that finds in_features from the first input it is given.",
    here="{out_features} outputs, each a weighted sum of all inputs{bias:if|, plus a bias}",
    data="As Linear: (*, in_features) becomes (*, out_features), mixing along the last axis only.",
    why="""Working out how many features a flatten leaves is tedious and breaks when the image size changes. At the first call the layer
        takes the number from its input, makes its weights, and is a Linear from then on.""",
    arguments="""
        out_features | length of the last axis of what goes out | more weights and work, in proportion
        bias = True | whether a learned number is added to each output
    """,
    shape="linear",
    shape_note="the input's shape with the last axis out_features",
    modes="The same. Until the first call it has no weights.",
    initialisation=f"At the first call. {INITIALISATION}",
    parameters="in_features · out_features + out_features if bias, after the first call",
    multiply_adds="(number of input vectors) · in_features · out_features",
    pitfalls="""
        Run one batch through before counting or copying weights or initialising them yourself: before that they have no shape
        The first input decides: a wrong shape there is learned, not found
    """,
    neighbours=NEIGHBOURS,
    reference="linear.linear",
)

BILINEAR = module(
    "Bilinear",
    "linear",
    sentence="Each output is a weighted sum of all products of a value of the first input with one of the second.",
    here="each of the {out_features} outputs weighs {in1_features} × {in2_features} products{bias:if|, plus a bias}",
    data="""(*, in1_features) and (*, in2_features), equal but for the last axis, become (*, out_features):
        y_k = x1ᵀ·A_k·x2 + b_k. Within the last axis every pair is mixed; all other positions are kept apart and share the weights.""",
    why="""A Linear of two joined vectors only adds what each says; products say how they go together, such as whether a word fits a context.""",
    arguments="""
        in1_features | length of the first input's last axis | more weights, in proportion
        in2_features | length of the second input's last axis | more weights, in proportion
        out_features | length of the output's last axis | more weights, in proportion
        bias = True | whether a learned number is added to each output
    """,
    shape="bilinear",
    shape_note="the first input's shape with the last axis out_features",
    modes="The same.",
    initialisation="Weight and bias uniform between −1/√in1_features and 1/√in1_features.",
    parameters="out_features · in1_features · in2_features + out_features if bias",
    multiply_adds="about (number of vectors) · out_features · in1_features · in2_features",
    pitfalls="""
        Weights grow with the product of three sizes: 512 × 512 to 512 is 134 million
        It is not the bilinear interpolation of images: that is Upsample
    """,
    neighbours=NEIGHBOURS,
    reference="linear.bilinear",
)

IDENTITY = module(
    "Identity",
    "linear",
    sentence="Gives back what it was given.",
    here="passes its input on unchanged",
    data="Any shape; the very same tensor, nothing is copied.",
    why="It stands where no layer is wanted, so that the code around needs no `if`: a shortcut without projection, a removed head.",
    arguments="""
        args | any arguments, ignored
        kwargs | any named arguments, ignored
    """,
    shape="identity",
    shape_note="the input's shape",
    modes="The same.",
    parameters="0",
    multiply_adds="0",
    pitfalls="Replacing the last layer by it gives features, not class scores: the loss must not see them as scores",
    neighbours=NEIGHBOURS,
    reference="linear.identity",
)

F_LINEAR = mirror(
    "torch.nn.functional.linear",
    LINEAR,
    here="weighted sums of the last axis with the given weights",
    arguments="""
        input | (*, in_features)
        weight | (out_features, in_features)
        bias = None | (out_features)
    """,
)
F_BILINEAR = mirror(
    "torch.nn.functional.bilinear",
    BILINEAR,
    here="weighted sums of all products of two vectors' values",
    arguments="""
        input1 | (*, in1_features)
        input2 | (*, in2_features)
        weight | (out_features, in1_features, in2_features)
        bias = None | (out_features)
    """,
)
