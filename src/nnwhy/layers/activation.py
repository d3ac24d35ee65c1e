"""Cards of the activations that bend each value on its own: the ReLU family."""

from __future__ import annotations

from typing import Any

from nnwhy.facts.card import Card
from nnwhy.layers.writing import mirror, module, paper

NEIGHBOURS = """
| layer | formula | negative inputs | use it |
|---|---|---|---|
| ReLU | max(0, x) | 0, no gradient | the usual one |
| LeakyReLU | x, or 0.01·x below 0 | small slope | where units die; discriminators |
| PReLU | as LeakyReLU, slope learned | learned slope | large data |
| RReLU | as LeakyReLU, slope random in training | random slope | small data |
| ReLU6 | min(max(0, x), 6) | 0 | mobile networks, 8-bit numbers |
| ELU, CELU | x, or α(eˣ − 1) | down to −α, smooth | mean nearer to 0 |
| SELU | 1.0507·ELU with α = 1.6733 | down to −1.758 | self-normalising networks, with AlphaDropout |
| GELU | x·Φ(x) | small dip, then 0 | transformers |
| SiLU | x·sigmoid(x) | small dip, then 0 | EfficientNet, gated language models |
| Mish | x·tanh(softplus(x)) | small dip, then 0 | YOLOv4 |
| Hardswish | x·ReLU6(x + 3)/6 | small dip, then 0 | SiLU without an exponential, MobileNetV3 |
| Softplus | log(1 + eˣ) | towards 0, smooth | outputs that must be positive |
| Sigmoid, Tanh | squash to (0, 1), (−1, 1) | squashed | gates, probabilities |
"""

EACH = "Any shape, kept. Each value is changed on its own; nothing is mixed"
INPLACE = "inplace = False | write the result over the input, which saves its memory; an error in training where the old values are needed for a gradient"
WHY = "Without something bent between them, layers of weighted sums are one weighted sum. "


def activation(name: str, formula: str, *, why: str, reference: str, shape: str = "", **fields: Any) -> Card:
    """The card of a function of each value alone; `formula` is in x."""
    function = shape or reference
    family: dict[str, Any] = {
        "here": f"each value x becomes {formula}",
        "data": f"{EACH}: y = {formula}.",
        "modes": "The same.",
        "parameters": "0",
        "multiply_adds": "0; one evaluation for each value",
        "neighbours": NEIGHBOURS,
        "shape_note": "the input's shape",
    }
    return module(
        name,
        "activation",
        why=WHY + why,
        shape=function,
        reference=f"activation.{reference}",
        **{**family, **fields},
    )


CALLED = (
    "nn.{name}(x) makes a layer and does not call it: nn.{name}()(x), or F.{function}(x) | layer-called-wrong"
)

RELU = activation(
    "ReLU",
    "max(0, x)",
    sentence="Sets negative values to zero and keeps the others.",
    here="negative values become 0",
    why="""ReLU is the cheapest such bend, and its slope of 1 lets gradients through many layers; where it gives 0 a unit is silent, so each
        input uses only part of the network.""",
    reference="relu",
    arguments=INPLACE,
    pitfalls=f"""
        On the network's last outputs it cuts all negative scores off | relu-on-logits
        A unit that is negative for every input gets no gradient and stays dead: a lower learning rate or LeakyReLU helps
        {CALLED.format(name="ReLU", function="relu")}
    """,
    references=(
        paper(
            "Rectified Linear Units Improve Restricted Boltzmann Machines",
            "Nair, Hinton",
            2010,
            "https://www.cs.toronto.edu/~fritz/absps/reluICML.pdf",
        ),
    ),
)
RELU6 = activation(
    "ReLU6",
    "min(max(0, x), 6)",
    sentence="Sets negative values to zero and values above 6 to 6.",
    here="values are cut to between 0 and 6",
    why="The limit of 6 keeps values where 8 bits can tell them apart, for networks on phones.",
    reference="relu6",
    arguments=INPLACE,
    pitfalls="Above 6 there is no gradient, as below 0",
    references=(
        paper(
            "MobileNetV2: Inverted Residuals and Linear Bottlenecks",
            "Sandler, Howard, Zhu, Zhmoginov, Chen",
            2018,
            "1801.04381",
        ),
    ),
)
LEAKY_RELU = activation(
    "LeakyReLU",
    "x, or negative_slope·x below 0",
    sentence="Keeps positive values and multiplies negative ones by a small slope.",
    here="negative values are multiplied by {negative_slope}",
    why="The small slope keeps a gradient for negative inputs, so that no unit dies.",
    reference="leaky_relu",
    arguments=f"""
        negative_slope = 0.01 | slope below 0; 0 is a ReLU, 1 is no bend at all | more passes below 0, less bend
        {INPLACE}
    """,
    pitfalls="The default slope is 0.01; generative adversarial networks mostly use 0.2",
    references=(
        paper(
            "Rectifier Nonlinearities Improve Neural Network Acoustic Models",
            "Maas, Hannun, Ng",
            2013,
            "https://ai.stanford.edu/~amaas/papers/relu_hybrid_icml2013_final.pdf",
        ),
    ),
)
PRELU = activation(
    "PReLU",
    "x, or weight·x below 0",
    sentence="A LeakyReLU whose slope is learned, one for all or one for each channel.",
    here="negative values are multiplied by a learned slope{num_parameters:unless 1|, one for each of @ channels}",
    data=f"{EACH}: y = x, or weight·x below 0. The slope is shared by all values, or by all positions of a channel (axis 1).",
    why="How much should pass below 0 is better learned than guessed (He et al. 2015).",
    reference="prelu",
    arguments="""
        num_parameters = 1 | number of slopes: 1, or the number of channels (axis 1) | a slope for each channel
        init = 0.25 | slope at the start | more passes below 0 at first
    """,
    initialisation="Every slope is init.",
    parameters="num_parameters",
    pitfalls="""
        num_parameters is 1 or the size of axis 1, nothing else
        Weight decay pulls the slopes to 0, towards a ReLU: leave them out of it
    """,
    references=(
        paper(
            "Delving Deep into Rectifiers: Surpassing Human-Level Performance on ImageNet Classification",
            "He, Zhang, Ren, Sun",
            2015,
            "1502.01852",
        ),
    ),
)
RRELU = activation(
    "RReLU",
    "x, or a·x below 0",
    sentence="A LeakyReLU whose slope is random in training and fixed in evaluation.",
    here="negative values are multiplied by a random slope from {lower} to {upper}",
    data=f"{EACH}: y = x, or a·x below 0, with a drawn for each value between lower and upper.",
    why="The random slope is noise, which regularises a little on small data.",
    reference="rrelu",
    arguments=f"""
        lower = 0.125 | smallest slope | more passes below 0
        upper = 0.3333333333333333 | largest slope | more passes below 0, more noise
        {INPLACE}
    """,
    modes="In training the slope is drawn for each value; in evaluation it is (lower + upper)/2.",
    pitfalls="F.rrelu does not draw unless told: its default is training=False",
    references=(
        paper(
            "Empirical Evaluation of Rectified Activations in Convolutional Network",
            "Xu, Wang, Chen, Li",
            2015,
            "1505.00853",
        ),
    ),
)
THRESHOLD = activation(
    "Threshold",
    "x if x > threshold, else value",
    sentence="Keeps values above a threshold and replaces all others by a fixed value.",
    here="values not above {threshold} become {value}",
    why="ReLU is this with threshold 0 and value 0.",
    reference="threshold",
    arguments=f"""
        threshold | limit: only what is larger stays | fewer values stay
        value | what the others become
        {INPLACE}
    """,
    pitfalls="With value other than threshold it jumps; no gradient passes where values are replaced",
)
GLU = activation(
    "GLU",
    "a·sigmoid(b)",
    sentence="Splits an axis in two halves; one half gates the other: a·sigmoid(b).",
    here="halves axis {dim}: first half times the sigmoid of the second",
    data="An axis of even size 2n becomes n: y = a·sigmoid(b) with a the first half and b the second. The i-th of a is mixed with the i-th of b, nothing else.",
    why="The network learns where to let a value through, which sums alone cannot say. Gated convolutions and transformers build on it.",
    reference="glu",
    shape_note="the input's shape with axis dim halved",
    arguments="dim = -1 | the axis to halve",
    pitfalls="""
        The size of the axis must be even
        Channels of images are axis 1, not the default −1
    """,
    references=(
        paper(
            "Language Modeling with Gated Convolutional Networks",
            "Dauphin, Fan, Auli, Grangier",
            2016,
            "1612.08083",
        ),
    ),
)

RELU_FUNCTIONS = (
    *(
        mirror(f"torch.nn.functional.{layer.shape}", layer)
        for layer in (RELU, RELU6, LEAKY_RELU, THRESHOLD, GLU)
    ),
    mirror(
        "torch.nn.functional.prelu",
        PRELU,
        here="negative values are multiplied by the given slopes",
        arguments="input | any shape\nweight | the slopes: one, or one for each channel",
    ),
    mirror(
        "torch.nn.functional.rrelu",
        RRELU,
        sentence="A LeakyReLU whose slope is random with training=True, and fixed otherwise.",
        here="negative values are multiplied by a slope from {lower} to {upper}",
        arguments="""
            input | any shape
            lower = 0.125 | smallest slope
            upper = 0.3333333333333333 | largest slope
            training = False | whether to draw: give `self.training`
            inplace = False | write over the input
        """,
        modes="By `training`, which is False unless told.",
    ),
)
