"""The loss references equal torch for every reduction and argument."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from layers_testing import DTYPES, array, assert_equal, quick, weights_of
from nnwhy import layers

REDUCTIONS = st.sampled_from(["mean", "sum", "none"])
margin = st.sampled_from([0.0, 0.3, 1.0, 2.0])
SHAPE = (4, 5)


def signs(shape: tuple[int, ...], dtype: str) -> torch.Tensor:
    return torch.sign(array(shape, dtype, seed=7))


def plain(values: dict) -> dict:
    return {key: value.numpy() if isinstance(value, torch.Tensor) else value for key, value in values.items()}


def check(name: str, tensors: tuple[torch.Tensor, ...], **options) -> None:
    expected = getattr(nn, name)(**options)(*tensors)
    assert_equal(layers.reference(name)(*(x.numpy() for x in tensors), **plain(options)), expected)


@quick(120)
@given(REDUCTIONS, st.sampled_from([0.0, 0.5, 1.0, 2.0]), DTYPES)
def test_losses_of_numbers(reduction, bend, dtype) -> None:
    x, y = array(SHAPE, dtype), array(SHAPE, dtype, seed=1)
    check("L1Loss", (x, y), reduction=reduction)
    check("MSELoss", (x, y), reduction=reduction)
    check("SmoothL1Loss", (x, y), reduction=reduction, beta=bend)
    check("HuberLoss", (x, y), reduction=reduction, delta=bend or 3.0)


@quick(180)
@given(
    REDUCTIONS,
    st.booleans(),
    st.sampled_from([0.0, 0.1, 1.0]),
    st.sampled_from([-100, 1]),
    st.integers(0, 2),
    DTYPES,
)
def test_cross_entropy_with_class_numbers(reduction, weighted, smoothing, ignored, axes, dtype) -> None:
    x = array((4, 3, 5, 2)[: 2 + axes], dtype)
    target = torch.from_numpy(np.random.default_rng(axes).integers(0, 3, (4, 5, 2)[: 1 + axes]))
    target.view(-1)[:2] = torch.tensor([0, 2])
    options = {"reduction": reduction, "ignore_index": ignored}
    if weighted:
        options["weight"] = array((3,), dtype).abs()
    check("CrossEntropyLoss", (x, target), label_smoothing=smoothing, **options)
    check("NLLLoss", (x, target), **options)


@quick(90)
@given(REDUCTIONS, st.booleans(), st.sampled_from([0.0, 0.1]), st.integers(0, 1), DTYPES)
def test_cross_entropy_with_probabilities(reduction, weighted, smoothing, axes, dtype) -> None:
    x = array((4, 3, 5)[: 2 + axes], dtype)
    target = torch.softmax(array(tuple(x.shape), dtype, seed=1), 1)
    options = {"weight": array((3,), dtype).abs()} if weighted else {}
    check("CrossEntropyLoss", (x, target), reduction=reduction, label_smoothing=smoothing, **options)


@pytest.mark.filterwarnings("ignore:`NLLLoss2d` has been deprecated")
def test_nll_loss_of_images() -> None:
    x = array((2, 3, 4, 5), "float64")
    check("NLLLoss2d", (x, torch.arange(40).reshape(2, 4, 5) % 3), reduction="none")


@pytest.mark.skipif(not hasattr(nn, "LinearCrossEntropyLoss"), reason="not in this torch")
@quick(90)
@given(
    REDUCTIONS,
    st.booleans(),
    st.sampled_from([0.0, 0.1]),
    st.sampled_from([(), (2,)]),
    st.sampled_from([None, 1]),
    DTYPES,
)
def test_linear_cross_entropy(reduction, bias, smoothing, further, ignored, dtype) -> None:
    x = array((4, 6), dtype)
    target = torch.arange(4 * int(np.prod(further))).reshape(4, *further) % 3
    module = nn.LinearCrossEntropyLoss(
        6,
        3,
        out_features=further,
        bias=bias,
        reduction=reduction,
        label_smoothing=smoothing,
        ignore_index=ignored,
    ).to(x.dtype)
    weights = weights_of(module)
    found = layers.reference("LinearCrossEntropyLoss")(
        x.numpy(),
        weights["linear.weight"].reshape(3, *further, 6),
        target.numpy(),
        weights["linear.bias"].reshape(3, *further) if bias else None,
        ignore_index=ignored,
        reduction=reduction,
        label_smoothing=smoothing,
    )
    assert_equal(found, module(x, target))


@quick(90)
@given(REDUCTIONS, st.booleans(), st.booleans(), DTYPES)
def test_yes_or_no(reduction, weighted, positive, dtype) -> None:
    scores, target = array(SHAPE, dtype) * 3, (array(SHAPE, dtype, seed=1) > 0).to(getattr(torch, dtype))
    options = {"weight": array((5,), dtype, seed=2).abs()} if weighted else {}
    probabilities = torch.sigmoid(scores)
    probabilities[0, :2] = torch.tensor([0.0, 1.0])
    check("BCELoss", (probabilities, target), reduction=reduction, **options)
    check("MultiLabelSoftMarginLoss", (scores, target), reduction=reduction, **options)
    if positive:
        options["pos_weight"] = array((5,), dtype, seed=3).abs()
    check("BCEWithLogitsLoss", (scores, target), reduction=reduction, **options)


@pytest.mark.filterwarnings("ignore:reduction. 'mean' divides")
@quick(90)
@given(st.sampled_from(["mean", "sum", "none", "batchmean"]), st.booleans(), DTYPES)
def test_kl_divergence(reduction, log_target, dtype) -> None:
    x = torch.log_softmax(array(SHAPE, dtype), 1)
    target = torch.softmax(array(SHAPE, dtype, seed=1) * 3, 1)
    target[0, 0] = 0 if not log_target else 1
    check(
        "KLDivLoss", (x, target.log() if log_target else target), reduction=reduction, log_target=log_target
    )


@quick(90)
@given(REDUCTIONS, st.booleans(), st.booleans(), DTYPES)
def test_likelihoods(reduction, full, log_input, dtype) -> None:
    x, counts = array(SHAPE, dtype), array(SHAPE, dtype, seed=1).abs().mul(3).round()
    rates = x if log_input else x.abs()
    check("PoissonNLLLoss", (rates, counts), log_input=log_input, full=full, reduction=reduction)
    for variances in (
        array(SHAPE, dtype, seed=2).abs(),
        array((4, 1), dtype, seed=2).abs(),
        array((4,), dtype).abs(),
    ):
        check("GaussianNLLLoss", (x, counts, variances), full=full, eps=0.1, reduction=reduction)


@quick(90)
@given(REDUCTIONS, margin, DTYPES)
def test_margins(reduction, wide, dtype) -> None:
    x, y = array(SHAPE, dtype), array(SHAPE, dtype, seed=1)
    check("MarginRankingLoss", (x, y, signs(SHAPE, dtype)), margin=wide, reduction=reduction)
    check("HingeEmbeddingLoss", (x, signs(SHAPE, dtype)), margin=wide, reduction=reduction)
    check("SoftMarginLoss", (x, signs(SHAPE, dtype)), reduction=reduction)
    check("CosineEmbeddingLoss", (x, y, signs((4,), dtype)), margin=min(wide, 1.0), reduction=reduction)
    labels = torch.tensor([[1, 3, -1, 0, 0], [4, -1, 1, 1, 1], [0, 1, 2, 3, 4], [-1, 0, 0, 0, 0]])
    check("MultiLabelMarginLoss", (x, labels), reduction=reduction)


@quick(90)
@given(REDUCTIONS, margin, st.sampled_from([1, 2]), st.booleans(), DTYPES)
def test_multi_margin(reduction, wide, p, weighted, dtype) -> None:
    options = {"weight": array((5,), dtype, seed=2).abs()} if weighted else {}
    target = torch.tensor([0, 4, 2, 2])
    check("MultiMarginLoss", (array(SHAPE, dtype), target), p=p, margin=wide, reduction=reduction, **options)


@quick(90)
@given(REDUCTIONS, margin, st.sampled_from([1.0, 2.0, 3.0]), st.booleans(), DTYPES)
def test_triplets(reduction, wide, p, swap, dtype) -> None:
    triplet = tuple(array(SHAPE, dtype, seed=seed) for seed in range(3))
    options = {"margin": wide or 0.1, "swap": swap, "reduction": reduction}
    check("TripletMarginLoss", triplet, p=p, eps=1e-3, **options)
    check("TripletMarginWithDistanceLoss", triplet, **options)

    def distance(a, b):
        return abs(a - b).sum(-1)

    check("TripletMarginWithDistanceLoss", triplet, distance_function=distance, **options)


def test_the_formulas_where_numpy_would_hide_the_idea() -> None:
    """CTC by listing every alignment; adaptive softmax by its two doors."""
    x = torch.log_softmax(array((4, 1, 3), "float64"), 2)
    target = torch.tensor([[1, 2]])
    total = 0.0
    for path in np.ndindex(3, 3, 3, 3):
        merged = [label for i, label in enumerate(path) if label and (i == 0 or path[i - 1] != label)]
        if merged == [1, 2]:
            total += float(np.exp(sum(x[t, 0, label].item() for t, label in enumerate(path))))
    expected = nn.CTCLoss(reduction="sum")(x, target, torch.tensor([4]), torch.tensor([2]))
    assert -np.log(total) == pytest.approx(expected.item())
    mean = nn.CTCLoss()(x, target, torch.tensor([4]), torch.tensor([2]))
    assert mean.item() == pytest.approx(expected.item() / 2)

    module = nn.AdaptiveLogSoftmaxWithLoss(8, 10, [3, 6], div_value=2.0).double()
    features = array((5, 8), "float64")
    every = module.log_prob(features)
    head = torch.log_softmax(module.head(features), 1)
    first = torch.log_softmax(module.tail[0](features), 1)
    assert torch.allclose(every[:, :3], head[:, :3])
    assert torch.allclose(every[:, 3:6], head[:, 3:4] + first)
    targets = torch.tensor([0, 3, 5, 9, 2])
    output, loss = module(features, targets)
    assert torch.allclose(output, every[torch.arange(5), targets]) and torch.allclose(loss, -output.mean())
    assert [tuple(weight.shape) for weight in module.parameters()] == [(5, 8), (4, 8), (3, 4), (2, 8), (4, 2)]
