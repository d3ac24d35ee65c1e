"""Dropout of all kinds: which maps, values or samples are erased, and by what the others are multiplied."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import torch

from nnwhy.facts.picture import Numbers, Picture, Row, Tile
from nnwhy.show.maps import SHOWN, Maps, as_maps, picture, strongest, tile
from nnwhy.show.measures import deviation, mean, neighbour_correlation
from nnwhy.show.registry import NotShown, kind
from nnwhy.show.seen import Seen, Told, first_tensor, readable

MOST_SAMPLES = 6


@dataclass(frozen=True)
class Draw:
    """One draw: the output, what was dropped (bool, same shape), and what the kept values were multiplied by."""

    output: torch.Tensor
    dropped: torch.Tensor
    factor: float


@kind(
    "Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout",
    "DropPath", "StochasticDepth",
)  # fmt: skip
def tell(seen: Seen) -> Told:
    """Some maps before, after each draw in training, and in evaluation."""
    x = seen.x.float()
    draws = [_draw(seen, number) for number in range(seen.draws)]
    evaluation = _output(seen, False, 0)
    unit = _unit(x, draws)
    maps = as_maps(x)
    pictures = _pictures(seen, maps, draws, evaluation, unit)
    return Told(
        _sentence(seen, unit, draws, torch.equal(evaluation, x)),
        pictures,
        (_numbers(x, draws, evaluation, unit), _whole(draws, unit)),
        _traps(seen, x, unit),
    )


def _draw(seen: Seen, number: int) -> Draw:
    output = _output(seen, True, number)
    ones = _on_ones(seen, number)
    if ones is None or ones.shape != output.shape:
        raise NotShown
    # Alpha dropout sets dropped values to a negative number, the others to 0.
    dropped = ones <= 0
    kept = ones[~dropped]
    return Draw(output, dropped, float(kept[0]) if kept.numel() else 1.0)


def _output(seen: Seen, training: bool, number: int) -> torch.Tensor:
    found = first_tensor(seen.run(training, number))
    assert found is not None
    return readable(found).float()


def _on_ones(seen: Seen, number: int) -> torch.Tensor | None:
    """The same draw on ones: there a 0 can only have been dropped, while the real input has zeros of its own."""
    if not seen.args or not isinstance(seen.args[0], torch.Tensor):
        return None
    found = first_tensor(seen.run(True, number, torch.ones_like(seen.args[0])))
    return readable(found).float() if found is not None else None


def _unit(x: torch.Tensor, draws: list[Draw]) -> str:
    """What is dropped as one: "sample", "map", "value"; measured on the draws, not read from the name."""
    masks = [draw.dropped for draw in draws]
    if x.dim() >= 2 and x.shape[1] > 1 and all(_constant(mask, 1) for mask in masks):
        return "sample"
    if x.dim() >= 3 and x[0, 0].numel() > 1 and all(_constant(mask, 2) for mask in masks):
        return "map"
    return "value"


def _constant(mask: torch.Tensor, axes: int) -> bool:
    flat = mask.flatten(axes)
    return bool((flat.all(-1) | ~flat.any(-1)).all())


def _pictures(
    seen: Seen, maps: Maps, draws: list[Draw], evaluation: torch.Tensor, unit: str
) -> tuple[Picture, ...]:
    masks = [as_maps(draw.dropped).values for draw in draws]
    outputs = [as_maps(draw.output).values for draw in draws]
    rows = _rows(maps, masks, unit)
    scale = [maps.values[sample, channel] for sample, channel in rows]
    high = [image[sample, channel] for image in outputs for sample, channel in rows]
    label = _labels(seen, maps, unit)

    def tiles(values: torch.Tensor, mask: torch.Tensor | None, factor: float) -> list[Tile]:
        made: list[Tile] = []
        for sample, channel in rows:
            gone = mask[sample, channel] if mask is not None else None
            whole = gone is not None and bool(gone.all()) and unit != "value"
            spots = gone if gone is not None and not whole else None
            note = "" if gone is None or whole or unit == "value" else f"×{factor:.3g}"
            made.append(
                tile(label(sample, channel), values[sample, channel], marked=whole, spots=spots, note=note)
            )
        return made

    before = picture(f"before: {_which(seen, maps, rows, unit)}", tiles(maps.values, None, 1.0), scale=scale)
    made = [before]
    for number, (draw, mask, values) in enumerate(zip(draws, masks, outputs, strict=True), 1):
        made.append(
            picture(f"training, draw {number}", tiles(values, mask, draw.factor), scale=[*scale, *high])
        )
    same = torch.equal(evaluation, seen.x.float())
    after = as_maps(evaluation).values
    title = "evaluation: unchanged" if same else "evaluation: changed"
    made.append(picture(title, tiles(after, None, 1.0), scale=[after[s, c] for s, c in rows]))
    return tuple(made)


def _rows(maps: Maps, masks: list[torch.Tensor], unit: str) -> list[tuple[int, int]]:
    """Which (sample, map) are shown: the strongest of the first sample, some of them dropped; else samples."""
    if unit == "sample" or maps.noun == "vector" or maps.values.shape[1] == 1:
        return [(sample, 0) for sample in range(min(len(maps.values), MOST_SAMPLES))]
    first = maps.values[0]
    chosen = strongest(first)
    if unit == "map":
        order = strongest(first, len(first))
        # So that each of the first draws has something to see; the strongest two always stay.
        for last, mask in enumerate(masks[: SHOWN - 2], 1):
            gone = [channel for channel in order if bool(mask[0, channel].all())]
            if gone and last < len(chosen) - 1 and not set(gone) & set(chosen):
                chosen[-last] = gone[0]
    return [(0, channel) for channel in sorted(chosen)]


def _labels(seen: Seen, maps: Maps, unit: str) -> Callable[[int, int], str]:
    if unit == "sample" or maps.noun == "vector" or maps.values.shape[1] == 1:
        return lambda sample, channel: seen.sample(sample)
    return lambda sample, channel: f"{channel}"


def _which(seen: Seen, maps: Maps, rows: list[tuple[int, int]], unit: str) -> str:
    note = f" ({maps.note})" if maps.note else ""
    if unit == "sample" or maps.noun == "vector" or maps.values.shape[1] == 1:
        return f"{len(rows)} of the {len(maps.values)} samples{note}"
    return f"{min(SHOWN, len(rows))} of the {maps.values.shape[1]} maps of {seen.sample(0)}{note}"


def _sentence(seen: Seen, unit: str, draws: list[Draw], unchanged: bool) -> str:
    factor = draws[0].factor
    p = float(getattr(seen.layer, "p", None) or getattr(seen.layer, "drop_prob", None) or 0.0)
    if not any(bool(draw.dropped.any()) for draw in draws):
        return f"Nothing was dropped in {len(draws)} draws: p = {p:g}."
    if all(bool(draw.dropped.all()) for draw in draws):
        return f"Everything was dropped in {len(draws)} draws: p = {p:g}."
    times = f"×{factor:.3g} = 1 / (1 − {p:g})" if abs(factor * (1 - p) - 1) < 1e-3 else f"×{factor:.3g}"
    what = {
        "map": "In training a map is black as a whole or kept as a whole",
        "value": "In training single values are dropped (marked) wherever they stand",
        "sample": "In training whole samples are erased",
    }[unit]
    if "Alpha" in seen.type:
        keep = "what is dropped gets a negative constant, and all is scaled and shifted so that mean and deviation stay"
    else:
        keep = f"what is kept is multiplied, {times}, so that the mean stays"
    end = "in evaluation nothing changes" if unchanged else "in evaluation it still changes the data"
    return f"{what}, each draw others; {keep}; {end}."


def _numbers(x: torch.Tensor, draws: list[Draw], evaluation: torch.Tensor, unit: str) -> Numbers:
    columns = ("before", *(f"draw {number}" for number in range(1, len(draws) + 1)), "evaluation")
    rows = [
        Row("mean", (mean(x), *(mean(draw.output) for draw in draws), mean(evaluation))),
        Row(
            "standard deviation", (deviation(x), *(deviation(d.output) for d in draws), deviation(evaluation))
        ),
    ]
    if x.dim() >= 4:
        rows.append(
            Row(
                "neighbours' correlation",
                (
                    neighbour_correlation(x),
                    *(neighbour_correlation(draw.output) for draw in draws),
                    neighbour_correlation(evaluation),
                ),
            )
        )
        if unit == "map":
            kept = [~draw.dropped.flatten(2).all(-1) for draw in draws]
            rows += [
                Row("  of the kept maps, before", (None, *(neighbour_correlation(x[k]) for k in kept), None)),
                Row(
                    "  of the kept maps, after",
                    (
                        None,
                        *(neighbour_correlation(d.output[k]) for d, k in zip(draws, kept, strict=True)),
                        None,
                    ),
                ),
            ]
        rows.append(
            Row("dropped along with a neighbour", (None, *(_together(d.dropped) for d in draws), None))
        )
    return Numbers("", columns, tuple(rows))


def _together(dropped: torch.Tensor) -> str | None:
    """How often the pixel to the right of, or below, a dropped one is dropped too."""
    pairs = [(dropped[..., :, :-1], dropped[..., :, 1:]), (dropped[..., :-1, :], dropped[..., 1:, :])]
    first = sum(int(a.sum()) for a, _ in pairs)
    both = sum(int((a & b).sum()) for a, b in pairs)
    return f"{both / first:.1%}" if first else None


def _whole(draws: list[Draw], unit: str) -> Numbers:
    """Kept and dropped, counted in what is dropped as one."""
    axes = {"sample": 1, "map": 2, "value": None}[unit]
    dropped: list[int] = []
    total = 0
    for draw in draws:
        mask = draw.dropped.flatten(axes)[..., 0] if axes is not None else draw.dropped
        dropped.append(int(mask.sum()))
        total = mask.numel()
    return Numbers(
        f"{unit}s kept and dropped, of {total:,}",
        tuple(f"draw {number}" for number in range(1, len(draws) + 1)),
        (
            Row("kept", tuple(total - count for count in dropped)),
            Row("dropped", tuple(dropped)),
            Row("share dropped", tuple(f"{count / total:.1%}" for count in dropped)),
            Row("factor of the kept", tuple(f"×{draw.factor:.4g}" for draw in draws)),
        ),
    )


def _traps(seen: Seen, x: torch.Tensor, unit: str) -> tuple[str, ...]:
    """Where a channel dropout did not drop channels, for the shape that it was given."""
    found = re.fullmatch(r"Dropout([123])d", seen.type)
    if found is None or unit == "map":
        return ()
    sizes = "×".join(map(str, x.shape))
    channels = int(found[1]) + 2
    if unit == "sample":
        return (
            f"{seen.type} was given {x.dim()} axes ({sizes}) and takes the first for channels: it erases whole samples. "
            f"It is made for {channels} axes.",
        )
    return (
        f"{seen.type} was given {x.dim()} axes ({sizes}), which have no maps: it drops single values, as nn.Dropout does.",
    )
