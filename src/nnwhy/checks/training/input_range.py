"""Pictures go into the network with values from 0 to 255, or divided by 255 twice.

## What it finds
Pictures (three or four axes, or flattened ones) whose values are whole numbers up to 255 when the network gets them, and pictures
whose largest value is below 1/200. A network whose first call divides, subtracts or normalises is left alone.

## Why it matters
Weights are initialised for inputs around 1. With 255 the first outputs, and so the first gradients, are hundreds of times
too large; training is unstable or stands still. With values below 1/200 the network sees nearly the same picture every time.

## Example
    images = torch.from_numpy(array).float()     # 0 … 255
    scores = net(images)

## Use instead
    images = torch.from_numpy(array).float() / 255

`torchvision.transforms.ToTensor()` divides by 255 where it is given a picture or a uint8 array, and only there.

## When it is fine
Where a pretrained network was trained on such values (some Caffe models).

## References
- https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.ToTensor.html
"""

from __future__ import annotations

from collections.abc import Iterator

from nnwhy.checks.training.basis.registry import training_check
from nnwhy.checks.training.basis.watched import Watched, advice
from nnwhy.facts.finding import Finding
from nnwhy.facts.session import Forward, Values

_LAYERS = {"conv1d", "conv2d", "conv3d", "linear"}


@training_check(
    name="input-range",
    severity="warning",
    summary="Pictures are not scaled, or scaled twice, before they go into the network.",
    title="{network} gets values from {low} to {high}",
)
def input_range(watched: Watched) -> Iterator[Finding]:
    for one in watched.trainings:
        pictures = one.inputs[0] if one.inputs else None
        if pictures is None or pictures.maximum is None or pictures.minimum is None or not _plain_start(one):
            continue
        values = {
            "network": watched.name(one.network),
            "low": _short(pictures.minimum),
            "high": _short(pictures.maximum),
        }
        argument = _argument(watched, one)
        if _unscaled(pictures):
            yield Finding(
                "input-range", "warning", one.place, values,
                expected="about -1 to 1", actual=f"{values['low']} to {values['high']}",
                because=(f"The input {pictures.shape} has a mean of {_short(pictures.mean or 0)}; weights are initialised for inputs around 1.",),
                fixes=(advice(f"{argument} / 255", _divided(watched, one)),),
            )  # fmt: skip
            return
        if _nearly_constant(pictures):
            yield Finding(
                "input-range", "warning", one.scaled or one.place, values,
                because=("All values of the batch lie within about 1 / 255 of each other: the pictures were scaled twice before they were normalised.",),
                fixes=(advice("divide by 255 once"),),
                also=(one.place,) if one.scaled and one.place else (),
            )  # fmt: skip
            return
        if 0 < pictures.maximum <= 1 / 200 and pictures.minimum >= 0 and len(pictures.shape) == 4:
            yield Finding(
                "input-range", "warning", one.scaled or one.place, values,
                because=(f"{_short(pictures.maximum)} is about 1 / 255: the pictures were divided by 255 twice (ToTensor does it once).",),
                fixes=(advice("divide by 255 once"),),
                also=(one.place,) if one.scaled and one.place else (),
            )  # fmt: skip
            return


def _nearly_constant(values: Values) -> bool:
    low, high = values.minimum or 0.0, values.maximum or 0.0
    spread = high - low
    return (
        len(values.shape) == 4
        and values.shape[1] in (1, 3)
        and 0 < spread <= 1 / 50
        and abs(low + high) > 20 * spread
    )


def _unscaled(values: Values) -> bool:
    low, high = values.minimum or 0.0, values.maximum or 0.0
    picture = (
        (len(values.shape) == 4 and values.shape[1] in (1, 3, 4))
        or len(values.shape) == 3
        or (len(values.shape) == 2 and values.shape[1] >= 64 and values.whole)
    )
    return picture and values.dtype.startswith(("float", "bfloat", "uint8")) and low >= 0 and 60 < high <= 255


def _plain_start(one: Forward) -> bool:
    """Whether the network's first layer gets the values as they are."""
    return bool(one.readers) and all(name in _LAYERS for name in one.readers)


def _argument(watched: Watched, one: Forward) -> str:
    call = watched.call(one.place)
    return call.arguments[0].text if call and call.arguments else "images"


def _divided(watched: Watched, one: Forward):  # type: ignore[no-untyped-def]
    call = watched.call(one.place)
    if call is None or not call.arguments:
        return ()
    first = call.arguments[0]
    return watched.instead(first.place, f"{first.text} / 255")


def _short(number: float) -> str:
    return f"{number:.4g}"
