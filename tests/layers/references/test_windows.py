"""The references that slide a window equal torch: convolutions, pools, padding, patches, resizing."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from torch import nn

from layers_testing import DTYPES, array, assert_equal, quick, weights_of
from nnwhy import layers


def sizes(draw: st.DrawFn, dimensions: int, low: int, high: int) -> int | tuple[int, ...]:
    """One number, or one for each axis."""
    one = st.integers(low, high)
    return draw(one | st.tuples(*[one] * dimensions))


@st.composite
def convolutions(draw: st.DrawFn) -> tuple[int, dict, tuple[int, ...]]:
    dimensions = draw(st.integers(1, 3))
    groups = draw(st.integers(1, 3))
    arguments = {
        "in_channels": groups * draw(st.integers(1, 2)),
        "out_channels": groups * draw(st.integers(1, 2)),
        "kernel_size": sizes(draw, dimensions, 1, 3),
        "stride": sizes(draw, dimensions, 1, 3),
        "dilation": sizes(draw, dimensions, 1, 2),
        "groups": groups,
        "bias": draw(st.booleans()),
    }
    shape = (
        draw(st.integers(1, 2)),
        arguments["in_channels"],
        *(draw(st.integers(5, 7)) for _ in range(dimensions)),
    )
    return dimensions, arguments, shape


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
@quick(180)
@given(convolutions(), st.sampled_from(["zeros", "reflect", "replicate", "circular"]), st.data(), DTYPES)
def test_convolution(case, mode, data, dtype) -> None:
    dimensions, arguments, shape = case
    padding = data.draw(st.integers(0, 2) | st.sampled_from(["same", "valid"]))
    arguments |= {"padding": padding, "padding_mode": mode}
    if padding == "same":
        arguments["stride"] = 1
    x = array(shape, dtype)
    module = getattr(nn, f"Conv{dimensions}d")(**arguments).to(x.dtype)
    options = {key: arguments[key] for key in ("stride", "padding", "dilation", "groups", "padding_mode")}
    expected = module(x)
    found = layers.reference(f"Conv{dimensions}d")(x.numpy(), **weights_of(module), **options)
    assert_equal(found, expected)


@quick(180)
@given(convolutions(), st.integers(0, 2), st.data(), DTYPES)
def test_transposed_convolution(case, padding, data, dtype) -> None:
    dimensions, arguments, shape = case
    extra = data.draw(st.integers(0, 2))
    strides = np.broadcast_to(arguments["stride"], dimensions)
    dilations = np.broadcast_to(arguments["dilation"], dimensions)
    assume(all(extra < max(s, d) for s, d in zip(strides, dilations, strict=True)))
    arguments |= {"padding": padding, "output_padding": extra}
    x = array(shape, dtype)
    module = getattr(nn, f"ConvTranspose{dimensions}d")(**arguments).to(x.dtype)
    options = {key: arguments[key] for key in ("stride", "padding", "output_padding", "dilation", "groups")}
    found = layers.reference(f"ConvTranspose{dimensions}d")(x.numpy(), **weights_of(module), **options)
    assert_equal(found, module(x))


@st.composite
def pools(draw: st.DrawFn) -> tuple[int, dict, tuple[int, ...]]:
    dimensions = draw(st.integers(1, 3))
    kernel = sizes(draw, dimensions, 1, 4)
    half = int(np.min(kernel)) // 2
    arguments = {
        "kernel_size": kernel,
        "stride": draw(st.none() | st.integers(1, 4)),
        "padding": draw(st.integers(0, half)),
        "ceil_mode": draw(st.booleans()),
    }
    return dimensions, arguments, (2, 2, *(draw(st.integers(4, 8)) for _ in range(dimensions)))


@quick(180)
@given(pools(), st.integers(1, 2), st.booleans(), DTYPES)
def test_max_pool(case, dilation, return_indices, dtype) -> None:
    dimensions, arguments, shape = case
    assume(
        all(
            dilation * (int(k) - 1) < 4 + 2 * arguments["padding"] for k in np.ravel(arguments["kernel_size"])
        )
    )
    arguments |= {"dilation": dilation, "return_indices": return_indices}
    x = array(shape, dtype)
    expected = getattr(nn, f"MaxPool{dimensions}d")(**arguments)(x)
    found = layers.reference(f"MaxPool{dimensions}d")(x.numpy(), **arguments)
    for one, other in zip(found, expected, strict=True) if return_indices else [(found, expected)]:
        assert_equal(one, other)


@quick(180)
@given(pools(), st.booleans(), st.none() | st.integers(1, 5), DTYPES)
def test_average_pool(case, count_include_pad, divisor, dtype) -> None:
    dimensions, arguments, shape = case
    arguments["count_include_pad"] = count_include_pad
    if dimensions > 1:
        arguments["divisor_override"] = divisor
    x = array(shape, dtype)
    expected = getattr(nn, f"AvgPool{dimensions}d")(**arguments)(x)
    assert_equal(layers.reference(f"AvgPool{dimensions}d")(x.numpy(), **arguments), expected)


@quick(90)
@given(pools(), st.sampled_from([1, 2, 3, 1.5]), DTYPES)
def test_norm_pool(case, norm_type, dtype) -> None:
    dimensions, arguments, shape = case
    arguments.pop("padding")
    if dimensions == 1:  # torch takes no tuple here
        arguments["kernel_size"] = int(np.max(arguments["kernel_size"]))
    x = array(shape, dtype).abs()
    expected = getattr(nn, f"LPPool{dimensions}d")(norm_type, **arguments)(x)
    found = layers.reference(f"LPPool{dimensions}d")(x.numpy(), norm_type, **arguments)
    assert_equal(found, expected)


@quick(90)
@given(pools(), st.booleans(), DTYPES)
def test_max_unpool(case, give_size, dtype) -> None:
    dimensions, arguments, shape = case
    arguments.pop("ceil_mode")
    x = array(shape, dtype)
    pooled, indices = getattr(nn, f"MaxPool{dimensions}d")(**arguments, return_indices=True)(x)
    stride = arguments["stride"] or arguments["kernel_size"]
    back = [
        (n - 1) * int(s) - 2 * arguments["padding"] + int(k)
        for n, s, k in zip(
            pooled.shape[2:],
            np.broadcast_to(stride, dimensions),
            np.broadcast_to(arguments["kernel_size"], dimensions),
            strict=True,
        )
    ]
    # torch takes sizes within one stride of the plain one; indices must fit and be unique to be put back.
    assume(all(abs(n - b) < int(np.min(stride)) for n, b in zip(shape[2:], back, strict=True)))
    give_size = give_size or tuple(back) != tuple(shape[2:])
    assume(all(len(set(row.tolist())) == len(row) for row in indices.reshape(4, -1)))
    size = {"output_size": list(shape[2:])} if give_size else {}
    expected = getattr(nn, f"MaxUnpool{dimensions}d")(**arguments)(pooled, indices, **size)
    found = layers.reference(f"MaxUnpool{dimensions}d")(pooled.numpy(), indices.numpy(), **arguments, **size)
    assert_equal(found, expected)


@quick(90)
@given(st.integers(1, 3), st.data(), DTYPES)
def test_adaptive_pools(dimensions, data, dtype) -> None:
    one = st.integers(1, 6)
    output = data.draw(one | st.tuples(*[one | st.none()] * dimensions))
    assume(dimensions > 1 or not isinstance(output, tuple) or None not in output)
    x = array((2, 2, *(data.draw(st.integers(2, 7)) for _ in range(dimensions))), dtype)
    for name in (f"AdaptiveAvgPool{dimensions}d", f"AdaptiveMaxPool{dimensions}d"):
        assert_equal(layers.reference(name)(x.numpy(), output), getattr(nn, name)(output)(x))
    name = f"AdaptiveMaxPool{dimensions}d"
    expected = getattr(nn, name)(output, return_indices=True)(x)
    for one, other in zip(
        layers.reference(name)(x.numpy(), output, return_indices=True), expected, strict=True
    ):
        assert_equal(one, other)


@quick(90)
@given(st.integers(2, 3), st.data(), st.booleans(), DTYPES)
def test_fractional_max_pool(dimensions, data, by_ratio, dtype) -> None:
    kernel = data.draw(st.integers(1, 3) | st.tuples(*[st.integers(1, 3)] * dimensions))
    x = array((2, 2, *(data.draw(st.integers(6, 10)) for _ in range(dimensions))), dtype)
    assume(
        all(n - int(k) >= 4 for n, k in zip(x.shape[2:], np.broadcast_to(kernel, dimensions), strict=True))
    )
    samples = torch.rand(2, 2, dimensions, dtype=x.dtype)
    size = {"output_ratio": 0.5} if by_ratio else {"output_size": data.draw(st.integers(2, 5))}
    name = f"FractionalMaxPool{dimensions}d"
    expected = getattr(nn, name)(kernel, **size, return_indices=True, _random_samples=samples)(x)
    found = layers.reference(name)(
        x.numpy(), kernel, **size, return_indices=True, _random_samples=samples.numpy()
    )
    for one, other in zip(found, expected, strict=True):
        assert_equal(one, other)


@quick(180)
@given(
    st.sampled_from(["Zero", "Constant", "Reflection", "Replication", "Circular"]),
    st.integers(1, 3),
    st.data(),
    DTYPES,
)
def test_padding(kind, dimensions, data, dtype) -> None:
    low = -1 if kind in ("Zero", "Constant") else 0
    one = st.integers(low, 3)
    padding = data.draw(one | st.tuples(*[one] * 2 * dimensions))
    x = array((2, 2, *(data.draw(st.integers(4, 6)) for _ in range(dimensions))), dtype)
    value = (1.5,) if kind == "Constant" else ()
    name = f"{kind}Pad{dimensions}d"
    expected = getattr(nn, name)(padding, *value)(x)
    assert_equal(layers.reference(name)(x.numpy(), padding, *value), expected)


@quick(120)
@given(st.data(), DTYPES)
def test_unfold_and_fold(data, dtype) -> None:
    one = st.integers(1, 3)
    pair = one | st.tuples(one, one)
    arguments = {key: data.draw(pair) for key in ("kernel_size", "dilation", "stride")}
    arguments["padding"] = data.draw(st.integers(0, 2))
    reach = np.multiply(arguments["dilation"], np.subtract(arguments["kernel_size"], 1))
    assume(np.all(reach < 5 + 2 * arguments["padding"]))
    x = array((2, 3, data.draw(st.integers(5, 8)), data.draw(st.integers(5, 8))), dtype)
    columns = nn.Unfold(**arguments)(x)
    assert_equal(layers.reference("Unfold")(x.numpy(), **arguments), columns)
    size = tuple(x.shape[2:])
    expected = nn.Fold(size, **arguments)(columns)
    assert_equal(layers.reference("Fold")(columns.numpy(), size, **arguments), expected)


@quick(60)
@given(st.integers(1, 3), st.integers(1, 3), DTYPES)
def test_shuffles(factor, channels, dtype) -> None:
    x = array((2, channels * factor**2, 3, 2), dtype)
    shuffled = nn.PixelShuffle(factor)(x)
    assert_equal(layers.reference("PixelShuffle")(x.numpy(), factor), shuffled)
    assert_equal(
        layers.reference("PixelUnshuffle")(shuffled.numpy(), factor), nn.PixelUnshuffle(factor)(shuffled)
    )
    assert_equal(layers.reference("ChannelShuffle")(x.numpy(), factor), nn.ChannelShuffle(factor)(x))


MODES = {1: ("linear",), 2: ("bilinear", "bicubic"), 3: ("trilinear",)}


@quick(240)
@given(st.integers(1, 3), st.data(), DTYPES)
def test_resizing(dimensions, data, dtype) -> None:
    mode = data.draw(st.sampled_from(["nearest", "nearest-exact", "area", *MODES[dimensions]]))
    x = array((2, 2, *(data.draw(st.integers(1, 5)) for _ in range(dimensions))), dtype)
    if data.draw(st.booleans()):
        options = {"size": data.draw(st.integers(1, 7) | st.tuples(*[st.integers(1, 7)] * dimensions))}
    else:
        options = {"scale_factor": data.draw(st.sampled_from([1.5, 2.0, 2.7]))}
        options["recompute_scale_factor"] = data.draw(st.sampled_from([None, True, False]))
    if mode in MODES[dimensions]:
        options["align_corners"] = data.draw(st.sampled_from([None, True, False]))
    expected = nn.Upsample(mode=mode, **options)(x)
    assert_equal(layers.reference("Upsample")(x.numpy(), mode=mode, **options), expected, rtol=1e-4)


@pytest.mark.parametrize("size", [(7, 5), 6])
def test_old_upsampling_layers(size) -> None:
    x = array((2, 2, 3, 4), "float64")
    assert_equal(layers.reference("UpsamplingNearest2d")(x.numpy(), size), nn.UpsamplingNearest2d(size)(x))
    assert_equal(layers.reference("UpsamplingBilinear2d")(x.numpy(), size), nn.UpsamplingBilinear2d(size)(x))
