"""Convolutions: the kernels, the maps, and the patch of the input behind one output value."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F

from nnwhy.facts.picture import Numbers, Picture, Row, Tile
from nnwhy.show.kinds.other import maps_picture
from nnwhy.show.maps import as_maps, picture, strongest, tile
from nnwhy.show.measures import before_and_after, neighbour_correlation
from nnwhy.show.registry import NotShown, kind
from nnwhy.show.seen import Seen, Told, readable

PATCH_CHANNELS = 3


@kind("Conv1d", "Conv2d", "Conv3d", "ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d")
def tell(seen: Seen) -> Told:
    """Kernels, input and output maps; for Conv2d the arithmetic of one value as well."""
    layer = seen.layer
    dimensions = _weight(layer).dim() - 2
    x, y = as_maps(seen.x, dimensions).values, as_maps(seen.y, dimensions).values
    table = before_and_after(
        seen.x, seen.y, Row("neighbours' correlation", (neighbour_correlation(x), neighbour_correlation(y)))
    )
    if dimensions != 2 or type(layer).__name__.startswith("ConvTranspose"):
        before, after = (maps_picture(t, m, seen) for t, m in (("before", x), ("after", y)))
        return Told(
            "Each map of the output is a weighted sum of all maps of the input, slid along.",
            (before, _kernels(layer, strongest(y[0])), after),
            (table,),
        )
    channels = sorted(strongest(y[0]))
    value = _one_value(layer, x, y, channels)
    marked = torch.zeros(y.shape[2:], dtype=torch.bool)
    marked[value.row, value.column] = True
    after = picture(
        f"after: {len(channels)} of the {y.shape[1]} maps of {seen.sample(0)}",
        [tile(f"{c}", y[0, c], spots=marked if c == value.map else None) for c in channels],
        scale=[y[0, channels]],
        mark="the value worked out above",
    )
    seen_from = "the input" if x.shape[1] == 1 else f"{x.shape[1]} maps of the input"
    return Told(
        f"Each pixel of an output map is one patch of {seen_from} times one kernel: bright where the patch looks like the kernel.",
        (_input(seen, x, value), _kernels(layer, channels), _patch(value), after),
        (table, _arithmetic(value)),
    )


@dataclass(frozen=True)
class OneValue:
    """One value of the output and all that it is made of.

    patch, kernel: (channels in, k, k), the input's values (0 where padded) and the weights
    channels:      the input's maps that belong to the patch
    inside:        which pixels of the input are in the patch (H, W)
    """

    map: int
    row: int
    column: int
    patch: torch.Tensor
    kernel: torch.Tensor
    channels: list[int]
    bias: float
    result: float
    inside: torch.Tensor


def _one_value(layer: torch.nn.Module, x: torch.Tensor, y: torch.Tensor, channels: list[int]) -> OneValue:
    """The largest value of the shown maps, worked out by hand."""
    weight = readable(
        layer.get_parameter("weight") if "weight" in dict(layer.named_parameters()) else _weight(layer)
    )
    flat = int(y[0, channels].flatten().argmax())
    place, (high, wide) = flat, y.shape[2:]
    chosen, place = channels[place // (high * wide)], place % (high * wide)
    row, column = divmod(place, wide)
    kernel = weight[chosen]
    stride, dilation = _pair(layer, "stride"), _pair(layer, "dilation")
    padding = _padding(layer, kernel.shape[1:], dilation)
    mode = str(getattr(layer, "padding_mode", "zeros"))
    padded = F.pad(x[:1], padding, mode="constant" if mode == "zeros" else mode)[0]
    rows = torch.arange(kernel.shape[1]) * dilation[0] + row * stride[0]
    columns = torch.arange(kernel.shape[2]) * dilation[1] + column * stride[1]
    per_group = kernel.shape[0]
    group = chosen // (weight.shape[0] // int(getattr(layer, "groups", 1)))
    used = list(range(group * per_group, (group + 1) * per_group))
    patch = padded[used][:, rows][:, :, columns]
    inside = torch.zeros(x.shape[2:], dtype=torch.bool)
    real_rows, real_columns = rows - padding[2], columns - padding[0]
    ok_rows = real_rows[(real_rows >= 0) & (real_rows < x.shape[2])]
    ok_columns = real_columns[(real_columns >= 0) & (real_columns < x.shape[3])]
    inside[ok_rows[:, None], ok_columns] = True
    bias = getattr(layer, "bias", None)
    made = OneValue(
        chosen, row, column, patch, kernel, used,
        float(bias[chosen]) if isinstance(bias, torch.Tensor) else 0.0, float(y[0, chosen, row, column]), inside,
    )  # fmt: skip
    worked_out = float((patch.double() * kernel.double()).sum()) + made.bias
    if abs(worked_out - made.result) > 1e-3 * max(1.0, abs(made.result)):
        raise NotShown  # a layer that computes something else under this name
    return made


def _weight(layer: torch.nn.Module) -> torch.Tensor:
    weight = getattr(layer, "weight", None)
    if not isinstance(weight, torch.Tensor):
        raise NotShown
    return weight


def _pair(layer: torch.nn.Module, name: str) -> tuple[int, int]:
    value = getattr(layer, name, 1)
    return (int(value), int(value)) if isinstance(value, int) else (int(value[0]), int(value[-1]))


def _padding(
    layer: torch.nn.Module, kernel: torch.Size, dilation: tuple[int, int]
) -> tuple[int, int, int, int]:
    """Left, right, top, bottom."""
    value = getattr(layer, "padding", 0)
    if value == "same":
        total = [dilation[axis] * (kernel[axis] - 1) for axis in (0, 1)]
        return total[1] // 2, total[1] - total[1] // 2, total[0] // 2, total[0] - total[0] // 2
    if value == "valid":
        return 0, 0, 0, 0
    high, wide = _pair(layer, "padding")
    return wide, wide, high, high


def _input(seen: Seen, x: torch.Tensor, value: OneValue) -> Picture:
    best = _largest_channels(value)[:PATCH_CHANNELS] if x.shape[1] > 1 else [0]
    shown = sorted(value.channels[index] for index in best)
    return picture(
        f"before: {'the input' if x.shape[1] == 1 else f'{len(shown)} of the {x.shape[1]} maps'} of {seen.sample(0)}",
        [tile(f"{c}" if x.shape[1] > 1 else "", x[0, c], spots=value.inside) for c in shown],
        scale=[x[0, shown]],
        mark="the patch behind one value",
        signed=False if x.shape[1] == 1 else None,
    )


def _largest_channels(value: OneValue) -> list[int]:
    """The input maps that contribute most to the value, by magnitude."""
    parts = (value.patch * value.kernel).flatten(1).sum(1).abs()
    return parts.argsort(descending=True, stable=True).tolist()


def _kernels(layer: torch.nn.Module, channels: list[int]) -> Picture:
    weight = readable(_weight(layer))
    if type(layer).__name__.startswith("ConvTranspose"):
        weight = weight.transpose(0, 1)
    tiles: list[Tile] = []
    shown: list[torch.Tensor] = []
    for channel in channels:
        if channel >= len(weight):
            continue
        kernel = weight[channel]
        inner = strongest(kernel.reshape(len(kernel), 1, -1), 1)[0]
        image = as_maps(
            kernel[inner][None, None]
            if kernel.dim() == 3
            else kernel[inner].reshape(1, 1, -1, kernel.shape[-1])
        ).values[0, 0]
        shown.append(image)
        tiles.append(tile(f"{channel}" if len(kernel) == 1 else f"{inner}→{channel}", image))
    of = "" if weight.shape[1] == 1 else ", each with its strongest input map"
    return picture(f"the kernels of these maps{of}", tiles, scale=shown, signed=True)


def _patch(value: OneValue) -> Picture:
    best = _largest_channels(value)[: 1 if len(value.channels) == 1 else 2]
    tiles: list[Tile] = []
    for index in best:
        patch, kernel = value.patch[index], value.kernel[index]
        name = "" if len(value.channels) == 1 else f" {value.channels[index]}"
        for label, image in ((f"patch{name}", patch), ("× kernel", kernel), ("= product", patch * kernel)):
            tiles.append(tile(label, image / image.abs().max().clamp_min(1e-12)))
    return picture(
        f"one value, row {value.row}, column {value.column} of map {value.map}: the patch, the kernel, their products",
        tiles,
        scale=[torch.tensor([-1.0, 1.0])],
        see="each tile on its own scale; orange is positive, blue negative",
        signed=True,
    )


def _arithmetic(value: OneValue) -> Numbers:
    products = value.patch * value.kernel
    rows = [
        Row(
            f"sum of {value.patch[0].numel()} products, map {value.channels[index]}",
            (float(products[index].sum()),),
        )
        for index in _largest_channels(value)[:PATCH_CHANNELS]
    ]
    if len(value.channels) > PATCH_CHANNELS:
        told = _largest_channels(value)[PATCH_CHANNELS:]
        rows.append(Row(f"the other {len(told)} maps", (float(products[told].sum()),)))
    rows += [Row("bias", (value.bias,)), Row("the output's value", (value.result,))]
    return Numbers(
        f"the value at row {value.row}, column {value.column} of map {value.map}", ("",), tuple(rows)
    )
