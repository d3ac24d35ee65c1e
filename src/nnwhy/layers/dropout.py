"""Cards of the layers that zero at random: what is zeroed together is what tells them apart."""

from __future__ import annotations

from nnwhy.facts.card import Card
from nnwhy.layers.writing import mirror, module, paper

HINTON = paper(
    "Improving neural networks by preventing co-adaptation of feature detectors",
    "Hinton, Srivastava, Krizhevsky, Sutskever, Salakhutdinov",
    2012,
    "1207.0580",
)
SRIVASTAVA = paper(
    "Dropout: A Simple Way to Prevent Neural Networks from Overfitting",
    "Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov",
    2014,
    "https://jmlr.org/papers/v15/srivastava14a.html",
)
TOMPSON = paper(
    "Efficient Object Localization Using Convolutional Networks",
    "Tompson, Goroshin, Jain, LeCun, Bregler",
    2015,
    "1411.4280",
)
KLAMBAUER = paper(
    "Self-Normalizing Neural Networks", "Klambauer, Unterthiner, Mayr, Hochreiter", 2017, "1706.02515"
)
VARIANCE_SHIFT = paper(
    "Understanding the Disharmony between Dropout and Batch Normalization by Variance Shift",
    "Li, Chen, Hu, Yang",
    2019,
    "1801.05134",
)

NEIGHBOURS = """
| layer | what is zeroed together | input | use it |
|---|---|---|---|
| Dropout | one value | any shape | after a linear layer and its activation, in transformers, on embeddings |
| Dropout1d | one channel: all its L positions | (N, C, L) | after Conv1d |
| Dropout2d | one channel: its whole H × W map | (N, C, H, W) | after Conv2d |
| Dropout3d | one channel: its whole D × H × W volume | (N, C, D, H, W) | after Conv3d |
| AlphaDropout | one value, set to −1.758 instead of 0, then rescaled | any shape | in networks of SELU only |
| FeatureAlphaDropout | one channel, set to −1.758 instead of 0, then rescaled | (N, C, …) | after convolutions in networks of SELU |
"""

P = "probability that {unit} is zeroed: 0 zeroes nothing, 1 everything; the papers' p is the probability to keep | more noise: less overfitting, slower fitting; too much and the network underfits"
INPLACE = "inplace = False | write the result over the input, which saves its memory; the input's old values are gone"
MODES = """In training {what}. In evaluation, after `eval()`, nothing happens: the output is the input.
    A new network is in training mode, so predictions differ from run to run until `eval()` is called."""
CO_ADAPTATION = """Units of a network learn to lean on particular others: a detector that is useful only
    together with a few partners fits the training set and fails on new data (co-adaptation, Hinton et al. 2012).
    When any of them may be missing, each must be useful by itself (Srivastava et al. 2014)."""
EXPECTED = "Survivors are multiplied by 1/(1 − p), so that the expected value of each output is its input"

MISTAKES = """
p is the probability to zero. In the papers p is the probability to keep: p = 0.8 on the input there is Dropout(0.2) here | dropout-probability
It stays on until `eval()` is called, and a dropout kept in a Python list is never reached by `eval()` | modules-unregistered
Just before batch normalisation it makes the variance in training larger than in evaluation, for which the running \
  statistics are then wrong (Li et al. 2019): put it after | dropout-before-batchnorm
On the network's last output it zeroes predictions in training | dropout-on-output
"""

DROPOUT = module(
    "Dropout",
    "dropout",
    sentence="In training, sets each value to zero with probability p, and does nothing in evaluation.",
    here="in training, zeroes each value with probability {p}",
    data=f"""Any shape, kept. Every value is kept or zeroed on its own, by an independent draw for each
        position of each sample, new at every call. {EXPECTED}. Nothing is mixed.""",
    why=f"""{CO_ADAPTATION} Training with it is like training very many thinned networks that share their weights;
        the whole network, in evaluation, is like their average. Without it a large layer on little data learns
        the training set by heart. It costs training time, and where a network underfits it only hurts.""",
    arguments=f"""
        p = 0.5 | {P.format(unit="a value")}
        {INPLACE}
    """,
    shape="dropout",
    shape_note="the input's shape",
    modes=MODES.format(what="values are zeroed with probability p and the rest multiplied by 1/(1 − p)"),
    parameters="0",
    multiply_adds="0; a random number and a multiplication for each value, in training only",
    pitfalls=MISTAKES
    + """
On feature maps of a convolution single pixels are easily guessed from their neighbours: use Dropout2d there
Usual: 0.5 between large linear layers, 0.1 in transformers, 0.2 on inputs, 0.1 to 0.3 in small layers. It is a \
  hyper-parameter: try it against a validation set
""",
    neighbours=NEIGHBOURS,
    references=(HINTON, SRIVASTAVA),
    reference="dropout.dropout",
)


def channel_dropout(dimensions: int, channel: str, shape: str, neighbours: str, trap: str) -> Card:
    """The card of Dropout1d or Dropout3d: whole channels of sequences or volumes."""
    return module(
        f"Dropout{dimensions}d",
        "dropout",
        sentence="In training, sets whole channels to zero, each with probability p; does nothing in evaluation.",
        here="in training, zeroes whole channels, each with probability {p}",
        data=f"""{shape}, kept. For every sample and every channel one draw decides: {channel} is zeroed with
            probability p, or kept whole. Samples and channels are independent of one another. {EXPECTED}.""",
        why=f"""{neighbours} are strongly correlated, so a single dropped one is easily guessed from those beside
            it: dropping single values takes little information away and acts mostly like a smaller learning rate
            (Tompson et al. 2015). A whole channel cannot be guessed so; what it said has to be said by others too.
            {CO_ADAPTATION}""",
        arguments=f"""
            p = 0.5 | {P.format(unit="a channel")}
            {INPLACE}
        """,
        shape=f"dropout{dimensions}d",
        shape_note="the input's shape",
        modes=MODES.format(
            what="whole channels are zeroed with probability p and the rest multiplied by 1/(1 − p)"
        ),
        parameters="0",
        multiply_adds="0; one random number for each sample and channel, and a multiplication for each value, in training only",
        pitfalls=f"{trap}\n{MISTAKES.strip()}",
        neighbours=NEIGHBOURS,
        references=(TOMPSON, SRIVASTAVA, HINTON),
        reference=f"dropout.dropout{dimensions}d",
    )


DROPOUT1D = channel_dropout(
    1,
    "all L positions of the channel",
    "(N, C, L) or, for one sample, (C, L)",
    "Neighbouring positions of a channel",
    """A flat (N, C) batch is taken for one sample of N channels: whole samples are erased, silently | dropout-rank
4-D input raises an error""",
)

DROPOUT2D = module(
    "Dropout2d",
    "dropout",
    sentence="In training, sets whole channels (feature maps) to zero, each with probability p; does nothing in evaluation.",
    here="in training, zeroes whole channels, each with probability {p}",
    data=f"""(N, C, H, W), kept. For every sample and every channel one draw decides: the channel's whole
        H × W map is zeroed with probability p, or kept whole. Samples are independent, and so are the channels of
        one sample; within a map all pixels share their fate. {EXPECTED}: with p = 0.25 each by 1.333.""",
    why=f"""A channel's map holds one feature at every place, so its adjacent pixels are strongly correlated (a convolution
        computes them from overlapping windows). Dropping single pixels takes little information away, as the neighbours
        tell nearly the same; it acts mostly like a smaller learning rate (Tompson et al. 2015, who call dropping whole maps
        SpatialDropout). So all of a map is dropped or none of it: then the feature is really missing, and the next
        layer has to find what it needs in others. {CO_ADAPTATION} It is random, with a probability, because a channel that
        was always dropped would be a smaller network, and one that was never dropped no help.""",
    arguments=f"""
        p = 0.5 | {P.format(unit="a channel")}
        {INPLACE}
    """,
    shape="dropout2d",
    shape_note="the input's shape",
    modes=MODES.format(
        what="whole channels are zeroed with probability p and the rest multiplied by 1/(1 − p)"
    ),
    parameters="0",
    multiply_adds="0; one random number for each sample and channel, and a multiplication for each value, in training only",
    pitfalls=f"""
A flat (N, C) tensor has no maps and no adjacent pixels, so there is nothing spatial to drop: today each value is \
  zeroed on its own, exactly as nn.Dropout does, with a warning that this will become an error. Use nn.Dropout | dropout-rank
(N, C, L) still drops channels, with a warning that it will one day mean (C, H, W): use Dropout1d | dropout-rank
(N, L, C), a batch of sequences, has its positions dropped and not its channels | dropout-rank
Do not mend (N, C) with Dropout1d: that erases whole samples | dropout-rank
{MISTAKES.strip()}
p is a hyper-parameter, to be tried against a validation set. Usual: 0.1 to 0.3 after convolutions, where there are few \
  weights to overfit; 0.5 (with nn.Dropout) between large linear layers
""",
    neighbours=NEIGHBOURS,
    references=(TOMPSON, HINTON, SRIVASTAVA),
    reference="dropout.dropout2d",
)

DROPOUT3D = channel_dropout(
    3,
    "the channel's whole D × H × W volume",
    "(N, C, D, H, W) or, for one sample, (C, D, H, W)",
    "Neighbouring voxels of a channel",
    """A batch of images, (N, C, H, W), is taken for one sample of N channels: whole images are erased, silently | dropout-rank
A flat (N, C) tensor is only warned about | dropout-rank""",
)

ALPHA_DROPOUT = module(
    "AlphaDropout",
    "dropout",
    sentence="Dropout for networks of SELU: dropped values become SELU's lower limit, and mean and variance stay.",
    here="in training, sets each value to SELU's lower limit with probability {p}",
    data="""Any shape, kept. Each value is, independently and with probability p, replaced by α' = −1.7581, the
        value that SELU goes to for very negative inputs; then everything is scaled by a and shifted by b so that inputs of mean 0
        and variance 1 leave with mean 0 and variance 1. Nothing is mixed.""",
    why="""SELU keeps activations near mean 0 and variance 1 by itself. Zeros from ordinary dropout change the variance
        and break that; SELU's own saturation value, with the affine correction, does not (Klambauer et al. 2017).""",
    arguments=f"""
        p = 0.5 | probability that a value is dropped | more noise; in self-normalising networks small values such as 0.05 or 0.1 are usual
        {INPLACE}
    """,
    shape="alpha_dropout",
    shape_note="the input's shape",
    modes=MODES.format(what="values are dropped and all are rescaled"),
    parameters="0",
    multiply_adds="1 for each value, in training only",
    pitfalls="""
With any activation but SELU there is nothing that it keeps: use nn.Dropout
F.alpha_dropout does nothing unless told: its default is training=False, the opposite of F.dropout | dropout-always-on
""",
    neighbours=NEIGHBOURS,
    references=(KLAMBAUER,),
    formula="a = 1/√((1 − p)(1 + p·α'²)), b = −a·p·α', y = a·(kept x, else α') + b",
    reference="dropout.alpha_dropout",
)

FEATURE_ALPHA_DROPOUT = module(
    "FeatureAlphaDropout",
    "dropout",
    sentence="AlphaDropout of whole channels: for convolutions in networks of SELU.",
    here="in training, sets whole channels to SELU's lower limit with probability {p}",
    data="""(N, C, …), kept. For every sample and channel one draw decides whether all of the channel becomes
        α' = −1.7581; then everything is scaled by a and shifted by b, so that mean 0 and variance 1 stay.""",
    why="""As in Dropout2d, the neighbouring values of a channel tell nearly the same, so a channel is dropped as a whole; as in
        AlphaDropout, what is dropped takes SELU's saturation value, so that mean and variance are kept.""",
    arguments=f"""
        p = 0.5 | probability that a channel is dropped | more noise
        {INPLACE}
    """,
    shape="feature_alpha_dropout",
    shape_note="the input's shape",
    modes=MODES.format(what="whole channels are dropped and all are rescaled"),
    parameters="0",
    multiply_adds="1 for each value, in training only",
    pitfalls="""
With any activation but SELU there is nothing that it keeps: use Dropout2d
F.feature_alpha_dropout does nothing unless told: its default is training=False | dropout-always-on
""",
    neighbours=NEIGHBOURS,
    references=(KLAMBAUER, TOMPSON),
    formula="a = 1/√((1 − p)(1 + p·α'²)), b = −a·p·α', y = a·(kept x, else α') + b",
    reference="dropout.feature_alpha_dropout",
)

ALWAYS_ON = """
Its default is training=True and it knows nothing of `eval()`: without `training=self.training` it stays on in evaluation | dropout-always-on
p is the probability to zero, not to keep | dropout-probability
"""
ON = "by `training`, which is True unless told: with True as the module in training, with False the output is the input."
OFF = "by `training`, which is False unless told: so a call without it does nothing."
ON_ARGUMENTS = """
input | the tensor
p = 0.5 | probability to zero | more noise
training = True | whether to drop at all: give `self.training`
inplace = False | write over the input
"""

F_DROPOUT = mirror(
    "torch.nn.functional.dropout",
    DROPOUT,
    sentence="Sets each value to zero with probability p, in evaluation too unless training=False is given.",
    here="zeroes each value with probability {p}{training:unless True|, training=@}",
    arguments=ON_ARGUMENTS,
    modes=ON,
    pitfalls=ALWAYS_ON,
)
F_CHANNEL_DROPOUTS = tuple(
    mirror(
        f"torch.nn.functional.{layer.name.lower()}",
        layer,
        sentence="Sets whole channels to zero, each with probability p, in evaluation too unless training=False is given.",
        here="zeroes whole channels, each with probability {p}{training:unless True|, training=@}",
        arguments=ON_ARGUMENTS,
        modes=ON,
        pitfalls=f"{layer.pitfalls[0].text} | {layer.pitfalls[0].check}\n{ALWAYS_ON.strip()}",
    )
    for layer in (DROPOUT1D, DROPOUT2D, DROPOUT3D)
)
F_ALPHA_DROPOUTS = tuple(
    mirror(
        f"torch.nn.functional.{name}",
        layer,
        sentence=f"Sets {what} to SELU's lower limit with probability p, keeping mean and variance; only where training=True is given.",
        here=f"sets {what} to SELU's lower limit with probability {{p}}, training={{training}}",
        arguments=ON_ARGUMENTS.replace("training = True", "training = False"),
        modes=OFF,
        pitfalls="Its default is training=False, the opposite of F.dropout: without `training=self.training` it never drops | dropout-always-on",
    )
    for name, layer, what in (
        ("alpha_dropout", ALPHA_DROPOUT, "values"),
        ("feature_alpha_dropout", FEATURE_ALPHA_DROPOUT, "whole channels"),
    )
)
