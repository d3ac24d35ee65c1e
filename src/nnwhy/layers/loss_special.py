"""Cards of the losses for likelihoods, margins, rankings, embeddings and unaligned sequences."""

from __future__ import annotations

from nnwhy.layers.loss import OLD, ONE_SHAPE, REDUCTION, WEIGHT, loss
from nnwhy.layers.writing import mirror, paper

SIGNS = "Targets are 1 and −1, not 1 and 0 | loss-target"
BATCH = "one number; (N) with reduction='none'"

POISSON = loss(
    "PoissonNLLLoss",
    function="poisson_nll_loss",
    sentence="How unlikely counts are under the rates that the network gives: eˣ − y·x.",
    here="how unlikely the counts are under the given rates, {reduction}",
    formula="eˣ − y·x; without log_input x − y·log(x + eps); full adds y·log y − y + log(2πy)/2 where y > 1",
    why="Counts are whole, not negative, and vary more where they are larger: squared errors fit none of that.",
    arguments=f"""
        log_input = True | whether the input is the logarithm of the rate
        full = False | whether to add the (approximate) term of the target alone, which has no gradient
        {OLD}
        eps = 1e-08 | keeps log(0) away, without log_input | safer, less exact
        {REDUCTION}
    """,
    pitfalls=f"{ONE_SHAPE}\nBy default the input is the logarithm of the rate: eˣ is the prediction",
)
GAUSSIAN = loss(
    "GaussianNLLLoss",
    function="gaussian_nll_loss",
    sentence="How unlikely numbers are under the mean and variance that the network gives: (log var + (x − y)²/var)/2.",
    here="how unlikely the targets are under mean and variance, {reduction}",
    data="Input (means), target and variance, of one shape, or with the variance's last axis 1 or missing. Each element on its own, then averaged.",
    formula="(log max(var, eps) + (x − y)²/max(var, eps))/2; full adds log(2π)/2",
    why="The network says how sure it is: errors cost less where it said that it is unsure, and saying so costs too.",
    arguments=f"full = False | whether to add the constant\neps = 1e-06 | the smallest variance | safer\n{REDUCTION}",
    pitfalls="The variance must be positive: Softplus or exp of an output\nIt takes three tensors: input, target, var",
    references=(
        paper(
            "Estimating the mean and variance of the target probability distribution",
            "Nix, Weigend",
            1994,
            "https://doi.org/10.1109/ICNN.1994.374138",
        ),
    ),
)
CTC = loss(
    "CTCLoss",
    function="ctc_loss",
    sentence="How unlikely a label sequence is, over all its alignments with a longer input: for speech and handwriting.",
    here="−log probability of each label sequence, all alignments, {reduction}",
    data="Log-probabilities (T, N, C), label sequences, and the lengths of both. Within a sample all steps are mixed; samples are kept apart until the mean.",
    formula="""−log Σ over all paths π of T classes that give the labels when repeats are merged and blanks dropped, of Π_t e^(x_t,π_t). It is summed step by step:
        with the labels interleaved with blanks, α_t(s) = (α_(t−1)(s) + α_(t−1)(s − 1) + α_(t−1)(s − 2) if label s is no blank and differs from label s − 2)·e^(x_t,label s).
        'mean' divides each loss by its target's length before the batch's mean.""",
    why="Which sound belongs to which letter is not written down. All alignments are counted at once, so none has to be given (Graves et al. 2006).",
    arguments=f"""
        blank = 0 | the class that means nothing
        {REDUCTION}
        zero_infinity = False | whether impossible samples count 0 and not infinity
    """,
    shape_note=BATCH,
    multiply_adds="about T · (2·labels + 1) for each sample",
    pitfalls="""
        Time is axis 0 and the batch axis 1: (T, N, C) | loss-target
        Input must be log-probabilities | log-probabilities-missing
        An input shorter than the labels (repeats need a blank between) has an infinite loss
        The blank must not be a label: labels start at 1 when blank is 0 | loss-target
    """,
    references=(
        paper(
            "Connectionist Temporal Classification: Labelling Unsegmented Sequence Data with Recurrent Neural Networks",
            "Graves, Fernández, Gomez, Schmidhuber",
            2006,
            "https://doi.org/10.1145/1143844.1143891",
        ),
    ),
    reference="",
)
MARGIN_RANKING = loss(
    "MarginRankingLoss",
    function="margin_ranking_loss",
    sentence="Punishes pairs that are ranked the wrong way round: max(0, −y·(x1 − x2) + margin).",
    here="max(0, −y·(x1 − x2){margin:if| + @}), {reduction}",
    formula="max(0, −y·(x1 − x2) + margin)",
    why="For a ranking only the order of two scores counts, not their size.",
    arguments=f"margin = 0.0 | by how much the better one must lead | wider gaps\n{OLD}\n{REDUCTION}",
    pitfalls=f"{SIGNS}\nWith margin 0 equal scores cost nothing",
)
HINGE = loss(
    "HingeEmbeddingLoss",
    function="hinge_embedding_loss",
    sentence="Makes distances small for like pairs (y = 1) and at least margin for unlike ones (y = −1).",
    here="x for like pairs, max(0, {margin} − x) for unlike, {reduction}",
    formula="x if y = 1, max(0, margin − x) if y = −1",
    why="Embeddings learn from pairs that are alike or not.",
    arguments=f"margin = 1.0 | how far unlike pairs must be apart | further\n{OLD}\n{REDUCTION}",
    pitfalls=f"{SIGNS}\nThe input is a distance, not two vectors",
)
MULTI_LABEL_MARGIN = loss(
    "MultiLabelMarginLoss",
    function="multilabel_margin_loss",
    sentence="Every right class must lead every wrong one by 1: Σ max(0, 1 − (x[right] − x[wrong]))/C.",
    here="every right class to lead every wrong one by 1, {reduction}",
    data="Scores (N, C) and (N, C) class numbers, of which those before the first −1 count. A sample's classes are mixed; samples are kept apart until the mean.",
    formula="Σ over right j and wrong i of max(0, 1 − (x_j − x_i)), divided by C",
    why="A sample may have several classes, and only their lead counts.",
    shape_note=BATCH,
    pitfalls="The target lists class numbers, then −1, padded to C; it is not 0 and 1 | loss-target",
)
SOFT_MARGIN = loss(
    "SoftMarginLoss",
    function="soft_margin_loss",
    sentence="How unlikely yes-or-no answers are, for targets 1 and −1: log(1 + e^(−y·x)).",
    here="log(1 + e^(−y·x)), targets 1 and −1, {reduction}",
    formula="log(1 + e^(−y·x))",
    why="It is BCEWithLogitsLoss for answers written as 1 and −1.",
    pitfalls=SIGNS,
)
MULTI_LABEL_SOFT = loss(
    "MultiLabelSoftMarginLoss",
    function="multilabel_soft_margin_loss",
    sentence="BCEWithLogitsLoss averaged over the classes of each sample.",
    here="yes or no for each class, averaged over classes, {reduction}",
    data="Scores (N, C) and targets 0 and 1 of the same shape. Each class on its own, then a mean over a sample's classes, then over samples.",
    formula="−Σ_c w_c·(y·log σ(x) + (1 − y)·log(1 − σ(x)))/C",
    why="A sample may have several classes; each is a question of its own.",
    arguments=f"{WEIGHT}\n{OLD}\n{REDUCTION}",
    shape_note=BATCH,
    pitfalls="A sigmoid before it is one too many | double-sigmoid",
)
COSINE = loss(
    "CosineEmbeddingLoss",
    function="cosine_embedding_loss",
    sentence="Turns like vectors (y = 1) the same way and unlike ones (y = −1) apart: 1 − cos, or max(0, cos − margin).",
    here="1 − cos for like pairs, max(0, cos{margin:if| − @}) for unlike, {reduction}",
    data="Two (N, D) and targets (N). The values of a pair are mixed; pairs are kept apart until the mean.",
    formula="1 − cos(x1, x2) if y = 1, max(0, cos(x1, x2) − margin) if y = −1",
    why="Where only the direction of an embedding has a meaning.",
    arguments=f"margin = 0.0 | the cosine that unlike pairs may keep, −1 to 1; 0 to 0.5 is usual | nearer is allowed\n{OLD}\n{REDUCTION}",
    shape_note=BATCH,
    pitfalls=SIGNS,
)
MULTI_MARGIN = loss(
    "MultiMarginLoss",
    function="multi_margin_loss",
    sentence="The right class must lead every other by margin: Σ max(0, margin − x[right] + x[other])^p / C.",
    here="the right class to lead by {margin}, {reduction}",
    data="Scores (N, C) and class numbers (N). A sample's classes are mixed; samples are kept apart until the mean.",
    formula="Σ over i ≠ y of (w_y·max(0, margin − x_y + x_i)^p) / C",
    why="It is the hinge loss of support vector machines: once the lead is there, nothing more is asked.",
    arguments=f"p = 1 | exponent, 1 or 2 | large errors count more\nmargin = 1.0 | the lead | wider\n{WEIGHT}\n{OLD}\n{REDUCTION}",
    shape_note=BATCH,
    pitfalls="Scores go in as they are, no softmax",
)
TRIPLET_PAPER = paper(
    "FaceNet: A Unified Embedding for Face Recognition and Clustering",
    "Schroff, Kalenichenko, Philbin",
    2015,
    "1503.03832",
)
TRIPLET = loss(
    "TripletMarginLoss",
    function="triplet_margin_loss",
    sentence="The anchor must be nearer to its like (positive) than to another (negative), by margin.",
    here="anchor nearer to positive than to negative by {margin}, {reduction}",
    data="Three (N, D). The vectors of a triplet are mixed; triplets are kept apart until the mean.",
    formula="max(0, ‖a − p‖ − ‖a − n‖ + margin), the norms of differences + eps; with swap the smaller of ‖a − n‖ and ‖p − n‖",
    why="Faces of one person should be near one another and far from others; how near does not matter.",
    arguments=f"margin = 1.0 | the lead in distance | further apart\np = 2.0 | which norm\neps = 1e-06 | added to differences | safer\nswap = False | whether the negative may be compared with the positive, if nearer\n{OLD}\n{REDUCTION}",
    shape_note=BATCH,
    pitfalls="Random triplets are soon too easy and give no gradient: choose hard ones",
    references=(TRIPLET_PAPER,),
)
TRIPLET_DISTANCE = loss(
    "TripletMarginWithDistanceLoss",
    function="triplet_margin_with_distance_loss",
    sentence="TripletMarginLoss with a distance of your own.",
    here="anchor nearer to positive than to negative by {margin}, {reduction}",
    data="Three tensors that the distance takes. Triplets are kept apart until the mean.",
    formula="max(0, d(a, p) − d(a, n) + margin); with swap the smaller of d(a, n) and d(p, n)",
    why="Not every space is measured by a norm.",
    arguments=f"distance_function = None | what measures; None is PairwiseDistance\nmargin = 1.0 | the lead in distance | further apart\nswap = False | whether the negative may be compared with the positive, if nearer\n{REDUCTION}",
    shape_note=BATCH,
    pitfalls="The distance must give one number for each triplet, and grow with being unlike: a similarity is the wrong way round",
    references=(TRIPLET_PAPER,),
)

_PAIR = "input | what the network gives\ntarget | what is right"
FUNCTIONS = (
    *(
        mirror(f"torch.nn.functional.{layer.shape}", layer, inputs=_PAIR)
        for layer in (POISSON, HINGE, MULTI_LABEL_MARGIN, SOFT_MARGIN, MULTI_LABEL_SOFT, MULTI_MARGIN)
    ),
    mirror("torch.nn.functional.gaussian_nll_loss", GAUSSIAN, inputs=f"{_PAIR}\nvar | the variances"),
    mirror(
        "torch.nn.functional.ctc_loss",
        CTC,
        inputs="log_probs | (T, N, C)\ntargets | the labels\ninput_lengths | steps of each sample\ntarget_lengths | labels of each sample",
    ),
    *(
        mirror(
            f"torch.nn.functional.{layer.shape}",
            layer,
            inputs="input1 | one\ninput2 | the other\ntarget | 1 or −1",
        )
        for layer in (MARGIN_RANKING, COSINE)
    ),
    *(
        mirror(
            f"torch.nn.functional.{layer.shape}",
            layer,
            inputs="anchor | the anchors\npositive | their likes\nnegative | others",
        )
        for layer in (TRIPLET, TRIPLET_DISTANCE)
    ),
)
