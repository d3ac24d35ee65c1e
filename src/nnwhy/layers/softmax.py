"""Cards of the layers that turn scores into shares of one: softmax and its kin."""

from __future__ import annotations

from nnwhy.facts.card import Card
from nnwhy.layers.writing import mirror, module, paper

NEIGHBOURS = """
| layer | gives | use it |
|---|---|---|
| Softmax | probabilities that add to 1 along an axis | attention; reading off probabilities |
| LogSoftmax | their logarithms | before NLLLoss; exact where probabilities round to 0 |
| Softmin | probabilities, the smallest score the likeliest | distances |
| Softmax2d | softmax over the channels of an image | one class for each pixel |
| Sigmoid | a probability for each score alone | several classes may be true at once |
| none | scores (logits) | before CrossEntropyLoss, which has log-softmax inside |
| AdaptiveLogSoftmaxWithLoss | log-probability of the target, and the loss | 100,000 classes and more |
"""
DIM = "dim = None | the axis whose values share one; give it always: without it PyTorch guesses, and warns"


def softmax(name: str, *, gives: str, formula: str, why: str, pitfalls: str) -> Card:
    """The card of Softmax, LogSoftmax or Softmin."""
    return module(
        name,
        "activation",
        sentence=f"Turns the scores along one axis into {gives}.",
        here=f"scores along axis {{dim}} become {gives}",
        data=f"Any shape, kept: {formula}. Along axis dim all values are mixed; all other positions are kept apart.",
        why=why,
        arguments=DIM,
        shape={"LogSoftmax": "log_softmax"}.get(name, name.lower()),
        shape_note="the input's shape",
        modes="The same.",
        parameters="0",
        multiply_adds="0; an exponential and a division for each value",
        pitfalls=pitfalls,
        neighbours=NEIGHBOURS,
        references=(
            paper(
                "Probabilistic Interpretation of Feedforward Classification Network Outputs, with Relationships to Statistical Pattern Recognition",
                "Bridle",
                1990,
                "https://doi.org/10.1007/978-3-642-76153-9_28",
            ),
        ),
        reference=f"activation.{'log_softmax' if name == 'LogSoftmax' else name.lower()}",
    )


AXIS = "dim must be the axis of the classes: over the batch (dim=0) the samples share one, silently | softmax-axis"
SINGLE = "Over an axis of size 1 every probability is 1 | softmax-axis"

SOFTMAX = softmax(
    "Softmax",
    gives="probabilities that add to 1",
    formula="y_i = e^(x_i) / Σ e^(x_j)",
    why="""Scores are any numbers; probabilities are positive and add to 1. The exponential makes differences of scores ratios of
        probabilities, and keeps a gradient for all of them, which a plain maximum would not.""",
    pitfalls=f"""
        CrossEntropyLoss wants scores and has log-softmax inside: softmax before it flattens the gradient | double-softmax
        {AXIS}
        {SINGLE}
    """,
)
LOG_SOFTMAX = softmax(
    "LogSoftmax",
    gives="log-probabilities",
    formula="y_i = x_i − log Σ e^(x_j)",
    why="""A loss needs logarithms of probabilities. Computed at once they stay exact; log(softmax(x)) is −∞ where the probability rounds to 0. NLLLoss takes
        these; CrossEntropyLoss is both in one.""",
    pitfalls=f"""
        With CrossEntropyLoss it is done twice; done twice it changes nothing but time | double-softmax
        Its results are negative: e^y are the probabilities
        {AXIS}
        {SINGLE}
    """,
)
SOFTMIN = softmax(
    "Softmin",
    gives="probabilities, the smallest score the likeliest",
    formula="y_i = e^(−x_i) / Σ e^(−x_j)",
    why="With distances or energies, small is good: it is the softmax of −x.",
    pitfalls=f"""
        {AXIS}
        {SINGLE}
    """,
)
SOFTMAX2D = module(
    "Softmax2d",
    "activation",
    sentence="At each pixel, turns the channels' scores into probabilities that add to 1.",
    here="at each pixel the channels' scores become probabilities",
    data="(N, C, H, W) or (C, H, W), kept: softmax along the channel axis. Channels are mixed; pixels and samples are kept apart.",
    why="Segmentation asks one class for each pixel. It is Softmax(dim=-3).",
    arguments="args | none is used\nkwargs | none is used",
    shape="softmax",
    shape_note="the input's shape",
    modes="The same.",
    parameters="0",
    multiply_adds="0; an exponential and a division for each value",
    pitfalls="CrossEntropyLoss wants scores for pixels too | double-softmax",
    neighbours=NEIGHBOURS,
    reference="activation.softmax2d",
)
ADAPTIVE = module(
    "AdaptiveLogSoftmaxWithLoss",
    "loss",
    sentence="A softmax over very many classes at less cost: common classes get much room, rare ones little; gives the loss too.",
    here="{n_classes} classes in clusters, bounds {cutoffs:list}, from {in_features} features",
    data="""(N, in_features) and (N) targets become (N) log-probabilities of the targets, and their negative mean as the loss. The head scores the most common
        classes and one entry for each cluster of rarer ones; a cluster is scored only for targets in it, over a vector smaller by div_value for each further cluster.
        Samples are kept apart.""",
    why="""With 100,000 words a plain softmax spends nearly all time and weights on words that hardly occur. Word counts fall off steeply, so the rare ones are put
        behind a cheaper door (Grave et al. 2016).""",
    arguments="""
        in_features | length of each input vector | more weights
        n_classes | number of classes, the most common first
        cutoffs | where the clusters begin: [10, 100] means classes 0–9 in the head, then 10–99, then the rest | more in the head: more exact, slower
        div_value = 4.0 | by how much each further cluster's vectors are shorter | cheaper, rare classes less exact
        head_bias = False | whether the head has a bias
    """,
    shape="adaptive_log_softmax",
    shape_note="(N, in_features), (N) → (N) and a single loss",
    modes="The same.",
    initialisation="As Linear, of which it is made.",
    parameters="in_features · (cutoffs[0] + clusters), and for cluster i: in_features · h_i + h_i · size_i, with h_i = ⌊in_features / div_value^(i+1)⌋",
    multiply_adds="those of the head for every sample, those of a cluster for the samples in it",
    pitfalls="""
        Classes must be numbered from the most common on, else nothing is gained and common ones are approximated worst
        It returns a named pair (output, loss), and needs the targets in its call: log_prob(x) gives all classes | loss-target
    """,
    neighbours=NEIGHBOURS,
    references=(
        paper(
            "Efficient softmax approximation for GPUs",
            "Grave, Joulin, Cissé, Grangier, Jégou",
            2016,
            "1609.04309",
        ),
    ),
    formula="""For a class c of the head: log p(c) = logsoftmax(head(x))_c. For the j-th class of cluster i: log p = logsoftmax(head(x))_(cutoffs[0] + i) +
        logsoftmax(tail_i(x))_j. The loss is −mean of the targets' log p. NumPy lines would hide this in bookkeeping of indices.""",
)

_DTYPE = "dtype = None | the type to compute in, such as torch.float32 from half precision"
SOFTMAX_FUNCTIONS = tuple(
    mirror(
        f"torch.nn.functional.{name}",
        layer,
        arguments=f"input | the scores\n{DIM}\n_stacklevel = 3 | which caller a warning names\n{_DTYPE}",
    )
    for name, layer in (("softmax", SOFTMAX), ("log_softmax", LOG_SOFTMAX), ("softmin", SOFTMIN))
)
