"""The references that change each value, or weigh values, equal torch: activations, linear layers, normalisations, tables, distances."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from layers_testing import DTYPES, array, assert_equal, quick, weights_of
from nnwhy import layers

number = st.floats(0.1, 3).map(lambda value: round(value, 2))
ACTIVATIONS = {
    "ReLU": {},
    "ReLU6": {},
    "LeakyReLU": {"negative_slope": number},
    "Threshold": {"threshold": number, "value": number},
    "ELU": {"alpha": number},
    "CELU": {"alpha": number},
    "SELU": {},
    "GELU": {"approximate": st.sampled_from(["none", "tanh"])},
    "Sigmoid": {},
    "SiLU": {},
    "Mish": {},
    "Hardswish": {},
    "Hardsigmoid": {},
    "Hardtanh": {"min_val": number.map(lambda x: -x), "max_val": number},
    "Tanh": {},
    "LogSigmoid": {},
    "Softplus": {"beta": number, "threshold": number},
    "Softsign": {},
    "Tanhshrink": {},
    "Softshrink": {"lambd": number},
    "Hardshrink": {"lambd": number},
    "GLU": {"dim": st.sampled_from([0, 1, -1])},
    "Softmax": {"dim": st.sampled_from([0, 1, -1])},
    "LogSoftmax": {"dim": st.sampled_from([0, 1, -1])},
    "Softmin": {"dim": st.sampled_from([0, 1, -1])},
    "RReLU": {"lower": st.just(0.1), "upper": number},
}


@pytest.mark.parametrize("name", ACTIVATIONS)
@quick(24)
@given(st.data(), DTYPES, st.sampled_from([0.3, 3.0, 30.0]))
def test_activation_in_evaluation(name, data, dtype, scale) -> None:
    arguments = {key: data.draw(values) for key, values in ACTIVATIONS[name].items()}
    x = array((4, 6, 2), dtype) * scale
    module = getattr(nn, name)(**arguments).eval()
    assert_equal(layers.reference(name)(x.numpy(), **arguments), module(x))


def test_softmax2d_and_extreme_values() -> None:
    x = array((2, 3, 4, 5), "float32") * 200
    assert_equal(layers.reference("Softmax2d")(x.numpy()), nn.Softmax2d()(x))
    for name in ("Sigmoid", "LogSigmoid", "Softplus", "Mish", "SiLU"):
        assert_equal(layers.reference(name)(x.numpy()), getattr(nn, name)()(x))


@pytest.mark.parametrize("slopes", [1, 3])
def test_prelu(slopes) -> None:
    x = array((2, 3, 4), "float32")
    module = nn.PReLU(slopes, init=0.3)
    assert_equal(layers.reference("PReLU")(x.numpy(), **weights_of(module)), module(x))


def test_rrelu_in_training_draws_slopes_between_its_limits() -> None:
    x = array((50, 50), "float64")
    torch.manual_seed(0)
    expected = nn.RReLU(0.2, 0.4)(x)
    slope = (expected / x).numpy()
    drawn = slope[x.numpy() < 0]
    assert drawn.min() >= 0.2 and drawn.max() <= 0.4 and drawn.std() > 0.05
    assert_equal(layers.reference("RReLU")(x.numpy(), 0.2, 0.4, training=True, slope=slope), expected)
    ours = (
        layers.reference("RReLU")(x.numpy(), 0.2, 0.4, training=True, rng=np.random.default_rng(0))
        / x.numpy()
    )
    assert ours[x.numpy() < 0].min() >= 0.2 and ours[x.numpy() < 0].max() <= 0.4


@quick(90)
@given(st.integers(1, 5), st.integers(1, 5), st.booleans(), st.lists(st.integers(1, 3), max_size=3), DTYPES)
def test_linear_layers(one, two, bias, batch, dtype) -> None:
    x = array((*batch, one), dtype)
    module = nn.Linear(one, two, bias=bias).to(x.dtype)
    assert_equal(layers.reference("Linear")(x.numpy(), **weights_of(module)), module(x))
    lazy = nn.LazyLinear(two, bias=bias, dtype=x.dtype)
    expected = lazy(x)
    assert_equal(layers.reference("LazyLinear")(x.numpy(), **weights_of(lazy)), expected)
    y = array((*batch, 4), dtype, seed=1)
    module = nn.Bilinear(one, 4, two, bias=bias).to(x.dtype)
    if batch:
        assert_equal(layers.reference("Bilinear")(x.numpy(), y.numpy(), **weights_of(module)), module(x, y))
    assert_equal(layers.reference("Identity")(x.numpy(), 7, unused=8), nn.Identity(7)(x))


@quick(120)
@given(
    st.integers(0, 3), st.booleans(), st.booleans(), st.sampled_from([0.1, 0.7, None]), st.booleans(), DTYPES
)
def test_batch_norm(axes, affine, track, momentum, training, dtype) -> None:
    x = array((4, 3, 5, 2, 3)[: 2 + axes], dtype)
    name = f"BatchNorm{max(axes, 1)}d"
    module = getattr(nn, name)(3, eps=1e-3, momentum=momentum, affine=affine, track_running_stats=track)
    module = module.to(x.dtype).train(training)
    check_norm(name, module, x, training=training or not track, momentum=momentum)


@quick(120)
@given(st.integers(1, 3), st.booleans(), st.booleans(), st.booleans(), DTYPES)
def test_instance_norm(axes, affine, track, training, dtype) -> None:
    x = array((4, 3, 5, 2, 3)[: 2 + axes], dtype)
    name = f"InstanceNorm{axes}d"
    module = getattr(nn, name)(3, eps=1e-3, momentum=0.3, affine=affine, track_running_stats=track)
    check_norm(name, module.to(x.dtype).train(training), x, training=training or not track, momentum=0.3)


def check_norm(name, module, x, *, training, momentum) -> None:
    """Three batches, weights other than at the start, the running statistics compared as well."""
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(array(tuple(parameter.shape), str(x.numpy().dtype), seed=3))
    running = {}
    if module.running_mean is not None:
        running = {key: getattr(module, key).numpy().copy() for key in ("running_mean", "running_var")}
    for batch in range(1, 4):
        extra = {"num_batches_tracked": batch} if momentum is None else {}
        expected = module(x * batch + batch)
        found = layers.reference(name)(
            (x * batch + batch).numpy(),
            **weights_of(module),
            **running,
            training=training,
            momentum=momentum,
            eps=1e-3,
            **extra,
        )
        assert_equal(found, expected)
    for key, value in running.items():
        assert_equal(value, getattr(module, key))


@quick(90)
@given(st.integers(1, 3), st.booleans(), st.booleans(), DTYPES)
def test_layer_and_rms_norm(count, affine, bias, dtype) -> None:
    x = array((2, 3, 4, 5), dtype) * 3 + 1
    shape = tuple(x.shape[-count:])
    module = nn.LayerNorm(shape, elementwise_affine=affine, bias=bias).to(x.dtype)
    assert_equal(layers.reference("LayerNorm")(x.numpy(), shape, **weights_of(module)), module(x))
    for eps in (None, 1e-2):
        module = nn.RMSNorm(shape, eps=eps, elementwise_affine=affine).to(x.dtype)
        assert_equal(layers.reference("RMSNorm")(x.numpy(), shape, **weights_of(module), eps=eps), module(x))


@quick(90)
@given(st.sampled_from([1, 2, 3, 6]), st.booleans(), st.integers(0, 2), DTYPES)
def test_group_norm(groups, affine, axes, dtype) -> None:
    x = array((2, 6, 4, 5)[: 2 + axes], dtype) * 3 + 1
    module = nn.GroupNorm(groups, 6, eps=1e-3, affine=affine).to(x.dtype)
    assert_equal(layers.reference("GroupNorm")(x.numpy(), groups, **weights_of(module), eps=1e-3), module(x))


@quick(90)
@given(st.integers(1, 6), st.integers(1, 9), number, number, number, DTYPES)
def test_local_response_norm(size, channels, alpha, beta, k, dtype) -> None:
    x = array((2, channels, 3, 2), dtype)
    arguments = {"alpha": alpha, "beta": beta, "k": k}
    found = layers.reference("LocalResponseNorm")(x.numpy(), size, **arguments)
    assert_equal(found, nn.LocalResponseNorm(size, **arguments)(x))
    found = layers.reference("CrossMapLRN2d")(x.numpy(), size, **arguments)
    assert_equal(found, nn.CrossMapLRN2d(size, **arguments)(x))


@quick(90)
@given(st.none() | number, st.sampled_from([1.0, 2.0, 3.0]), DTYPES)
def test_embedding(max_norm, norm_type, dtype) -> None:
    ids = torch.tensor([[1, 4, 4], [0, 2, 1]])
    module = nn.Embedding(6, 3, max_norm=max_norm, norm_type=norm_type).to(getattr(torch, dtype))
    table = module.weight.detach().numpy().copy()
    expected = module(ids)
    found = layers.reference("Embedding")(ids.numpy(), table, max_norm=max_norm, norm_type=norm_type)
    assert_equal(found, expected)
    assert_equal(table, module.weight)


@quick(120)
@given(st.sampled_from(["mean", "sum", "max"]), st.booleans(), st.none() | st.just(2), st.booleans(), DTYPES)
def test_embedding_bag(mode, flat, padding_idx, last, dtype) -> None:
    module = nn.EmbeddingBag(6, 3, mode=mode, padding_idx=padding_idx, include_last_offset=flat and last)
    module = module.to(getattr(torch, dtype))
    ids = torch.tensor([1, 2, 4, 4, 2, 1]) if flat else torch.tensor([[1, 2, 4], [2, 2, 5]])
    options = {}
    if flat:
        options["offsets"] = torch.tensor([0, 3, 3, *([6] if last else [])])
    if mode == "sum":
        options["per_sample_weights"] = array(tuple(ids.shape), dtype)
    expected = module(ids, **options)
    found = layers.reference("EmbeddingBag")(
        ids.numpy(),
        **weights_of(module),
        **{key: value.numpy() for key, value in options.items()},
        mode=mode,
        padding_idx=padding_idx,
        include_last_offset=flat and last,
    )
    assert_equal(found, expected)


@quick(90)
@given(st.sampled_from([0, 1, -1]), st.sampled_from([1.0, 2.0, 3.0, float("inf")]), st.booleans(), DTYPES)
def test_distances(dim, p, keepdim, dtype) -> None:
    x, y = array((2, 3, 4), dtype), array((2, 3, 4), dtype, seed=1)
    found = layers.reference("CosineSimilarity")(x.numpy(), y.numpy(), dim, eps=1e-3)
    assert_equal(found, nn.CosineSimilarity(dim, eps=1e-3)(x, y))
    found = layers.reference("PairwiseDistance")(x.numpy(), y.numpy(), p, eps=1e-3, keepdim=keepdim)
    assert_equal(found, nn.PairwiseDistance(p, eps=1e-3, keepdim=keepdim)(x, y))
    found = layers.reference("F.normalize")(x.numpy(), p, dim)
    assert_equal(found, nn.functional.normalize(x, p, dim))


@quick(60)
@given(st.integers(0, 3), st.integers(-1, 3), DTYPES)
def test_flatten_and_unflatten(start, end, dtype) -> None:
    x = array((2, 3, 4, 5), dtype)
    if start <= end % 4:
        assert_equal(layers.reference("Flatten")(x.numpy(), start, end), nn.Flatten(start, end)(x))
    assert_equal(layers.reference("Unflatten")(x.numpy(), 2, (2, -1)), nn.Unflatten(2, (2, -1))(x))


@pytest.mark.parametrize("classes", [-1, 7])
def test_one_hot(classes) -> None:
    ids = torch.tensor([[1, 4], [0, 2]])
    assert_equal(layers.reference("one_hot")(ids.numpy(), classes), nn.functional.one_hot(ids, classes))


@quick(90)
@given(
    st.sampled_from(["constant", "reflect", "replicate", "circular"]), st.integers(0, 2), st.integers(0, 2)
)
def test_pad_function(mode, left, right) -> None:
    x = array((2, 3, 4), "float64")
    expected = nn.functional.pad(x, (left, right), mode=mode)
    assert_equal(layers.reference("F.pad")(x.numpy(), (left, right), mode=mode), expected)
