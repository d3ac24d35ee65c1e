"""Recurrent layers: the state over time."""

from __future__ import annotations

from typing import Any

from nnwhy.facts.picture import Bar, Bars, Row
from nnwhy.show.maps import picture, spread, tile
from nnwhy.show.measures import before_and_after, words
from nnwhy.show.registry import NotShown, kind
from nnwhy.show.seen import Seen, Told

_UNITS = 24
_STEPS = 12


@kind("RNN", "LSTM", "GRU")
def tell(seen: Seen) -> Told:
    """Units down, time to the right; how much the state changes from step to step."""
    layer: Any = seen.layer
    packed = type(seen.output[0]).__name__ == "PackedSequence" if isinstance(seen.output, tuple) else True
    if packed or seen.y.dim() not in (2, 3):
        raise NotShown
    states, inputs = seen.y, seen.x
    if states.dim() == 2:
        states, inputs = states[None], inputs[None]
    elif not layer.batch_first:
        states, inputs = states.transpose(0, 1), inputs.transpose(0, 1)
    first = states[0]
    steps = first.shape[0]
    moving = first.std(0, correction=0) if steps > 1 else first.abs().mean(0)
    units = sorted(moving.argsort(descending=True, stable=True)[:_UNITS].tolist())
    change = (states[:, 1:] - states[:, :-1]).norm(dim=-1).mean(0)
    shown = spread(steps - 1, _STEPS) if steps > 1 else []
    lengths = states.norm(dim=-1).mean(0)
    saturated = float((states.abs() > 0.95).double().mean())
    rows = [
        Row("length of the state, first step", (None, float(lengths[0]))),
        Row("length of the state, last step", (None, float(lengths[-1]))),
        Row("values beyond ±0.95", (None, f"{saturated:.1%}")),
    ]
    pictures: list[Any] = [
        picture(f"the input of {seen.sample(0)}: values down, time to the right", [tile("", inputs[0].T)], scale=[inputs[0]]),
        picture(
            f"the state: {len(units)} of {first.shape[1]} units down (those that move most), time to the right",
            [tile("", first[:, units].T)],
            scale=[first[:, units]],
            signed=True,
        ),
    ]  # fmt: skip
    see = f"Read each row from left to right: a unit that holds its colour remembers, one that flickers follows the input; {steps} steps."
    if shown:
        pictures.append(
            Bars(
                "how far the state moves at each step, mean over the batch",
                tuple(Bar(_step(seen, index + 1), float(change[index])) for index in shown),
            )
        )
        last, start = float(change[-1]), float(change[0])
        see += f" The state moves by {words(start)} at step 1 and by {words(last)} at the last."
    return Told(see, tuple(pictures), (before_and_after(seen.x, seen.y, *rows),))


def _step(seen: Seen, index: int) -> str:
    return f"{index} {seen.tokens[index]}" if index < len(seen.tokens) else f"step {index}"
