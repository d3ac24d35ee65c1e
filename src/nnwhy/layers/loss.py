"""Cards of the losses for numbers and for classes: what is compared, and in which form it must come."""

from __future__ import annotations

from typing import Any

from nnwhy.facts.card import Card
from nnwhy.layers.writing import mirror, module, paper

NEIGHBOURS = """
| loss | input | target | use it |
|---|---|---|---|
| CrossEntropyLoss | scores (N, C) | class numbers (N), or probabilities (N, C) | one class of several |
| NLLLoss | log-probabilities (N, C) | class numbers (N) | after LogSoftmax |
| BCEWithLogitsLoss | scores, any shape | 0 … 1, the same shape | yes or no, once or many times |
| BCELoss | probabilities, any shape | 0 … 1, the same shape | after Sigmoid; less exact |
| MSELoss | numbers | numbers, the same shape | regression; outliers weigh much |
| L1Loss | numbers | numbers, the same shape | regression; outliers weigh as the rest |
| SmoothL1Loss, HuberLoss | numbers | numbers, the same shape | between the two |
| GaussianNLLLoss | means and variances | numbers | regression that says how sure it is |
| PoissonNLLLoss | log-rates | counts | counts |
| KLDivLoss | log-probabilities | probabilities | one distribution to another |
| CTCLoss | log-probabilities (T, N, C) | sequences of classes | speech, handwriting: no alignment known |
| TripletMarginLoss | three vectors | none | embeddings: near and far |
"""
OLD = "size_average = None | deprecated: use reduction\nreduce = None | deprecated: use reduction"
REDUCTION = "reduction = 'mean' | 'mean', 'sum' or 'none' (one loss for each element)"
WEIGHT = "weight = None | a weight for each class | that class's errors count more"
LABELS = """
ignore_index = -100 | a class number that is left out of the loss, for padding
"""


def loss(name: str, *, formula: str, references: tuple[Any, ...] = (), function: str, **fields: Any) -> Card:
    """The card of a loss; `function` is the name of its functional and of its reference."""
    still: dict[str, Any] = {
        "here": fields["sentence"].split(":")[0].rstrip(".") + ", {reduction}",
        "data": "Input and target of one shape; each element on its own, then all are averaged (or summed): the batch is mixed into one number.",
        "arguments": f"{OLD}\n{REDUCTION}",
        "shape_note": "one number; the input's shape with reduction='none'",
        "modes": "The same.",
        "parameters": "0",
        "multiply_adds": "0; a few operations for each element",
        "neighbours": NEIGHBOURS,
        "reference": f"loss.{function}",
    }
    return module(name, "loss", shape=function, formula=formula, references=references, **{**still, **fields})


ONE_SHAPE = (
    "Shapes must be equal: (N, 1) against (N) is broadcast to (N, N) with only a warning | loss-broadcast"
)

L1_LOSS = loss(
    "L1Loss",
    function="l1_loss",
    sentence="The distance between input and target: |x − y|.",
    here="|input − target|, {reduction}",
    formula="|x − y|",
    why="Every unit of error counts the same, so outliers do not rule; the best constant is the median.",
    pitfalls=f"{ONE_SHAPE}\nIts gradient does not shrink near the target",
)
MSE_LOSS = loss(
    "MSELoss",
    function="mse_loss",
    sentence="The squared difference between input and target: (x − y)².",
    here="(input − target)², {reduction}",
    formula="(x − y)²",
    why="It is smooth and its best constant is the mean; it is, but for constants, minus the log-likelihood of normal errors of one size.",
    pitfalls=f"{ONE_SHAPE}\nOutliers count by their square\nFor classes, cross entropy learns better",
)
SMOOTH_L1 = loss(
    "SmoothL1Loss",
    function="smooth_l1_loss",
    sentence="Squared near the target and straight beyond beta: (x − y)²/(2·beta) or |x − y| − beta/2.",
    here="squared difference below {beta}, straight beyond, {reduction}",
    formula="d = |x − y|: d²/(2·beta) if d < beta, else d − beta/2; with beta = 0, d",
    why="Outliers count as in L1, and the gradient fades near the target as in MSE: used for boxes in detection.",
    arguments=f"{OLD}\n{REDUCTION}\nbeta = 1.0 | where it turns straight | more like MSE",
    pitfalls=f"{ONE_SHAPE}\nIt is HuberLoss divided by beta",
    references=(paper("Fast R-CNN", "Girshick", 2015, "1504.08083"),),
)
HUBER = loss(
    "HuberLoss",
    function="huber_loss",
    sentence="Squared near the target and straight beyond delta: (x − y)²/2 or delta·(|x − y| − delta/2).",
    here="squared difference below {delta}, straight beyond, {reduction}",
    formula="d = |x − y|: d²/2 if d ≤ delta, else delta·(d − delta/2)",
    why="A squared error on which outliers do not pull harder than delta.",
    arguments=f"{REDUCTION}\ndelta = 1.0 | where it turns straight | more like MSE",
    pitfalls=f"{ONE_SHAPE}\nIt is SmoothL1Loss times delta",
    references=(
        paper(
            "Robust Estimation of a Location Parameter",
            "Huber",
            1964,
            "https://doi.org/10.1214/aoms/1177703732",
        ),
    ),
)

CROSS_ENTROPY = loss(
    "CrossEntropyLoss",
    function="cross_entropy",
    sentence="How unlikely the right class is, from scores: −log softmax(x)[target].",
    here="−log softmax(scores)[target]{label_smoothing:if|, smoothed by @}, {reduction}",
    data="""Scores (N, C) or (N, C, positions…) and class numbers (N) or (N, positions…), or probabilities shaped as the scores. Along axis 1 the classes are mixed (softmax);
        samples and positions each give a loss, then all are averaged.""",
    formula="""class numbers: l = −w_y·log softmax(x)_y, mean = Σ l / Σ w_y; probabilities p: l = −Σ w_c·p_c·log softmax(x)_c, mean = Σ l / N;
        smoothing s replaces the target by (1 − s)·target + s/C""",
    shape_note="one number; the shape of the class numbers with reduction='none'",
    why="""It is minus the log-likelihood of the right class. Log-softmax is inside, because together they are exact where probabilities round to 0, and the gradient is simply
        softmax − target.""",
    arguments=f"{WEIGHT}\n{OLD}\n{LABELS}\n{REDUCTION}\nlabel_smoothing = 0.0 | how much of the target is spread over all classes | less sure",
    pitfalls="""
        It wants scores: a softmax or log-softmax before it is one too many | double-softmax
        Class numbers are int64, shape (N), from 0 to C − 1, not one-hot and not (N, 1) | loss-target
        Classes are axis 1: for (N, L, C) transpose first | loss-target
        A target batch of another size means that something before mixed the samples | batch-mixed
        With weights the mean is divided by the weights' sum
    """,
    references=(
        paper(
            "Rethinking the Inception Architecture for Computer Vision",
            "Szegedy and others",
            2015,
            "1512.00567",
        ),
    ),
)
NLL = loss(
    "NLLLoss",
    function="nll_loss",
    sentence="How unlikely the right class is, from log-probabilities: −x[target].",
    here="−log-probability of the target, {reduction}",
    data="Log-probabilities (N, C) or (N, C, positions…) and class numbers (N) or (N, positions…). Each sample and position picks its class's value; then all are averaged.",
    formula="l = −w_y·x_y, mean = Σ l / Σ w_y",
    shape_note="one number; the target's shape with reduction='none'",
    why="It is the second half of cross entropy, for networks that end in LogSoftmax and give log-probabilities anyway.",
    arguments=f"{WEIGHT}\n{OLD}\n{LABELS}\n{REDUCTION}",
    pitfalls="""
        It does not take a logarithm: scores or softmax outputs run and train badly; a negative loss is the sign | log-probabilities-missing
        Class numbers are int64, shape (N), from 0 to C − 1 | loss-target
    """,
)
NLL2D = module(
    "NLLLoss2d",
    "loss",
    sentence="The old name of NLLLoss for images; deprecated.",
    here="−log-probability of each pixel's class, {reduction}",
    data="As NLLLoss: (N, C, H, W) and (N, H, W).",
    why="NLLLoss takes images by itself now.",
    arguments=f"{WEIGHT}\n{OLD}\n{LABELS}\n{REDUCTION}",
    shape="nll_loss",
    shape_note="one number; (N, H, W) with reduction='none'",
    modes="The same.",
    parameters="0",
    multiply_adds="0; one operation for each pixel",
    pitfalls="It warns: use NLLLoss",
    neighbours=NEIGHBOURS,
    reference="loss.nll_loss",
)
LINEAR_CROSS_ENTROPY = module(
    "LinearCrossEntropyLoss",
    "loss",
    sentence="A Linear to class scores and the cross entropy of them in one, so that the scores of all classes need not be stored.",
    here="scores of {num_classes} classes and their cross entropy, {reduction}",
    data="(N, in_features) and targets (N) become one number. Each sample's features are mixed into scores; samples give a loss each, then all are averaged.",
    why="With a vocabulary of 100,000 the scores of a batch are the largest tensor of all. In pieces they need never exist at once (with `options`).",
    arguments=f"""
        in_features | length of each sample's vector | more weights
        num_classes | number of classes | more weights
        out_features = () | sizes of further axes, for a target at each position
        bias = False | whether the scores have a bias: False here, True in Linear
        {REDUCTION}
        {WEIGHT}
        ignore_index = None | a class number that is left out; None means −100 for class numbers
        label_smoothing = 0.0 | how much of the target is spread over all classes | less sure
        options = None | a LinearCrossEntropyOptions: how to work in pieces; None works on the whole
    """,
    shape="linear_cross_entropy",
    shape_note="one number; (N) with reduction='none'",
    modes="The same.",
    initialisation="As Linear.",
    parameters="num_classes · (product of out_features) · (in_features + 1 if bias)",
    multiply_adds="N · in_features · num_classes · (product of out_features)",
    pitfalls="""
        It has no scores to return: predictions need its `linear`
        With options a second backward through it raises
    """,
    neighbours=NEIGHBOURS,
    formula="cross_entropy(x·Wᵀ + b, target)",
    reference="loss.linear_cross_entropy",
)
BCE = loss(
    "BCELoss",
    function="binary_cross_entropy",
    sentence="How unlikely the right answer is to yes-or-no questions, from probabilities: −(y·log x + (1 − y)·log(1 − x)).",
    here="−log of the right answer's probability, yes or no, {reduction}",
    formula="−w·(y·log x + (1 − y)·log(1 − x)), each logarithm at least −100",
    why="It is minus the log-likelihood of answers that are true with probability x.",
    arguments=f"weight = None | a weight for each element, broadcast | that element counts more\n{OLD}\n{REDUCTION}",
    pitfalls="""
        Input must be between 0 and 1: a Sigmoid before it, or BCEWithLogitsLoss without | sigmoid-missing
        Target is a float of the input's very shape: (N, 1) against (N) is an error | loss-target
        Where the sigmoid rounds to 0 or 1 the gradient is lost: BCEWithLogitsLoss is exact
    """,
)
BCE_LOGITS = loss(
    "BCEWithLogitsLoss",
    function="binary_cross_entropy_with_logits",
    sentence="How unlikely the right answer is to yes-or-no questions, from scores; the sigmoid is inside.",
    here="−log of the right answer's probability, from scores, {reduction}",
    formula="w·((1 − y)·x + (1 + (q − 1)·y)·log(1 + e⁻ˣ)), q = pos_weight",
    why="Sigmoid and logarithm together are exact for scores of any size; apart they round to 0. For several labels at once, each is a question of its own.",
    arguments=f"weight = None | a weight for each element, broadcast | that element counts more\n{OLD}\n{REDUCTION}\npos_weight = None | a weight for each class's yes | misses cost more: higher recall",
    pitfalls="""
        A sigmoid before it is one too many | double-sigmoid
        Target is a float of the input's very shape | loss-target
        For exactly one of several classes use CrossEntropyLoss
    """,
)
KL = loss(
    "KLDivLoss",
    function="kl_div",
    sentence="How far a distribution of the network is from a target distribution: y·(log y − x), with x log-probabilities.",
    here="distance of the target's distribution from the input's, {reduction}",
    formula="y·(log y − x), 0 where y = 0; with log_target e^y·(y − x)",
    why="A student learns a teacher's probabilities; a code is held near N(0, 1).",
    arguments=f"{OLD}\nreduction = 'mean' | 'batchmean' (the divergence), 'mean' (divided by all elements), 'sum' or 'none'\nlog_target = False | whether the target is in logarithms as well",
    pitfalls="""
        Input is log-probabilities, target probabilities | log-probabilities-missing
        'mean' divides by the classes too: 'batchmean' is the divergence of mathematics
        Input comes first and target second: KL(target ‖ input)
    """,
    references=(
        paper(
            "On Information and Sufficiency",
            "Kullback, Leibler",
            1951,
            "https://doi.org/10.1214/aoms/1177729694",
        ),
    ),
)

FUNCTIONS = (
    *(
        mirror(
            f"torch.nn.functional.{layer.shape}",
            layer,
            inputs="input | what the network gives\ntarget | what is right",
        )
        for layer in (L1_LOSS, MSE_LOSS, SMOOTH_L1, HUBER, CROSS_ENTROPY, NLL, BCE, BCE_LOGITS, KL)
    ),
    mirror(
        "torch.nn.functional.linear_cross_entropy",
        LINEAR_CROSS_ENTROPY,
        here="cross entropy of the input's scores by the given weights, {reduction}",
        arguments=f"""
            input | (N, in_features)
            linear_weight | (num_classes, in_features)
            target | class numbers (N), or probabilities
            linear_bias = None | one number for each class
            {WEIGHT}
            {REDUCTION}
            ignore_index = None | a class number that is left out
            label_smoothing = 0.0 | how much of the target is spread over all classes | less sure
            options = None | how to work in pieces
        """,
    ),
)
