"""Cards of the smooth activations, of those with straight pieces that imitate them, and of the squashing ones."""

from __future__ import annotations

from nnwhy.layers.activation import EACH, INPLACE, activation
from nnwhy.layers.writing import mirror, paper

CLEVERT = paper(
    "Fast and Accurate Deep Network Learning by Exponential Linear Units (ELUs)",
    "Clevert, Unterthiner, Hochreiter",
    2015,
    "1511.07289",
)
SEARCHING = paper("Searching for MobileNetV3", "Howard and others", 2019, "1905.02244")

ELU = activation(
    "ELU",
    "x, or alpha·(eˣ − 1) below 0",
    sentence="Keeps positive values and bends negative ones smoothly towards −alpha.",
    here="negative values bend smoothly towards −{alpha}",
    why="Negative outputs bring the mean nearer to 0, and saturation makes it deaf to how negative an input is (Clevert et al. 2015).",
    reference="elu",
    arguments=f"alpha = 1.0 | how far down it goes | lower limit\n{INPLACE}",
    pitfalls="With alpha other than 1 its slope jumps at 0: CELU does not",
    references=(CLEVERT,),
)
CELU = activation(
    "CELU",
    "max(0, x) + min(0, alpha·(e^(x/alpha) − 1))",
    sentence="An ELU whose slope is 1 at zero for every alpha.",
    here="negative values bend smoothly towards −{alpha}, slope 1 at 0",
    why="It is smooth at 0 whatever alpha is (Barron 2017).",
    reference="celu",
    arguments=f"alpha = 1.0 | how far down it goes; 0 is not possible | lower limit, slower bend\n{INPLACE}",
    pitfalls="With alpha 1 it is ELU",
    references=(paper("Continuously Differentiable Exponential Linear Units", "Barron", 2017, "1704.07483"),),
)
SELU = activation(
    "SELU",
    "1.0507·(x, or 1.6733·(eˣ − 1) below 0)",
    sentence="A scaled ELU, with constants chosen so that activations settle at mean 0 and variance 1.",
    here="a scaled ELU that keeps mean 0 and variance 1",
    why="With its two constants values are drawn towards mean 0 and variance 1 from layer to layer, so no normalisation layer is needed (Klambauer et al. 2017).",
    reference="selu",
    arguments=INPLACE,
    pitfalls="""
        It needs weights initialised with variance 1/fan_in: kaiming_normal_ with nonlinearity='linear'
        Ordinary dropout breaks the balance: use AlphaDropout
    """,
    references=(
        paper(
            "Self-Normalizing Neural Networks", "Klambauer, Unterthiner, Mayr, Hochreiter", 2017, "1706.02515"
        ),
    ),
)
GELU = activation(
    "GELU",
    "x·Φ(x)",
    sentence="Multiplies each value by the share of a normal distribution below it: a smooth ReLU.",
    here="each value x becomes x·Φ(x), a smooth ReLU{approximate:unless none|, by a @ formula}",
    data=f"{EACH}: y = x·Φ(x), with Φ the distribution function of N(0, 1); with approximate='tanh' y = x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³))).",
    why="Small negative values still pass a little and have a gradient; it is the usual activation of transformers (BERT, GPT).",
    reference="gelu",
    arguments="approximate = 'none' | 'none' for Φ itself, 'tanh' for a formula close to it, as in GPT-2",
    pitfalls="Weights trained with one form want the same form: outputs differ by up to about 0.0005",
    references=(paper("Gaussian Error Linear Units (GELUs)", "Hendrycks, Gimpel", 2016, "1606.08415"),),
)
SILU = activation(
    "SiLU",
    "x·sigmoid(x)",
    sentence="Multiplies each value by its own sigmoid: a smooth ReLU, also called swish.",
    why="It is smooth, lets small negative values pass a little, and is a little better than ReLU in many deep networks.",
    reference="silu",
    arguments=INPLACE,
    pitfalls="It costs an exponential for each value: Hardswish does not",
    references=(
        paper("Gaussian Error Linear Units (GELUs)", "Hendrycks, Gimpel", 2016, "1606.08415"),
        paper("Searching for Activation Functions", "Ramachandran, Zoph, Le", 2017, "1710.05941"),
    ),
)
MISH = activation(
    "Mish",
    "x·tanh(log(1 + eˣ))",
    sentence="A smooth ReLU with a small dip below zero: x·tanh(softplus(x)).",
    why="It is much like SiLU; YOLOv4 made it known.",
    reference="mish",
    arguments=INPLACE,
    pitfalls="It costs an exponential, a logarithm and a tanh for each value",
    references=(
        paper("Mish: A Self Regularized Non-Monotonic Activation Function", "Misra", 2019, "1908.08681"),
    ),
)
HARDSWISH = activation(
    "Hardswish",
    "x·min(max(x + 3, 0), 6)/6",
    sentence="SiLU made of straight pieces and a parabola: cheap on small processors.",
    why="It is close to SiLU without an exponential (MobileNetV3).",
    reference="hardswish",
    arguments=INPLACE,
    pitfalls="Below −3 the output and the gradient are 0",
    references=(SEARCHING,),
)
HARDSIGMOID = activation(
    "Hardsigmoid",
    "min(max(x + 3, 0), 6)/6",
    sentence="A sigmoid made of three straight pieces: 0 below −3, 1 above 3.",
    why="It gates as a sigmoid does, without an exponential (MobileNetV3).",
    reference="hardsigmoid",
    arguments=INPLACE,
    pitfalls="Beyond −3 and 3 there is no gradient; other frameworks have other slopes (Keras had 0.2)",
    references=(SEARCHING,),
)
HARDTANH = activation(
    "Hardtanh",
    "min(max(x, min_val), max_val)",
    sentence="Cuts values to a range and leaves those within as they are.",
    here="values are cut to between {min_val} and {max_val}",
    why="It limits values as tanh does, without an exponential; ReLU6 is Hardtanh(0, 6).",
    reference="hardtanh",
    arguments=f"""
        min_val = -1.0 | lower limit | less is let through below
        max_val = 1.0 | upper limit | more is let through above
        {INPLACE}
        min_value = None | old name of min_val
        max_value = None | old name of max_val
    """,
    pitfalls="Outside the range there is no gradient",
)
SIGMOID = activation(
    "Sigmoid",
    "1/(1 + e⁻ˣ)",
    sentence="Squashes each value to between 0 and 1.",
    here="each value is squashed to between 0 and 1",
    why="A score becomes a probability, or a gate between shut and open. Inside deep networks its gradient, at most 1/4, dies out over the layers.",
    reference="sigmoid",
    arguments="args | none is used\nkwargs | none is used",
    pitfalls="""
        With BCEWithLogitsLoss the sigmoid is in the loss already | double-sigmoid
        BCELoss needs it, and rounds badly where BCEWithLogitsLoss does not | sigmoid-missing
        Several sigmoids are several yes-or-no questions; for one of many classes use softmax
    """,
)
TANH = activation(
    "Tanh",
    "(eˣ − e⁻ˣ)/(eˣ + e⁻ˣ)",
    sentence="Squashes each value to between −1 and 1.",
    here="each value is squashed to between −1 and 1",
    why="Unlike a sigmoid it keeps 0 at 0; it is used in recurrent cells and for outputs such as images scaled to −1 … 1.",
    reference="tanh",
    arguments="args | none is used\nkwargs | none is used",
    pitfalls="For large values there is hardly any gradient; targets must lie between −1 and 1 as well",
)
LOG_SIGMOID = activation(
    "LogSigmoid",
    "log(1/(1 + e⁻ˣ))",
    sentence="The logarithm of the sigmoid, computed so that it does not run to −∞ too soon.",
    here="each value x becomes log(sigmoid(x))",
    why="Losses add logarithms of probabilities; taking sigmoid and logarithm apart loses them below about e⁻¹⁰⁰.",
    reference="log_sigmoid",
    shape="logsigmoid",
    arguments="args | none is used\nkwargs | none is used",
    pitfalls="BCEWithLogitsLoss has it inside | double-sigmoid",
)
SOFTPLUS = activation(
    "Softplus",
    "log(1 + e^(beta·x))/beta",
    sentence="A smooth ReLU that is always positive.",
    here="a smooth ReLU, always positive{beta:unless 1|, sharpness @}",
    why="It serves outputs that must be positive, such as a variance; its slope is the sigmoid.",
    reference="softplus",
    arguments="""
        beta = 1.0 | sharpness of the bend | nearer to ReLU
        threshold = 20.0 | where beta·x is larger, x itself is taken, to avoid overflow | later switch
    """,
    pitfalls="It never gives 0 exactly, until it rounds to it",
)
SOFTSIGN = activation(
    "Softsign",
    "x/(1 + |x|)",
    sentence="Squashes each value to between −1 and 1, more slowly than tanh.",
    why="It nears its limits slowly, so gradients fade less than with tanh.",
    reference="softsign",
    arguments="args | none is used\nkwargs | none is used",
    pitfalls="It reaches 0.9 only at x = 9",
)
TANHSHRINK = activation(
    "Tanhshrink",
    "x − tanh(x)",
    sentence="What tanh takes away: x − tanh(x), nearly zero for small values.",
    why="Small values are pressed towards 0; used in sparse coding.",
    reference="tanhshrink",
    arguments="args | none is used\nkwargs | none is used",
    pitfalls="Near 0 the slope is 0: units hardly start to learn there",
)
SOFTSHRINK = activation(
    "Softshrink",
    "x moved towards 0 by lambd, 0 between −lambd and lambd",
    sentence="Moves each value towards zero by lambd, and sets to zero what is nearer.",
    here="each value moves {lambd} towards 0, and stops there",
    why="It is the step that makes solutions sparse under an L1 penalty.",
    reference="softshrink",
    arguments="lambd = 0.5 | how far values move; not negative | more zeros",
    pitfalls="Large values are made smaller too: Hardshrink keeps them",
)
HARDSHRINK = activation(
    "Hardshrink",
    "x, or 0 between −lambd and lambd",
    sentence="Sets values between −lambd and lambd to zero and keeps the others.",
    here="values between −{lambd} and {lambd} become 0",
    why="It makes outputs sparse and leaves large values alone.",
    reference="hardshrink",
    arguments="lambd = 0.5 | half the width of the band that becomes zero | more zeros",
    pitfalls="It jumps at ±lambd",
)

SMOOTH_FUNCTIONS = tuple(
    mirror(f"torch.nn.functional.{layer.shape}", layer, without=("args", "kwargs", "min_value", "max_value"))
    for layer in (
        ELU, CELU, SELU, GELU, SILU, MISH, HARDSWISH, HARDSIGMOID, HARDTANH, SIGMOID, TANH, LOG_SIGMOID, SOFTPLUS, SOFTSIGN, TANHSHRINK, SOFTSHRINK, HARDSHRINK
    )
)  # fmt: skip
