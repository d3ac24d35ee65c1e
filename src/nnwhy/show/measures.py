"""Numbers about a tensor: mean, standard deviation, how much neighbours agree."""

from __future__ import annotations

import math

import torch

from nnwhy.facts.picture import Histogram, Numbers, Row, Series

BINS = 32


def words(value: float) -> str:
    """Three digits, with a true minus sign."""
    return f"{value:.3g}".replace("-", "−")


def mean(tensor: torch.Tensor) -> float:
    """The mean over all values; NaN for an empty tensor."""
    return float(tensor.double().mean())


def deviation(tensor: torch.Tensor) -> float:
    """The standard deviation over all values (divided by n, not n − 1)."""
    return float(tensor.double().std(correction=0)) if tensor.numel() else math.nan


def zero_share(tensor: torch.Tensor) -> float:
    """The share of values that are exactly 0."""
    return float((tensor == 0).double().mean())


def neighbour_correlation(maps: torch.Tensor) -> float | None:
    """How alike neighbouring pixels are: Pearson's correlation of each value with the one to its right and the one below.

    maps: (..., H, W); each map's own mean is taken off first, so that bright and dark maps do not count as agreement.
    None where there are no neighbours or nothing varies.
    """
    maps = maps.double()
    if maps.dim() < 2 or maps.numel() == 0:
        return None
    maps = maps - maps.mean((-2, -1), keepdim=True)
    left = torch.cat([maps[..., :, :-1].flatten(), maps[..., :-1, :].flatten()])
    right = torch.cat([maps[..., :, 1:].flatten(), maps[..., 1:, :].flatten()])
    left, right = (
        left - left.mean() if left.numel() else left,
        right - right.mean() if right.numel() else right,
    )
    scale = float(left.norm() * right.norm())
    return float((left * right).sum()) / scale if scale > 1e-12 else None


def before_and_after(x: torch.Tensor, y: torch.Tensor, *rows: Row) -> Numbers:
    """The table that every layer gets: mean, deviation and range before and after, then `rows`."""
    return Numbers(
        "",
        ("before", "after"),
        (
            Row("mean", (mean(x), mean(y))),
            Row("standard deviation", (deviation(x), deviation(y))),
            Row("smallest", (float(x.min()), float(y.min()))),
            Row("largest", (float(x.max()), float(y.max()))),
            *(row for row in rows if any(value is not None for value in row.values)),
        ),
    )


def histogram(title: str, series: list[tuple[str, torch.Tensor]], see: str = "") -> Histogram:
    """Distributions on one axis, which spans all but the rarest values of each (0.1 % at either end)."""
    finite = [values.double().flatten() for _, values in series]
    finite = [values[values.isfinite()] for values in finite]
    spans = [_span(values) for values in finite if values.numel()] or [(0.0, 1.0)]
    low, high = min(low for low, _ in spans), max(high for _, high in spans)
    low, high = (low, high) if high > low else (low - 0.5, high + 0.5)
    counted = [
        Series(label, tuple(int(n) for n in _counts(values, low, high)))
        for (label, _), values in zip(series, finite, strict=True)
    ]
    return Histogram(title, low, high, tuple(counted), see)


def _span(values: torch.Tensor) -> tuple[float, float]:
    ordered = values.sort().values
    rare = int(ordered.numel() * 0.001)
    return float(ordered[rare]), float(ordered[ordered.numel() - 1 - rare])


def _counts(values: torch.Tensor, low: float, high: float) -> torch.Tensor:
    bins = ((values - low) / (high - low) * BINS).floor().clamp(0, BINS - 1).long()
    return torch.bincount(bins, minlength=BINS)
